"""Lists: what the query of a `GET` asks of one, by the names of its parameters, and where an answer has its items."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accord.contract import MediaType, Operation, Parameter, Schema
from accord.document import Json, join, split
from accord.exchange import SUCCESS, Exchange
from accord.filters import Filter, bounds, filters, letters, of_items, spoken
from accord.findings import ABSENT
from accord.messages import parameters
from accord.messages.answers import answered, media_type
from accord.messages.encoding import DecodeError
from accord.schemas import shapes
from accord.validity import validation

_LIMITS = frozenset(
    {"limit", "perpage", "pagesize", "pagelimit", "maxresults", "maxitems", "resultsperpage", "itemsperpage"}
)
_PERHAPS = frozenset({"size", "count", "first", "top", "take", "rows"})
"""Names of a bound only where another parameter, or the description, speaks of pages."""

_OFFSETS = frozenset({"offset", "skip", "startindex", "startat", "startrow"})
_PAGES = frozenset({"page", "pagenumber", "pageno", "pagenum", "pageindex"})
_CURSORS = frozenset({"cursor", "pagetoken", "nexttoken", "continuationtoken", "marker"})
_NEXT = frozenset({"next", "nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "nextmarker"})
"""Properties of an answer that hold the cursor of the next page."""

_TOTALS = frozenset({"total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords"})
_ESTIMATED = re.compile(r"(?i)approx|estimat|at least|capped|up to")

_ADDRESS = re.compile(r"https?:|/|.*[?&]")
"""How the address of a page begins, which is no cursor."""

_OF_PAGES = re.compile(r"(?i)\b(page|number of|at most|maximum|limit|results|items|entries|records)\b")
_OF_ELSE = re.compile(
    r"(?i)\bper (?!page|request|call|response|result|query)|bytes|characters|depth|days|hours|minutes"
)


ASKED = 4
"""So many times in the same order, a list has an order: three things come so by chance once in two hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where an answer has its items, and every schema that speaks of one; its other properties' names are `beside`."""

    pointer: str
    items: tuple[Schema, ...]
    definitions: Mapping[str, Json]
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What the query of an operation asks of the list in an answer: how many, which, and which page of them.

    `skips` has `offset`, `page` or `cursor` by the name of each parameter that is one; `bounds` has, by parameter that
    bounds a number of the items, the property that is bounded, and whether from below.
    """

    there: Listing
    limits: frozenset[str]
    filters: tuple[Filter, ...]
    skips: Mapping[str, str]
    bounds: Mapping[str, tuple[str, bool]]


_meanings: dict[tuple[int, int], tuple[Operation, MediaType | None, Meaning | None]] = {}
_MOST = 4096


def meaning(operation: Operation, medium: MediaType | None) -> Meaning | None:
    """What the query of `operation`, a `GET`, asks of an answer in `medium`; None where that has no list. Made once."""
    key = id(operation), id(medium)
    known = _meanings.get(key)
    if known is None or known[0] is not operation or known[1] is not medium:
        if len(_meanings) >= _MOST:
            _meanings.clear()
        known = _meanings[key] = (operation, medium, _meaning(operation, medium))
    return known[2]


def _meaning(operation: Operation, medium: MediaType | None) -> Meaning | None:
    there = listing(medium) if operation.method == "GET" else None
    if there is None:
        return None
    skips = dict(_skips(operation, there))
    limits = frozenset(_limits(operation, there))
    return Meaning(
        there=there,
        limits=limits,
        filters=_filters(operation, there, limits | skips.keys()),
        skips=skips,
        bounds=bounds(operation.parameters, there.items, there.definitions),
    )


def _filters(operation: Operation, there: Listing, paging: frozenset[str]) -> tuple[Filter, ...]:
    if operation.path.rstrip("/").endswith("}"):
        return ()  # what is read is a thing, its array a part of it
    left = (item for item in _of_query(operation) if item.name not in paging | there.beside)
    return tuple(filters(left, there.items, there.definitions))


def listing(medium: MediaType | None) -> Listing | None:
    """The items of an answer in `medium`: the whole, or the one array that it has; None where neither is."""
    if medium is None or medium.schema is None:
        return None
    found, names = shapes.top(medium.schema).found, medium.schema.get("$defs", {})
    kinds = shapes.types(found)
    if kinds == {"array"}:
        return Listing(pointer="", items=of_items(found, names), definitions=names)
    if kinds - {"object"}:
        return None
    inside = {name: spoken(shapes.children(found, name), names) for name in shapes.names(found)}
    lists = [name for name, rules in inside.items() if shapes.types(rules) == {"array"}]
    if len(lists) != 1:
        return None
    return Listing(
        pointer=join("", lists[0]),
        items=of_items(inside[lists[0]], names),
        definitions=names,
        beside=frozenset(inside) - {lists[0]},
    )


def answer_of(operation: Operation) -> MediaType | None:
    """The first media type of success in which `operation`, a `GET`, answers with a list."""
    content = (item for answer in operation.responses if answer.status.startswith("2") for item in answer.content)
    return next((item for item in content if listing(item) is not None), None) if operation.method == "GET" else None


def _limits(operation: Operation, there: Listing) -> Iterator[str]:
    """The parameters of `operation` that say how many items there may be at most."""
    for item in _of_query(operation):
        word = letters(item.name)
        told = word in _LIMITS or (word in _PERHAPS and _is_of_pages(operation, item))
        if told and not _is_own(item, there) and _is_whole(item) and not _OF_ELSE.search(item.description):
            yield item.name


def _is_of_pages(operation: Operation, parameter: Parameter) -> bool:
    others = {letters(item.name) for item in _of_query(operation)}
    return bool(others & (_OFFSETS | _PAGES | _CURSORS | {"after"})) or bool(_OF_PAGES.search(parameter.description))


def _is_own(parameter: Parameter, there: Listing) -> bool:
    """Whether items have a property that `parameter`, a number, may be about: one of its name that may be a number."""
    if parameter.name not in shapes.names(there.items):
        return False
    kinds = shapes.types(spoken(shapes.children(there.items, parameter.name), there.definitions))
    return not kinds or not kinds.isdisjoint({"number", "integer"})


def _skips(operation: Operation, there: Listing) -> Iterator[tuple[str, str]]:
    """The parameters that say which page is wanted, each with how: by `offset`, `page` or `cursor`."""
    own = shapes.names(there.items)
    for item in _of_query(operation):
        for kind, known in (("offset", _OFFSETS), ("page", _PAGES), ("cursor", _CURSORS)):
            if letters(item.name) in known and item.name not in own and _is_whole(item) == (kind != "cursor"):
                yield item.name, kind


def _of_query(operation: Operation) -> list[Parameter]:
    return [item for item in operation.parameters if item.location == "query" and not item.media_type]


def _is_whole(parameter: Parameter) -> bool:
    found = shapes.branches(parameter.schema, parameter.schema.get("$defs", {}))
    kinds = [branch["type"] for branch in found if "type" in branch]
    return bool(kinds) and all(kind == "integer" or set(kind) <= {"integer", "null"} for kind in kinds)


def given(operation: Operation, url: str) -> dict[str, Json]:
    """The values of the query of `url` by name, those that are written once and are valid by their schemas."""
    query = url.partition("?")[2]
    if not query:
        return {}
    try:
        read = parameters.decode_parameters(operation, {}, query, ())
    except DecodeError:
        return {}
    names = [pair.partition("=")[0] for pair in query.split("&")]
    return {
        item.name: read["query", item.name]
        for item in _of_query(operation)
        if ("query", item.name) in read
        and (names.count(item.name) < 2 or isinstance(read["query", item.name], list))  # noqa: PLR2004  written twice
        and validation.is_valid(item.schema, read["query", item.name])
    }


def is_asked(exchange: Exchange) -> bool:
    """Whether a conforming `GET` that says something in its query was answered with success."""
    asked = exchange.request.method == "GET" and "?" in exchange.request.url
    found = asked and exchange.response is not None and exchange.response.status in SUCCESS
    return found and (exchange.case is None or exchange.case.valid)


def items_of(operation: Operation, exchange: Exchange) -> list[Json] | None:
    """The items that an answer of success holds; None where it holds no list."""
    there = listing(media_type(operation, exchange))
    if there is None or exchange.response is None or exchange.response.status not in SUCCESS:
        return None
    return items_in(answered(operation, exchange), there)


def items_in(value: Json, there: Listing) -> list[Json] | None:
    """The items of `value`, the body of an answer; None where they are not there."""
    for name in split(there.pointer):
        value = value.get(name, ABSENT) if isinstance(value, dict) else ABSENT
    return value if isinstance(value, list) else None


def with_items(value: Json, there: Listing, items: list[Json]) -> Json:
    """`value`, the body of an answer, with `items` in the place of those it has."""
    return {**value, split(there.pointer)[0]: items} if there.pointer else items


def total_in(medium: MediaType | None, value: Json) -> tuple[str, int] | None:
    """Where `value`, the body of an answer, says how many items there are, and how many; None where it does not say."""
    for name, part in value.items() if isinstance(value, dict) else ():
        estimated = any(_ESTIMATED.search(str(rule.get("description", ""))) for rule in beside(medium, name))
        if letters(name) in _TOTALS and type(part) is int and not estimated:
            return join("", name), part
    return None


def is_next(name: str) -> bool:
    """Whether the property `name` of an answer says where the next page is."""
    return letters(name) in _NEXT


def cursor_in(value: Json) -> Json:
    """The cursor of the next page that an answer names; ABSENT where it names none."""
    if not isinstance(value, dict):
        return ABSENT
    found = (item for name, item in value.items() if letters(name) in _NEXT and isinstance(item, str) and item)
    return next((item for item in found if not _ADDRESS.match(item)), ABSENT)


def has_cursor(operation: Operation) -> bool:
    """Whether answers of `operation` are promised to name the cursor of the next page."""
    medium = answer_of(operation)
    if medium is None or medium.schema is None:
        return False
    return any(letters(name) in _NEXT for name in shapes.top(medium.schema).names)


def beside(medium: MediaType | None, name: str) -> tuple[Schema, ...]:
    """Every schema that speaks of the property `name` of an answer in `medium`."""
    if medium is None or medium.schema is None:
        return ()
    return spoken(shapes.children(shapes.top(medium.schema).found, name), medium.schema.get("$defs", {}))
