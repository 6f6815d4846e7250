"""The next page that an answer names is another page of the same list.

Broken by a link to the next page that leads to the page which has it, or forgets a filter that was asked for, and by a
last page that names a next one, by what it counts or since that begins again: whoever follows reads for ever; and by
one that names none while there is more. A link is told by its `page` or `offset` alone, since a cursor may hold
everything else; a page that repeats, where the list before it was read twice in the same order, with nothing written
since.

Example: `GET /items?page=2&color=red` is answered with `Link: </items?page=3>; rel="next"`.
"""

import re
from collections.abc import Hashable, Iterator
from urllib.parse import parse_qsl

from accord import histories, lists
from accord.checks import EVERYTHING, Broken, Check, Outcome, broken_property
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text

_NEXT = re.compile(r"<([^<>]*)>\s*;[^<]*\brel=\"?next\b")
_TWICE = 2


def _concerns(exchange: Exchange) -> bool:
    return exchange.request.method == "GET" and histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    asked = lists.meaning(operation, media_type(operation, exchange))
    if asked is None or (exchange.case is not None and not exchange.case.valid):
        return
    given = lists.given(operation, exchange.request.url)
    yield from _linked(exchange, asked, given)
    yield from _beyond(operation, exchange, asked, given)
    yield from _broken_off(operation, exchange, asked, given, earlier)
    used = [name for name in given if asked.skips.get(name) == "cursor"]
    if len(used) == 1:
        yield from _repeated(operation, exchange, asked, earlier, used[0])


def _linked(exchange: Exchange, asked: lists.Meaning, given: dict[str, Json]) -> Iterator[Broken]:
    """What is wrong with the link to the next page."""
    text = header(exchange.response.headers, "Link") if exchange.response is not None else None
    found = _NEXT.search(text or "")
    query = dict(parse_qsl(found[1].partition("?")[2], keep_blank_values=True)) if found is not None else {}
    skip = next((name for name, kind in asked.skips.items() if kind != "cursor" and name in query), "")
    if found is None or not skip:
        return
    message = ""
    if skip in given and query[skip] == to_text(given[skip]):
        message = f"is the page at `{skip}={query[skip]}`, as this one"
    names = {name.partition("[")[0] for name in query}
    lost = [item for item in asked.filters if (item.inside or item.name) in given]
    lacking = next((item.inside or item.name for item in lost if (item.inside or item.name) not in names), "")
    if lacking:
        message = f"lacks `{lacking}`, which was asked for"
    if message:
        yield Broken(
            message=f"The next page that `Link` names {message}: {shown(found[1])}",
            promise="the next page is another one of the same list",
            pointer=join("/headers", "Link"),
            claim=Claim(kind="header-form", pointer="Link", value=rf"(?!.*{re.escape(found[0])}).*"),
        )


def _beyond(operation: Operation, exchange: Exchange, asked: lists.Meaning, given: dict[str, Json]) -> Iterator[Broken]:
    """A next page though the items of this one, counted from the first, are all that the answer says there are."""
    value, items = histories.value(exchange), lists.items_of(operation, exchange)
    total = lists.total_in(media_type(operation, exchange), value)
    named = [name for name, part in value.items() if lists.is_next(name) and part] if isinstance(value, dict) else []
    offset = next((given.get(name, 0) for name, kind in asked.skips.items() if kind == "offset"), None)
    if not items or total is None or not named or type(offset) is not int:
        return
    if offset + len(items) == total[1]:
        yield broken_property(
            f"The page has the last of {total[1]} items, and `{named[0]}` names a next one: {shown(value[named[0]])}",
            "the last page names no next one",
            media_type(operation, exchange),
            Claim(kind="body-valid", pointer=join("", named[0]), value={"type": "null"}),
        )


def _broken_off(
    operation: Operation,
    exchange: Exchange,
    asked: lists.Meaning,
    given: dict[str, Json],
    earlier: tuple[Exchange, ...],
) -> Iterator[Broken]:
    """No next page though the list, asked for without a bound and with nothing written since, has more items."""
    value, items = histories.value(exchange), lists.items_of(operation, exchange)
    bounds = [name for name in given if name in asked.limits]
    ends = [name for name, part in value.items() if lists.is_next(name) and not part] if isinstance(value, dict) else []
    if not items or not ends or len(bounds) != 1 or given[bounds[0]] != len(items) or asked.skips.keys() & given.keys():
        return
    here = histories.place(exchange.request)
    plain = {name: part for name, part in given.items() if name != bounds[0]}
    for other in earlier[histories.last_write(earlier) + 1 :]:
        whole = lists.items_of(operation, other) if histories.place(other.request) == here else None
        if whole is not None and len(whole) > len(items) and lists.given(operation, other.request.url) == plain:
            yield broken_property(
                f"The page with {len(items)} of at least {len(whole)} items names no next one",
                f"`{ends[0]}` leads to the rest of the list",
                media_type(operation, exchange),
                Claim(kind="body-valid", pointer=join("", ends[0]), value={"not": {"type": "null"}}),
                Severity.WARNING,
            )
            return


def _repeated(
    operation: Operation, exchange: Exchange, asked: lists.Meaning, earlier: tuple[Exchange, ...], name: str
) -> Iterator[Broken]:
    """An item of the page at a cursor that the page which named the cursor has as well."""
    given = lists.given(operation, exchange.request.url)
    since = earlier[histories.last_write(earlier) + 1 :]
    before = [item for item in since if histories.place(item.request) == histories.place(exchange.request)]
    plain = {key: value for key, value in given.items() if key != name}
    naming = [
        item
        for item in before
        if lists.given(operation, item.request.url) == plain and lists.cursor_in(histories.value(item)) == given[name]
    ]
    seen, now = [_ids(operation, item) for item in naming], _ids(operation, exchange)
    if len(seen) < _TWICE or any(ids != seen[0] for ids in seen) or not now:
        return
    again = next((value for value in now if value in seen[0]), ABSENT)
    if again is not ABSENT:
        name = _key(operation, exchange)
        like = {"properties": {name: {"const": again}}, "required": [name]}
        yield broken_property(
            f"The page that an answer names as the next one has {shown(again)}, which that answer has already",
            "the next page is another one of the same list",
            media_type(operation, exchange),
            Claim(kind="body-valid", pointer=asked.there.pointer, value={"not": {"contains": like}}),
        )


def _key(operation: Operation, exchange: Exchange) -> str:
    """The property that tells the items of a list apart; empty where none does."""
    items = lists.items_of(operation, exchange) or []
    for name in histories.IDENTITIES:
        found = [item[name] for item in items if isinstance(item, dict) and isinstance(item.get(name), str | int)]
        if items and len(set(found)) == len(items):
            return name
    return ""


def _ids(operation: Operation, exchange: Exchange) -> list[Json]:
    """What tells the items of a list apart; nothing where nothing does."""
    name = _key(operation, exchange)
    return [item[name] for item in lists.items_of(operation, exchange) or []] if name else []


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    text = header(exchange.response.headers, "Link") if exchange.response is not None else None
    asked = lists.meaning(operation, media_type(operation, exchange))
    counted = asked is not None and "offset" in asked.skips.values() and any(map(lists.is_next, asked.there.beside))
    return EVERYTHING if counted or _NEXT.search(text or "") else None


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=_concerns, reads_body=True, told_by=_told_by)
