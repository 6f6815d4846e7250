"""Departures: bodies that part from their schema at a few places, read all the same with those places left open.

Where the accept filter stops, it says at which place. A reader of the same schema that promises nothing of that place
reads what conforms elsewhere, so that the authority is asked about what stands there and about nothing else.
"""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET

from accord.contract import Schema
from accord.document import Json
from accord.messages.answers import starred
from accord.validity import acceptance, batches, judging, parts
from accord.validity.acceptance import Filter
from accord.validity.batches import Reader
from accord.validity.columns import layout
from accord.validity.parts import Part, Tree

Place: TypeAlias = tuple[str | None, ...]
"""The names down to a property, None for every item of an array."""

Signature: TypeAlias = tuple[object, ...]

_FIRST = 3
"""So many bodies that depart at the same places are judged whole before a reader is made that leaves those open."""

_MOST_PLACES = 4
_MOST_READERS = 64
_MOST_SCHEMAS = _MOST_MET = 4096
_MOST_TOLD = 4096
_SHORT = 40
_PLAIN = frozenset([str, int, float, bool, type(None)])
_MISSING = "Object missing required field `"
_AT = " - at `$"


@dataclass(frozen=True, slots=True)
class Departure:
    """Places of a `schema`, and the reader of what conforms but there.

    `rules` are what the schema says of each place, `told` what is broken there by values that are often met.
    """

    schema: Schema
    places: tuple[Place, ...]
    rules: tuple[Part, ...]
    reader: Reader
    told: dict[object, tuple[object, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Departures:
    """The departures from one schema that were met, how often before a reader was made, and the readers.

    `places` are those that the filter named, by its words.
    """

    schema: Schema
    tree: Tree
    strict: Filter | None
    met: Counter[frozenset[Place]] = field(default_factory=Counter)
    known: dict[frozenset[Place], Departure | None] = field(default_factory=dict)
    places: dict[str, Place | None] = field(default_factory=dict)


_kept: dict[int, Departures] = {}


def departures_of(schema: Schema) -> Departures:
    """The departures from `schema`, kept by its identity."""
    found = _kept.get(id(schema))
    if found is None or found.schema is not schema:
        if len(_kept) >= _MOST_SCHEMAS:
            _kept.clear()
        found = _kept[id(schema)] = Departures(schema, parts.tree_of(schema), acceptance.made(schema, closed=True))
    return found


def read(by: Departures, refused: Sequence[tuple[bytes, str]]) -> list[tuple[Departure, Any] | None]:
    """How each of the bodies departs that the filter refused, and its value; None where that cannot be told.

    With each body comes what the filter said of it, `""` where it said nothing.
    """
    found: list[tuple[Departure, Any] | None] = [None] * len(refused)
    words = {at: said or batches.refusal(by.strict, body) for at, (body, said) in enumerate(refused)}
    opened: dict[int, frozenset[Place]] = {}
    for _ in range(_MOST_PLACES):
        groups: dict[frozenset[Place], list[int]] = {}
        for at, said in words.items():
            place, before = _place(by, said), opened.get(at, frozenset())
            if place is not None and place not in before:
                opened[at] = before | {place}
                groups.setdefault(opened[at], []).append(at)
        words = {}
        for places, members in groups.items():
            departure = _departure(by, places, len(members))
            if departure is None:
                continue
            values, others = batches.read(departure.reader, [refused[at][0] for at in members])
            words.update({members[at]: said for at, said in others.items()})
            taken = [at for at in members if at not in words]
            for at, value in zip(taken, values, strict=True):
                found[at] = (departure, value)
    return found


def signature(departure: Departure, value: Any) -> Signature:
    """All that tells what is found in bodies that depart there apart: which promises are broken in `value`, and where.

    Raises what `validation.too_deep` tells in words.
    """
    found: dict[object, None] = {}
    for place, rule in zip(departure.places, departure.rules, strict=True):
        for part in _at(value, place):
            if part is UNSET:
                found[place,] = None
            elif rule.takes is None or not rule.takes(part):
                found.update(dict.fromkeys(_broken(departure, place, rule, part)))
    return departure.places, *found


def _broken(departure: Departure, place: Place, rule: Part, value: Json) -> tuple[object, ...]:
    """Which promises of `rule` are broken by what stands at `place`; told once of a short text, a number, null."""
    is_short = type(value) in _PLAIN and (not isinstance(value, str) or len(value) <= _SHORT)
    key = (place, type(value), value) if is_short else None
    known = departure.told.get(key) if key is not None else None
    if known is not None:
        return known
    violations, undocumented = judging.told(departure.schema, rule, value)
    told = (
        *((place, item.keyword, item.schema_pointer, starred(item.pointer, value)) for item in violations),
        *((place, pointer) for pointer in undocumented),
    )
    if key is not None and len(departure.told) < _MOST_TOLD:
        departure.told[key] = told
    return told


def _departure(by: Departures, places: frozenset[Place], times: int) -> Departure | None:
    """The departure at `places`, once it was met often enough; None too where nothing can be read so."""
    if places in by.known:
        return by.known[places]
    if len(by.met) >= _MOST_MET:
        by.met.clear()
    by.met[places] += times
    if by.met[places] <= _FIRST or len(by.known) >= _MOST_READERS:
        return None
    ordered = tuple(sorted(places, key=lambda place: [name or "" for name in place]))
    rules = [_rule(by, place) for place in ordered]
    opened = _opened(by.tree, (by.schema, ""), places)
    reader = batches.reader({**opened, "$defs": by.tree.definitions})
    made = None
    if reader is not None and _is_struct(reader.kind.python):
        made = Departure(by.schema, ordered, tuple(rules), reader)
    by.known[places] = made
    return made


def _rule(by: Departures, place: Place) -> Part:
    part = parts.part_of(by.tree, by.schema, "")
    for name in place:
        rule = part.items if name is None else part.schemas.get(name)
        part = parts.part_of(by.tree, *(rule or (True, "")))
    return part


def _opened(tree: Tree, rule: tuple[Json, str], places: frozenset[Place]) -> Any:
    """What `rule` says, but nothing of what stands at `places`, which need not be there."""
    if () in places:
        return True
    part = parts.part_of(tree, *rule)
    below = {name: frozenset(place[1:] for place in places if place[0] == name) for name, *_ in places}
    if part.items is not None:
        return {**part.whole, "items": _opened(tree, part.items, below[None])}
    made = dict(part.whole)
    inner = {
        name: _opened(tree, part.schemas.get(name, (True, "")), left)
        for name, left in below.items()
        if name is not None
    }
    made["properties"] = {**made["properties"], **inner}
    made["required"] = [name for name in made.get("required", ()) if (name,) not in places]
    return made


def _place(by: Departures, refusal: str) -> Place | None:
    """The place that a refusal of the filter names, as far down as parts are promised by themselves."""
    if refusal not in by.places:
        if len(by.places) >= _MOST_MET:
            by.places.clear()
        by.places[refusal] = _placed(by, refusal)
    return by.places[refusal]


def _placed(by: Departures, refusal: str) -> Place | None:
    told, at, path = refusal.rpartition(_AT)
    told, path = (told, path) if at else (path, "")
    missing = told.removeprefix(_MISSING).removesuffix("`") if told.startswith(_MISSING) else ""
    path = path.removesuffix("`")
    place: Place = ()
    part = parts.part_of(by.tree, by.schema, "")
    while path:
        if part.items is not None and path.startswith("["):
            name, rule, path = None, part.items, path.partition("]")[2]
        else:
            name = _named(part.schemas, path)
            if name is None:
                break
            rule, path = part.schemas[name], path[len(name) + 1 :]
        place = (*place, name)
        part = parts.part_of(by.tree, *rule)
    if missing and not path and part.has_parts:
        return (*place, missing) if missing in part.schemas else None
    return place or None


def _named(known: Mapping[str, Any], path: str) -> str | None:
    """The one name in `known` with which `path` can begin."""
    found = [name for name in known if path.startswith(f".{name}") and path[len(name) + 1 :][:1] in {"", ".", "["}]
    return found[0] if len(found) == 1 else None


def _at(value: Any, place: Place) -> Iterator[Any]:
    """What stands at `place` in what was read; UNSET where it could and does not."""
    if not place:
        yield value
    elif place[0] is None:
        for item in value if isinstance(value, list) else ():
            yield from _at(item, place[1:])
    elif isinstance(value, msgspec.Struct):
        struct: type = type(value)
        yield from _at(_getters(struct)[place[0]](value), place[1:])


def _is_struct(python: type | None) -> bool:
    return python is not None and issubclass(python, msgspec.Struct)


@functools.cache
def _getters(struct: type) -> Mapping[str, Callable[[Any], Any]]:
    return {item.name: item.get for item in layout(struct).fields}
