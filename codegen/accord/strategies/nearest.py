"""Values with one fault near given valid ones: each fault of a schema in the smallest value that has its place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from accord.contract import Schema
from accord.document import Json
from accord.findings import ABSENT
from accord.messages.encoding import to_json
from accord.schemas import kinds
from accord.strategies.drawing import few
from accord.strategies.fault import Fault
from accord.strategies.faulty import faults
from accord.validity import validation

_Place = tuple[str | int, ...]
_MOST = 10
_MOST_OF: Mapping[str, int] = MappingProxyType({"enum": 24, "additionalProperties": 24, "unevaluatedProperties": 24})
_LOOKED = 24
"""So many of the smallest values are looked at for what they can do without."""

_OBJECTS = ("required", "additionalProperties", "unevaluatedProperties")
_ARRAYS = ("minItems", "maxItems", "uniqueItems", "items")
_TEXTS = ("minLength", "maxLength", "pattern")
_KINDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(_OBJECTS, "object") | dict.fromkeys(_ARRAYS, "array") | dict.fromkeys(_TEXTS, "string")
)
"""What must stand at the place of a fault for its steps to make sense."""


@dataclass(slots=True)
class Neighbours:
    """Valid values that faults are put into, the smallest first, and what of them a place can do without.

    `given` are the same as they came, those with examples of the document first.
    """

    schema: Schema
    values: Sequence[Json]
    given: Sequence[Json] = ()
    pruned: dict[tuple[int, str | int], Json] = field(default_factory=dict)
    least: dict[bytes, Json] = field(default_factory=dict)

    def with_place(self, fault: Fault) -> list[int]:
        """Which of the values have what `fault` is put in place of."""
        return [at for at, value in enumerate(self.values) if _fits(fault, value)]

    def richest(self, fault: Fault) -> Json:
        """The text at the place of `fault` that can be spoilt in most ways, the first of several."""
        found = (value for value in self.given or self.values if _fits(fault, value))
        return max((part_at(value, fault.place) for value in found), key=_variety)

    def alternative(self, fault: Fault, turn: int) -> "Neighbours":
        """Those of the values that have, around `fault`, the names which are met as the next after `turn` others."""
        if not self.least:
            least = (_pruned(self.schema, value, "") for value in self.values[:_LOOKED] if isinstance(value, dict))
            self.least.update({to_json(value): value for value in least})
        names: dict[frozenset[str], list[Json]] = {}
        for value in self.least.values():
            part = part_at(value, fault.place)
            if isinstance(part, dict):
                names.setdefault(frozenset(part), []).append(value)
        found = list(names.values())
        return Neighbours(self.schema, found[turn] if turn < len(found) else [])

    def smallest(self, at: int, place: _Place) -> Json:
        """Value number `at` without the properties that `place` does not need."""
        value = self.values[at]
        if not isinstance(value, dict) or not place:
            return value
        key = (at, place[0])
        if key not in self.pruned:
            self.pruned[key] = _pruned(self.schema, value, place[0])
        return self.pruned[key]


def neighbours(schema: Schema, values: Sequence[Json]) -> Neighbours:
    """`values`, which are valid under `schema`, to put faults into."""
    return Neighbours(schema, sorted(values, key=lambda value: len(to_json(value))), values)


def spoilt(known: Neighbours) -> Iterator[tuple[Fault, Iterator[Json]]]:
    """Every fault of the schema with values that have it, the most telling first, the first of them the smallest.

    A property that several alternatives of a union require is taken from a value with other names each time.
    """
    times: Counter[tuple[str, _Place]] = Counter()
    for fault in faults(known.schema):
        turn = times[fault.pointer, fault.place] if fault.keyword == "required" else 0
        times[fault.pointer, fault.place] += fault.keyword == "required"
        found = known.alternative(fault, turn) if turn else known
        yield fault, islice(_values(found, fault), _MOST_OF.get(fault.keyword, _MOST))


def _values(known: Neighbours, fault: Fault) -> Iterator[Json]:
    where = known.with_place(fault)
    if not known.values:
        return
    if not where:
        drawn = few(fault.make(), 3)
        yield from (value for value in drawn if not validation.is_valid(known.schema, value))
        return
    turn = 0
    start = part_at(known.smallest(where[0], fault.place), fault.place)
    if fault.keyword == "pattern":
        start = known.richest(fault)
    for bad in fault.near(start):
        at = where[0 if fault.alone else turn % len(where)]
        base = known.values[at] if turn and not fault.alone else known.smallest(at, fault.place)
        own = turn and not fault.alone and _adds(fault) and isinstance(bad, dict)
        value = put(base, fault.place, {**part_at(base, fault.place), **_added(start, bad)} if own else bad)
        if not validation.is_valid(known.schema, value):
            yield value
            turn += 1


def _variety(text: str) -> int:
    """Of how many sorts the characters of `text` are: letters of either case, digits, others."""
    return len({(char.isupper(), char.islower(), char.isdigit()) for char in text})


def _added(start: Mapping[str, Json], bad: Mapping[str, Json]) -> Mapping[str, Json]:
    """What `bad` has and `start` has not."""
    return {name: part for name, part in bad.items() if name not in start}


def _adds(fault: Fault) -> bool:
    return fault.keyword in {"additionalProperties", "unevaluatedProperties"}


def _fits(fault: Fault, value: Json) -> bool:
    part = part_at(value, fault.place)
    if part is ABSENT:
        return fault.keyword == "false" and isinstance(part_at(value, fault.place[:-1]), dict)
    wanted = _KINDS.get(fault.keyword)
    return wanted is None or kinds.kind(part) == wanted


def part_at(value: Json, place: _Place) -> Json:
    """The part of `value` at `place`; ABSENT where there is none."""
    for token in place:
        named = isinstance(value, dict) and token in value
        counted = isinstance(value, list) and isinstance(token, int) and token < len(value)
        if not named and not counted:
            return ABSENT
        value = value[token]
    return value


def put(value: Json, place: _Place, part: Json) -> Json:
    """`value` with `part` at `place`, whose surroundings are there."""
    if not place:
        return part
    token, rest = place[0], place[1:]
    if isinstance(value, list):
        return [*value[: int(token)], put(value[int(token)], rest, part), *value[int(token) + 1 :]]
    return {**value, token: put(value[token], rest, part) if rest else part}


def _pruned(schema: Schema, value: Mapping[str, Json], kept: str | int) -> Json:
    least = dict(value)
    for name in value:
        if name != kept:
            without = {key: part for key, part in least.items() if key != name}
            if validation.is_valid(schema, without):
                least = without
    return least
