"""What of a list is answered, as its query asks: those that fit, of them one page, of that no more than is wanted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from accord import filters, lists, ordering
from accord.answering.admission import Incoming
from accord.contract import MediaType, Operation
from accord.document import Json, split
from accord.findings import ABSENT
from accord.lists import Meaning
from accord.schemas import shapes
from accord.validity import validation


def asked(operation: Operation, medium: MediaType, value: Json, parameters: Mapping[tuple[str, str], Json]) -> Json:
    """`value`, the answer with all that there is, with what the query in `parameters` asks for."""
    meaning = lists.meaning(operation, medium)
    items = None if meaning is None else lists.items_in(value, meaning.there)
    given = {name: item for (location, name), item in parameters.items() if location == "query"}
    if meaning is None or items is None:
        return value
    known = (item for item in operation.parameters if item.location == "query" and "default" in item.schema)
    given = {**{item.name: item.schema["default"] for item in known}, **given}
    told = ((item, filters.wanted(item, given)) for item in meaning.filters)
    wanted = {item.name: value for item, value in told if value is not ABSENT and filters.means_itself(item, value)}
    edges = [(name, given[item], least) for item, (name, least) in meaning.bounds.items() if item in given]
    fitting = [item for item in items if _fits(item, wanted) and _is_within(item, edges)]
    order = ordering.asked(operation.parameters, given, shapes.names(meaning.there.items))
    fitting = fitting if order is None else ordering.arranged(fitting, order)
    cursors = {given.get(name) for name, kind in meaning.skips.items() if kind == "cursor"}
    over = lists.cursor_in(value) in cursors  # it all stands on the first page, before the cursor that is named there
    page = [] if over else _page(fitting, meaning, given)
    for shown in (page, fitting, [_as_wanted(item, wanted) for item in items[:1]]):
        changed = lists.with_items(value, meaning.there, shown)
        if validation.is_valid(medium.schema or {}, changed):
            begin = next((given.get(name, 0) for name, kind in meaning.skips.items() if kind == "offset"), None)
            return _told(medium, changed, len(shown), len(fitting), begin if type(begin) is int else None)
    return value


def _told(medium: MediaType, value: Json, shown: int, fitting: int, begin: int | None) -> Json:
    """`value`, a page that has so many of so many items that fit, with what it says of their number and the next page.

    `begin` is how many come before it, where the query counts them.
    """
    changes: dict[str, Json] = {}
    total = lists.total_in(medium, value)
    if total is not None:
        changes.update({name: max(shown, fitting) for name in split(total[0])})
    if begin is not None and isinstance(value, dict):
        rest = None if begin + shown >= fitting else begin + shown
        changes.update(dict.fromkeys(filter(lists.is_next, value), rest))
    for name, part in changes.items():
        less = {other: item for other, item in value.items() if other != name}
        options = ({**less, name: part}, *([less] if part is None else []))
        value = next((item for item in options if validation.is_valid(medium.schema or {}, item)), value)
    return value


def _fits(item: Json, wanted: Mapping[str, Json]) -> bool:
    if not isinstance(item, dict):
        return True
    there = {name: item.get(name) for name in wanted}
    return not any(part is None or filters.differs(wanted[name], part) for name, part in there.items())


def _is_within(item: Json, edges: Iterable[tuple[str, Json, bool]]) -> bool:
    said = item if isinstance(item, dict) else {}
    return not any(filters.is_beyond(said.get(name), bound, least=least) for name, bound, least in edges)


def _as_wanted(item: Json, wanted: Mapping[str, Json]) -> Json:
    plain = {name: part[0] if isinstance(part, list) and part else part for name, part in wanted.items()}
    return {**item, **plain} if isinstance(item, dict) else item


def _page(items: list[Json], meaning: Meaning, given: Mapping[str, Json]) -> list[Json]:
    bounds = [given[name] for name in meaning.limits if isinstance(given.get(name), int) and given[name] > 0]
    most = min(bounds, default=len(items))
    skipped = {kind: given[name] for name, kind in meaning.skips.items() if isinstance(given.get(name), int)}
    begin = max(skipped.get("offset", 0), 0) + max(skipped.get("page", 1) - 1, 0) * most
    return items[begin : begin + most]


def listing(kind: str) -> Callable[[Operation], bool]:
    """Whether an operation lists things and its query has parameters of `kind`, as `Meaning` calls them."""
    return lambda operation: bool(_asking(operation, kind))


def _asking(operation: Operation, kind: str) -> frozenset[str]:
    meaning = lists.meaning(operation, lists.answer_of(operation))
    if meaning is None:
        return frozenset()
    if kind == "orders":
        offered = ordering.offered(operation.parameters, shapes.names(meaning.there.items))
        return frozenset(order.parameter for order, _ in offered)
    if kind == "filters":
        return frozenset(item.inside or item.name for item in meaning.filters)
    return frozenset(meaning.limits if kind == "limits" else meaning.skips)


def forgetting(kind: str) -> Callable[[tuple[Operation, ...], Incoming, Mapping[str, str]], Incoming]:
    """A request without those parameters of `kind` in its query that are as they should be."""

    def misread(found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
        operation = next((item for item in found if item.method == incoming.method), None)
        if operation is None:
            return incoming
        names = _asking(operation, kind) & lists.given(operation, f"?{incoming.query}").keys()
        kept = [pair for pair in incoming.query.split("&") if pair.partition("=")[0] not in names]
        return replace(incoming, query="&".join(kept))

    return misread
