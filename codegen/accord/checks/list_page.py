"""Another page of a list has other items.

Broken by a service that ignores `offset`, `page` or a cursor: whoever reads a list to its end reads the first page for
ever. Told is only what cannot be otherwise: the page was asked for before and after the first one with nothing written
between, all three have the same things by their ids, and an answer has shown that there are more.

Example: `GET /items?limit=1&offset=1` is answered with the item that `GET /items?limit=1` has.
"""

from collections.abc import Iterator

from accord import histories, lists
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type
from accord.messages.encoding import to_text

_FIRST = {"offset": (0, 1), "page": (1, 2)}
"""What the first page is asked for with, and what is surely another one."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    asked = exchange.request.method == "GET" and "?" in exchange.request.url and histories.succeeded(exchange)
    return asked and bool(histories.alike(exchange, earlier)) and histories.undisturbed(exchange, earlier)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium = media_type(operation, exchange)
    asked, page = lists.meaning(operation, medium), _ids(operation, exchange)
    if asked is None or page is None:
        return
    given = lists.given(operation, exchange.request.url)
    used = [name for name in given if name in asked.skips]
    if len(used) != 1 or any(_ids(operation, item) != page for item in histories.alike(exchange, earlier)):
        return
    name, kind = used[0], asked.skips[used[0]]
    here = [item for item in earlier if histories.place(item.request) == histories.place(exchange.request)]
    plain = {key: value for key, value in given.items() if key != name}
    between = here[here.index(histories.alike(exchange, earlier)[0]) :]
    first = [_ids(operation, item) for item in between if _is_first(operation, item, plain, {name: kind})]
    if not first or any(other != page for other in first):
        return
    told = kind == "cursor" and _is_told(given[name], earlier)
    if told or _is_inside(operation, asked, here, plain, (given[name], kind, *page)):
        yield broken_property(
            f"The page at `{name}={to_text(given[name])}` has the same things as the first one",
            f"`{name}` says which page is answered",
            medium,
            Claim(kind="fresh", pointer=join(join(asked.there.pointer, "*"), page[0])),
        )


def _is_told(cursor: Json, earlier: tuple[Exchange, ...]) -> bool:
    """Whether an answer has named `cursor` as that of the next page; of one made up, the first page may come."""
    return any(lists.cursor_in(histories.value(item)) == cursor for item in earlier)


def _ids(operation: Operation, exchange: Exchange) -> tuple[str, list[Json]] | None:
    """The name and the values of what tells the items of a list apart; None where they have none, or there are none."""
    items = lists.items_of(operation, exchange) or []
    for name in histories.IDENTITIES:
        found = _named(items, name)
        if items and len(set(found)) == len(items):
            return name, found
    return None


def _named(items: list[Json], name: str) -> list[Json]:
    return [item[name] for item in items if isinstance(item, dict) and isinstance(item.get(name), str | int)]


def _is_first(operation: Operation, exchange: Exchange, plain: dict[str, Json], skips: dict[str, str]) -> bool:
    """Whether `exchange` is about the first page of the list that `plain` asks for."""
    given = lists.given(operation, exchange.request.url)
    ((name, kind),) = skips.items()
    if name in given and (kind not in _FIRST or given[name] != _FIRST[kind][0]):
        return False
    return {key: value for key, value in given.items() if key != name} == plain


def _is_inside(
    operation: Operation,
    asked: lists.Meaning,
    here: list[Exchange],
    plain: dict[str, Json],
    page: tuple[Json, str, str, list[Json]],
) -> bool:
    """Whether an answer has shown that a page, counted from 0 or from 1, has others than `page`, the first."""
    value, kind, name, first = page
    if kind not in _FIRST or not isinstance(value, int) or value < _FIRST[kind][1]:
        return False
    wanted = {name: item for name, item in plain.items() if name not in asked.limits}
    size = len(first)
    begins = (value,) if kind == "offset" else ((value - 1) * size, value * size)
    for item in here:
        given = lists.given(operation, item.request.url)
        if {name: part for name, part in given.items() if name not in asked.limits} != wanted:
            continue
        found = _named(lists.items_of(operation, item) or [], name)
        pages = [found[begin : begin + size] for begin in begins]
        if found[:size] == first and all(other and other != first for other in pages):
            return True
    return False


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    follows=_follows,
    reads_body=True,
    told_by=nothing_more,
    overrides=("list-whole", "next-page"),
)
