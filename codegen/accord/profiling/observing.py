"""Observing: columns of values into a profile, whoever read them: the accept filter its own types, or a JSON reader."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from accord.document import Json
from accord.messages.encoding import parse_json
from accord.profiling import profile
from accord.profiling.profile import EXACT, Place, Span
from accord.schemas import shapes
from accord.schemas.formats import TEXT
from accord.schemas.subsets import FORMATS
from accord.validity import judging
from accord.validity.columns import ANYTHING, Column, Kind, layout

_LARGEST = 1.7976931348623157e308
_ORDINARY: Mapping[str, Any] = MappingProxyType({name: re.compile(form).match for name, form in FORMATS.items()})


@dataclass(slots=True)
class Observer:
    """A place of a profile while values are observed there; `rules` are the schemas of its values.

    `documented` are the names that an open object's schema speaks of, None where it speaks of none or is not open.
    """

    place: Place
    rules: tuple[Json, ...]
    definitions: Mapping[str, Json]
    depth: int = 0
    documented: frozenset[str] | None = None
    branches: tuple[tuple[str, Json], ...] = ()
    names: dict[str, "Observer"] = field(default_factory=dict)
    items: "Observer | None" = None
    rest: "Observer | None" = None


def observer(place: Place, rules: tuple[Json, ...], definitions: Mapping[str, Json], depth: int = 0) -> Observer:
    """An observer of values under `rules`."""
    found = [branch for rule in rules for branch in shapes.branches(rule, definitions)]
    known = shapes.names(found)
    return Observer(
        place=place,
        rules=tuple(found),
        definitions=definitions,
        depth=depth,
        documented=known if known and shapes.is_open(found) else None,
        branches=shapes.alternatives(found, definitions),
    )


def observe(here: Observer, column: Column, kind: Kind = ANYTHING) -> None:
    """Observe the values of a column, of which `kind` is known."""
    if not column:
        return
    if kind.python is not None:
        _of_type(here, column, kind)
        return
    mixed = {one.python: one for one in kind.union}
    for python in set(map(type, column)):
        if python is not msgspec.UnsetType:
            chosen = [value for value in column if type(value) is python]
            _of_type(here, chosen, mixed.get(python) or Kind(python))


def _of_type(here: Observer, column: Column, kind: Kind) -> None:
    python, place = kind.python, here.place
    if python is str:
        _texts(place, column, kind.format)
    elif python is int or python is float:
        _numbers(place, column, python)
    elif python is bool or python is type(None):
        place.types["boolean" if python is bool else "null"] += len(column)
        place.truths |= set(column) if python is bool else set()
    elif python is list:
        _arrays(here, column, kind.inner or ANYTHING)
    elif python is dict:
        _objects(here, column, kind.inner or ANYTHING)
    elif python is msgspec.Raw:
        observe(here, [parse_json(bytes(raw)) for raw in column if bytes(raw)])
        return
    elif python is not None:
        _structs(here, column, python)
    if here.branches:
        _branches(here, column)


def _texts(place: Place, column: Column, known: str) -> None:
    place.types["string"] += len(column)
    lengths = [*map(len, column)]
    longest = max(lengths)
    place.lengths = profile.spanned(place.lengths, Span(min(lengths), longest))
    if place.texts is not None:
        place.texts.update(column)
        if longest > profile.LONGEST_VALUE or len(place.texts) > profile.MOST_VALUES:
            place.texts = None
    if place.formats != ():
        left = profile.formats_left(place)
        place.formats = tuple(name for name in left if name == known or _have_format(name, column))


def _have_format(name: str, column: Column) -> bool:
    ordinary = _ORDINARY.get(name)
    if ordinary is not None and all(map(ordinary, column)):
        return True
    return all(map(TEXT[name], column))


def _numbers(place: Place, column: Column, python: type) -> None:
    place.types["number"] += len(column)
    least, most = min(column), max(column)
    if not -EXACT <= least <= most <= EXACT:
        column = [*map(_double, column)]
        least, most, python = min(column), max(column), float
    place.span = profile.spanned(place.span, Span(least, most))
    if place.whole:
        place.whole = python is int or all(map(float.is_integer, column))
    if place.numbers is not None:
        place.numbers.update(column)
        if len(place.numbers) > profile.MOST_VALUES:
            place.numbers = None


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return _LARGEST if number > 0 else -_LARGEST


def _arrays(here: Observer, column: Column, inner: Kind) -> None:
    here.place.types["array"] += len(column)
    sizes = [*map(len, column)]
    here.place.sizes = profile.spanned(here.place.sizes, Span(min(sizes), max(sizes)))
    flat = list(chain.from_iterable(column))
    if not flat or here.depth >= profile.DEEPEST:
        return
    if here.items is None:
        here.place.items = here.place.items or Place()
        rules = shapes.items(here.rules)
        here.items = observer(here.place.items, rules, here.definitions, here.depth + 1)
    observe(here.items, flat, inner)


def _objects(here: Observer, column: Column, inner: Kind) -> None:
    here.place.types["object"] += len(column)
    if here.depth >= profile.DEEPEST:
        return
    for name in set().union(*column):
        values = [value[name] for value in column if name in value]
        child = _child(here, name)
        if child is not here.rest and here.documented is not None and name not in here.documented:
            profile.exemplify(child.place, min(map(_text, values), key=lambda text: (len(text), text)))
        observe(child, values, inner)


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _structs(here: Observer, column: Column, python: type) -> None:
    shape = layout(python)
    here.place.types["object"] += len(column)
    if here.depth >= profile.DEEPEST:
        return
    for known, values in zip(shape.fields, zip(*map(astuple, column), strict=True), strict=True):
        there = [value for value in values if value is not UNSET] if known.optional else values
        if there:
            observe(_child(here, known.name), there, known.kind)


def _child(here: Observer, name: str) -> Observer:
    known = here.names.get(name)
    if known is not None:
        return known
    place = profile.named(here.place, name)
    if place is here.place.rest:
        here.names.clear()
        if here.rest is None:
            here.rest = observer(place, (), here.definitions, here.depth + 1)
        return here.rest
    rules = shapes.children(here.rules, name)
    return here.names.setdefault(name, observer(place, rules, here.definitions, here.depth + 1))


def _branches(here: Observer, column: Column) -> None:
    """Count which branch of a union each value takes first."""
    for value in column:
        plain = msgspec.json.decode(msgspec.json.encode(value)) if isinstance(value, msgspec.Struct) else value
        taken = next((name for name, rule in here.branches if judging.is_valid(rule, plain)), None)
        if taken is not None:
            here.place.branches[taken] += 1
