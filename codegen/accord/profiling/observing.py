"""Observing: columns of values into a profile, whoever read them: the accept filter its own types, or a JSON reader."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from accord.document import Json
from accord.messages.encoding import parse_json
from accord.profiling import profile, scalars
from accord.profiling.profile import Place, Span
from accord.profiling.scalars import Take
from accord.schemas import shapes
from accord.schemas.shapes import Known
from accord.validity import judging
from accord.validity.columns import ANYTHING, Column, Field, Kind, layout

_NULL = type(None)


@dataclass(slots=True)
class Observer:
    """A place of a profile while values are observed there; `known` is what the schemas of its values say.

    `branches` are those of a union whose types do not tell them apart; `takes` are the ways in which columns of each
    kind were observed here so far.
    """

    place: Place
    known: Known
    depth: int = 0
    branches: tuple[tuple[str, Json], ...] = ()
    names: dict[str, "Observer"] = field(default_factory=dict)
    items: "Observer | None" = None
    rest: "Observer | None" = None
    takes: dict[Kind, Take] = field(default_factory=dict)


def observer(place: Place, rules: tuple[Json, ...], definitions: Mapping[str, Json], depth: int = 0) -> Observer:
    """An observer of values under `rules`."""
    known = shapes.about(rules, definitions)
    return Observer(place, known, depth, shapes.choices(known))


def observe(here: Observer, column: Column, kind: Kind = ANYTHING) -> None:
    """Observe the values of a column, of which `kind` is known."""
    if column:
        _take(here, kind)(column)


def _take(here: Observer, kind: Kind) -> Take:
    """The function that observes columns of `kind`, made once."""
    known = here.takes.get(kind)
    if known is None:
        known = here.takes[kind] = _mixed(here, kind) if kind.python is None else _of_type(here, kind)
    return known


def _mixed(here: Observer, kind: Kind) -> Take:
    """As `_take`, for values of several types."""
    kinds = {one.python: one for one in kind.union}
    others = [one for one in kind.union if one.python is not _NULL]
    if len(others) == 1 and _NULL in kinds:
        return _nullable(_take(here, others[0]), _take(here, kinds[_NULL]))
    takes: dict[type, Take] = {}

    def take(column: Column) -> None:
        found = set(map(type, column))
        for python in found:
            if python is msgspec.UnsetType:
                continue
            taken = takes.get(python)
            if taken is None:
                taken = takes[python] = _take(here, kinds.get(python) or Kind(python))
            taken(column if len(found) == 1 else [value for value in column if type(value) is python])

    return take


def _nullable(some: Take, nulls: Take) -> Take:
    def take(column: Column) -> None:
        there = [value for value in column if value is not None]
        if there:
            some(there)
        if len(there) < len(column):
            nulls([None] * (len(column) - len(there)))

    return take


def _of_type(here: Observer, kind: Kind) -> Take:
    """As `_take`, for values of one type."""
    place, inner = here.place, kind.inner or ANYTHING
    match kind.python:
        case python if python is str:
            taken = scalars.texts(place, kind.format)
        case python if python is int or python is float:
            taken = scalars.numbers(place, python)
        case python if python is bool:
            taken = scalars.truths(place)
        case python if python is _NULL:
            taken = scalars.nulls(place)
        case python if python is list:
            taken = _arrays(here, inner)
        case python if python is dict:
            taken = _objects(here, inner)
        case python if python is msgspec.Raw:
            return lambda column: observe(here, [parse_json(bytes(raw)) for raw in column])
        case python:
            taken = _structs(here, layout(python).fields)
    if not here.branches:
        return taken

    def take(column: Column) -> None:
        taken(column)
        _branches(here, column)

    return take


def _arrays(here: Observer, inner: Kind) -> Take:
    place, below = here.place, here.depth + 1
    sizes = scalars.lengthened(lambda least, most: _resize(place, least, most))
    items: Take | None = None

    def take(column: Column) -> None:
        nonlocal items
        place.types["array"] += len(column)
        sizes(column)
        flat: list[Any] = []
        for value in column:
            flat += value
        if not flat or below > profile.DEEPEST:
            return
        if items is None:
            items = _take(_items(here), inner)
        items(flat)

    return take


def _resize(place: Place, least: int, most: int) -> None:
    place.sizes = profile.spanned(place.sizes, Span(least, most))


def _items(here: Observer) -> Observer:
    if here.items is None:
        here.place.items = here.place.items or Place()
        here.items = observer(here.place.items, shapes.items(here.known.found), here.known.definitions, here.depth + 1)
    return here.items


def _objects(here: Observer, inner: Kind) -> Take:
    types, documented = here.place.types, here.known.documented
    takes: dict[str, Take] = {}

    def take(column: Column) -> None:
        types["object"] += len(column)
        if here.depth >= profile.DEEPEST:
            return
        for name in set().union(*column):
            values = _under(name, column)
            taken = takes.get(name)
            if taken is None or here.rest is not None:
                taken = takes[name] = _take(_child(here, name), inner)
            if documented is not None and name not in documented:
                _exemplify(here, name, values)
            taken(values)

    return take


def _under(name: str, column: Column) -> list[Any]:
    try:
        return [*map(itemgetter(name), column)]
    except KeyError:
        return [value[name] for value in column if name in value]


def _exemplify(here: Observer, name: str, values: Column) -> None:
    child = _child(here, name)
    if child is not here.rest:
        profile.exemplify(child.place, min(map(_text, values), key=lambda text: (len(text), text)))


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _structs(here: Observer, fields: tuple[Field, ...]) -> Take:
    types, width = here.place.types, len(fields)
    takes: list[Take | None] = [None] * width

    def take(column: Column) -> None:
        types["object"] += len(column)
        if here.depth >= profile.DEEPEST:
            return
        flat: list[Any] = []
        for row in map(astuple, column):
            flat += row
        for at, known in enumerate(fields):
            values = flat[at::width]
            if known.optional:
                if values[0] is UNSET and values.count(UNSET) == len(values):
                    continue
                values = [value for value in values if value is not UNSET]
            taken = takes[at]
            if taken is None or here.rest is not None:
                taken = takes[at] = _take(_child(here, known.name), known.kind)
            taken(values)

    return take


def _child(here: Observer, name: str) -> Observer:
    known = here.names.get(name)
    if known is not None:
        return known
    place = profile.named(here.place, name)
    if place is here.place.rest:
        here.names.clear()
        if here.rest is None:
            here.rest = observer(place, (), here.known.definitions, here.depth + 1)
        return here.rest
    rules = shapes.below(here.known, name)
    return here.names.setdefault(name, observer(place, rules, here.known.definitions, here.depth + 1))


def _branches(here: Observer, column: Column) -> None:
    """Count which branch of a union each value takes first."""
    for value in column:
        plain = msgspec.json.decode(msgspec.json.encode(value)) if isinstance(value, msgspec.Struct) else value
        taken = next((name for name, rule in here.branches if judging.is_valid(rule, plain)), None)
        if taken is not None:
            here.place.branches[taken] += 1
