"""A list agrees with itself: in parts it has what it has as a whole, and it counts what it has.

Broken by a filter that leaves out what it should find, a page that skips an item or begins at the wrong one, a total
that counts the page, or one that does not heed the filter. What is compared was asked for with nothing written between;
that a list is empty in which something was made is a warning. Nobody can tell where a page has no room for more, where
two items are alike, where a total is estimated, or by its order where a list has another one each time.

Example: `GET /notes` has the notes 1, 2 and 3, and `GET /notes?limit=1&offset=1` has note 3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accord import filters, histories, lists
from accord.checks import Broken, Check, Outcome, broken_property, nothing_more
from accord.contract import MediaType, Operation
from accord.document import Json, join
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim, Severity
from accord.histories import known, like
from accord.messages.answers import media_type, shown

_COUNTED = ("X-Total-Count", "X-Total", "Total-Count")
"""Headers that say how many items there are."""

_BEGUN = {"offset": 0, "page": 1}
"""What the first item is asked for with, in pages of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What was asked of a list, and what it answered: its items by what each is known by.

    `total` is how many items there are by the answer, behind the pointer of the property or the name of the header.
    """

    given: dict[str, Json]
    items: list[Json]
    keys: list[Json]
    total: tuple[str, int] | None


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    here = histories.place(exchange.request)
    asked = exchange.request.method == "GET" and histories.succeeded(exchange)
    return asked and any(histories.place(other.request) == here for other in earlier)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium = media_type(operation, exchange)
    asked, part = lists.meaning(operation, medium), _answer(operation, exchange)
    if asked is None or part is None or operation.path.rstrip("/").endswith("}"):
        return
    here = histories.place(exchange.request)
    if not part.items and not part.given:
        yield from _nothing(asked, medium, here, earlier)
    whole = _whole(operation, here, earlier, part)
    if whole is None:
        return
    more = {name: value for name, value in part.given.items() if name not in whole.given}
    yield from _lacking(asked, medium, whole, part, more)
    yield from _skipping(operation, asked, medium, whole, part, (more, earlier))
    yield from _counting(asked, medium, whole, part, more)


def _answer(operation: Operation, exchange: Exchange) -> _Answer | None:
    items = lists.items_of(operation, exchange)
    if items is None:
        return None
    keys = [_key(item) for item in items]
    distinct = all(key not in keys[:at] for at, key in enumerate(keys))
    given = lists.given(operation, exchange.request.url)
    total = _total(operation, exchange)
    return _Answer(given=given, items=items, keys=keys, total=total) if distinct else None


def _key(item: Json) -> Json:
    own = histories.identity(item)
    return item if own is ABSENT else own


def _total(operation: Operation, exchange: Exchange) -> tuple[str, int] | None:
    """Where the answer says how many items there are, and how many; None where it does not say."""
    told = lists.total_in(media_type(operation, exchange), histories.value(exchange))
    if told is not None:
        return told
    for name in _COUNTED:
        text = header(exchange.response.headers, name) if exchange.response is not None else None
        if text is not None and re.fullmatch("[0-9]{1,12}", text):
            return name, int(text)
    return None


def _nothing(
    asked: lists.Meaning, medium: MediaType | None, here: str, earlier: tuple[Exchange, ...]
) -> Iterator[Outcome]:
    """A list that is empty though something was made in it."""
    made = [item for item in earlier if item.request.method == "POST" and histories.place(item.request) == here]
    gone = any(item.request.method == "DELETE" for item in earlier)
    told = [item for item in made if item.response is not None and item.response.status == 201]  # noqa: PLR2004  Created
    if told and not gone:
        claim = Claim(kind="body-valid", pointer=asked.there.pointer, value={"minItems": 1})
        yield broken_property(
            f"The list is empty, and {histories.named(told[-1])} made something in it",
            "a list has what was made in it",
            medium,
            claim,
            Severity.WARNING,
        )


def _whole(operation: Operation, here: str, earlier: tuple[Exchange, ...], part: _Answer) -> _Answer | None:
    """The longest answer to a request that asked for less of what `part` was asked for, nothing written since."""
    found: list[_Answer] = []
    for other in reversed(earlier):
        if other.request.method not in histories.SAFE:
            break
        if histories.place(other.request) != here or (other.case is not None and not other.case.valid):
            continue
        answer = _answer(operation, other)
        if answer is not None and _asks_less(answer.given, part.given):
            found.append(answer)
    return max(found, key=lambda answer: len(answer.items), default=None)


def _asks_less(given: dict[str, Json], more: dict[str, Json]) -> bool:
    return len(given) < len(more) and all(name in more and more[name] == value for name, value in given.items())


def _lacking(
    asked: lists.Meaning, medium: MediaType | None, whole: _Answer, part: _Answer, more: dict[str, Json]
) -> Iterator[Broken]:
    """What has the value of the only filter, and was left out though the page has room for it."""
    wanted = [item for item in asked.filters if item.certain and filters.wanted(item, more) is not ABSENT]
    if len(wanted) != 1 or len(more) != 1 or len(part.items) >= len(whole.items):
        return
    name, value = wanted[0].name, filters.wanted(wanted[0], more)
    if not filters.means_itself(wanted[0], value):
        return
    for item, key in zip(whole.items, whole.keys, strict=True):
        got = item.get(name) if isinstance(item, dict) else None
        if isinstance(got, str | int) and not filters.differs(value, got) and key not in part.keys:
            claim = Claim(
                kind="body-valid",
                pointer=asked.there.pointer,
                value={"contains": like(known(item))},
            )
            yield broken_property(
                f"The list lacks {shown(known(item))}, whose `{name}` is {shown(got)} as was asked for",
                "a list that is asked for a value has every item that has it",
                medium,
                claim,
            )
            return


def _skipping(
    operation: Operation,
    asked: lists.Meaning,
    medium: MediaType | None,
    whole: _Answer,
    part: _Answer,
    around: tuple[dict[str, Json], tuple[Exchange, ...]],
) -> Iterator[Broken]:
    """A page whose first item, of one or behind an offset, is not the one that comes there in the whole list."""
    more, earlier = around
    used = [name for name in more if name in asked.skips]
    bounds = [name for name in part.given if name in asked.limits]
    if len(used) != 1 or len(bounds) != 1 or set(more) - {used[0], bounds[0]}:
        return
    if part.given[bounds[0]] != 1 and (asked.skips[used[0]] != "offset" or not part.items):
        return
    kind, value = asked.skips[used[0]], more[used[0]]
    if kind == "cursor":
        named = [item for item in earlier if lists.cursor_in(histories.value(item)) == value]
        at = 1 if named and used[0] not in lists.given(operation, named[0].request.url) else -1
    else:
        at = value - _BEGUN[kind] if isinstance(value, int) else -1
    if not 0 <= at < len(whole.items) or part.keys[:1] in (whole.keys[at : at + 1], whole.keys[:1]):
        return  # of the first page for another one `list-page` tells
    if not _is_steady(operation, whole, earlier):
        return
    for other in earlier:  # that the order is another one each time is told by another check
        answer = _answer(operation, other)
        given = {} if answer is None else answer.given
        if answer is not None and (
            (given == part.given and answer.keys != part.keys)
            or (given == {**whole.given, bounds[0]: 1} and answer.keys[:1] != whole.keys[:1])
        ):
            return
    there, right = shown(known(part.items[0])) if part.items else "nothing", known(whole.items[at])
    yield broken_property(
        f"The page at `{used[0]}={value}` has {there}, and the whole list has {shown(right)} there",
        "pages have what the whole list has, in its order",
        medium,
        Claim(kind="body-valid", pointer=asked.there.pointer, value={"contains": like(right)}),
    )


def _is_steady(operation: Operation, whole: _Answer, earlier: tuple[Exchange, ...]) -> bool:
    """Whether the whole list, asked for `lists.ASKED` times, always had one order."""
    since: list[_Answer] = []
    for other in reversed(earlier):
        if other.request.method not in histories.SAFE:
            break
        answer = _answer(operation, other)
        if answer is not None and answer.given == whole.given:
            since.append(answer)
    return len(since) >= lists.ASKED and all(answer.keys == whole.keys for answer in since)


def _counting(
    asked: lists.Meaning, medium: MediaType | None, whole: _Answer, part: _Answer, more: dict[str, Json]
) -> Iterator[Broken]:
    """A total that depends on the page, or is not that of the items where all of them are there."""
    if part.total is None or whole.total is None:
        return
    (where, said), (_, before) = part.total, whole.total
    paging = asked.limits | asked.skips.keys()
    bound = next((part.given[name] for name in part.given if name in asked.limits), len(part.items) + 1)
    if more and set(more) <= paging:
        if said != before:
            yield _told(medium, where, f"says that there are {said} items, and of another page {before}", before)
    elif (
        paging.isdisjoint(more)
        and asked.skips.keys().isdisjoint(part.given)
        and len(part.items) < min(len(whole.items), bound if isinstance(bound, int) else 0)
        and said != len(part.items)
    ):
        yield _told(medium, where, f"has {len(part.items)} items, and says that there are {said}", len(part.items))


def _told(medium: MediaType | None, where: str, message: str, right: int) -> Broken:
    promise = "a list says how many items there are"
    if where.startswith("/"):
        claim = Claim(kind="body-valid", pointer=where, value={"const": right})
        return broken_property(f"The list {message}", promise, medium, claim)
    told = {"schema": {"type": "integer", "const": right}, "json": False}
    claim = Claim(kind="header-valid", pointer=where, value=told)
    return Broken(message=f"The list {message}", promise=promise, pointer=join("/headers", where), claim=claim)


CHECK = Check(severity=Severity.ERROR, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
