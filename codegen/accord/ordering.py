"""The order of a list: what a query asks for, and which neighbours stand the wrong way round."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accord.contract import Parameter
from accord.document import Json
from accord.filters import letters
from accord.findings import ABSENT
from accord.schemas import shapes

_SORTS = frozenset({"sort", "sortby", "orderby", "ordering", "order", "sortfield", "sortkey"})
_WAYS = frozenset({"order", "sortorder", "sortdir", "sortdirection", "orderdirection", "orderdir", "direction", "dir"})

_WAY = r"asc|desc|ascending|descending"
_ASKED = re.compile(rf"(?i)([+-]?)([a-z_][\w.]*?)(?:[:,. _-]({_WAY}))?")

PLAIN = r"[A-Za-z]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z)?"
"""Texts whose order no language disputes: words of ASCII letters up to their case, dates, UTC moments."""

SECONDS = 19
"""So many characters of a text are compared: of a moment those up to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Items by their property `name`; `descending` is None where it may be either way. `parameter` asks for it."""

    parameter: str
    name: str
    descending: bool | None


def asked(parameters: Iterable[Parameter], given: Mapping[str, Json], names: Iterable[str]) -> Order | None:
    """The order that `given`, the values of a query by name, asks for by one of the properties `names`."""
    known = {item.name: item for item in parameters if item.location == "query"}
    sorts = sorting(known.values())
    value = given.get(sorts[0].name, ABSENT) if len(sorts) == 1 else ABSENT
    if isinstance(value, list) and value:
        value = value[0]
    found = _read(value) if isinstance(value, str) else None
    name = next((item for item in names if letters(item) == letters(found[1])), None) if found is not None else None
    if found is None or name is None:
        return None
    way = found[2] or _companion(known, given)
    descending = found[0] == "-" if found[0] else way.lower().startswith("desc") if way else None
    if descending is None and any(str(member).startswith("-") for member in members(sorts[0])):
        descending = False
    return Order(parameter=sorts[0].name, name=name, descending=descending)


def sorting(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Those of the query's `parameters` that say by what a list is ordered."""
    found = (item for item in parameters if item.location == "query" and letters(item.name) in _SORTS)
    return [item for item in found if not _is_way(item)]


def _read(value: str) -> tuple[str, str, str] | None:
    """Mark, name and way of the first order that `value` names."""
    found = _ASKED.fullmatch(value) or _ASKED.fullmatch(value.partition(",")[0])
    return None if found is None else (found[1], found[2], found[3] or "")


def _is_way(parameter: Parameter) -> bool:
    """Whether `parameter` says which way, and not by what."""
    ways = [str(member) for member in members(parameter)]
    return letters(parameter.name) in _WAYS and (not ways or all(re.fullmatch(rf"(?i){_WAY}", way) for way in ways))


def _companion(known: Mapping[str, Parameter], given: Mapping[str, Json]) -> str:
    for item in filter(_is_way, known.values()):
        value = given.get(item.name, item.schema.get("default"))
        if isinstance(value, str) and re.fullmatch(rf"(?i){_WAY}", value):
            return value
    return ""


def members(parameter: Parameter) -> list[Json]:
    """The values that `parameter`, or an item of its list, may have by name."""
    names = parameter.schema.get("$defs", {})
    found = shapes.branches(parameter.schema, names)
    inner = [each for rule in shapes.items(found) for each in shapes.branches(rule, names)]
    return [value for branch in (*found, *inner) for value in branch.get("enum", ())]


def offered(parameters: Iterable[Parameter], names: Iterable[str]) -> Iterator[tuple[Order, Mapping[str, Json]]]:
    """Every order that a contract names, with the query that asks for it."""
    parameters, names = tuple(parameters), tuple(names)
    for item in sorting(parameters):
        for member in members(item):
            query: dict[str, Json] = {item.name: member}
            found = asked(parameters, query, names)
            if found is not None:
                yield found, query


def compared(values: list[Json]) -> list[Any]:
    """Those of `values` that can be compared: numbers, or texts that are `PLAIN`; none where there are both."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    texts = [value[:SECONDS] for value in values if isinstance(value, str) and re.fullmatch(PLAIN, value)]
    return [] if numbers and texts else numbers or texts


def misplaced(values: list[Json], *, descending: bool | None) -> tuple[Json, Json] | None:
    """Two of `values` of which the first should come after the second; None where they are in order."""
    if descending is None:
        up = misplaced(values, descending=False)
        return up if misplaced(values, descending=True) is not None else None
    found = compared(values)
    for first, second in itertools.pairwise(found):
        low, high = (second, first) if descending else (first, second)
        if low > high and (not isinstance(low, str) or low.casefold() > high.casefold()):
            return first, second
    return None


def arranged(items: list[Json], order: Order) -> list[Json]:
    """`items` in the order that is wanted; those that have nothing to compare come last."""
    told = [item for item in items if isinstance(item, dict) and compared([item.get(order.name)])]
    numbers = [item for item in told if not isinstance(item[order.name], str)]
    texts = [item for item in told if isinstance(item[order.name], str)]
    known = set(map(id, told))
    ordered = [
        item
        for group in (numbers, texts)
        for item in sorted(group, key=lambda item: item[order.name], reverse=bool(order.descending))
    ]
    return [*ordered, *(item for item in items if id(item) not in known)]
