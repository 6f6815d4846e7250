"""What fills the places of a request: those of an operation, and selections of them, the likeliest first."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from accord.contract import MediaType, Operation, Schema
from accord.document import Json
from accord.fuzzing import records
from accord.fuzzing.conditions import is_condition
from accord.fuzzing.fitting import Place, candidates
from accord.fuzzing.hints import Shown, is_given
from accord.strategies.drafts import key_of, survives

TRIES = 96
"""So many requests look for one that is taken."""

PLAIN = 3
"""So many selections are tried with other values too."""

FEW = 6
"""Of so many names every selection is tried."""

Key = tuple[str, str]
"""Where something of a request stands, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a request that may be filled, a property of the body or a parameter; the likeliest value first."""

    key: Key
    values: tuple[Json, ...]
    required: bool
    place: Place

    @property
    def schema(self) -> Schema:
        """What may be there."""
        found: Schema = self.place.schema
        return found


def slots(operation: Operation, medium: MediaType | None, values: Mapping[str, Json], shown: Shown) -> Iterator[Slot]:
    """The places of a request of `operation` that may be filled; `values` are those to use by name."""

    def place(name: str, part: Json, around: Schema, seen: Shown) -> Place:
        definitions = around.get("$defs", {})
        return Place(name=name, schema=part, definitions=definitions, shown=seen, ask=lambda _value: None)

    def known(here: Place) -> tuple[Json, ...]:
        return (values[here.name],) if here.name in values else tuple(candidates(here))

    for item in operation.parameters:
        if item.location in {"query", "header"}:
            here = place(item.name, item.schema, item.schema, {})
            found = tuple(value for value in known(here) if survives(item, value))
            needed = item.required or is_condition(item)
            yield Slot(key=key_of(item), values=found, required=needed, place=here)
    schema = medium.schema if medium is not None and medium.schema else {}
    own = records.target(schema)
    for name, part in own.get("properties", {}).items():
        if part is not False:
            here = place(name, part, schema, shown)
            needed = name in own.get("required", ())
            yield Slot(key=("body", name), values=known(here), required=needed, place=here)


def sent_back(slots: Mapping[Key, Slot], seen: list[Mapping[str, Json]]) -> Iterator[Mapping[Key, Json]]:
    """What objects in answers have of a body: a service is likely to take what it shows."""
    own = {name: slot.place for (location, name), slot in slots.items() if location == "body"}
    must = {key: slot.values[0] for key, slot in slots.items() if slot.required and slot.values}
    for known in records.known(seen, {name: place.is_valid for name, place in own.items()}):
        yield {**must, **{("body", name): value for name, value in known.items()}}


def selected(slots: Mapping[Key, Slot]) -> Iterator[Mapping[Key, Json]]:
    """Values for selections of the slots, other values too for the first selections."""
    for at, names in enumerate(_selections(slots)):
        for turn in range(2 if at < PLAIN else 1):
            yield {
                key: slot.values[min(turn, len(slot.values) - 1)]
                for key, slot in slots.items()
                if key in names and slot.values
            }


def _selections(slots: Mapping[Key, Slot]) -> Iterator[frozenset[Key]]:
    """Which slots to fill: what a client sends, all, what must be; then every selection of few, and some of many."""
    must = frozenset(key for key, slot in slots.items() if slot.required)
    free = [key for key in slots if key not in must]
    likely = [key for key in free if key[0] == "body" and not is_given(key[1])]
    yield must | frozenset(likely)
    yield must | frozenset(free)
    yield must
    yield from (must | frozenset(likely) - {key} for key in likely)
    yield from (must | {key} for key in likely)
    if len(free) <= FEW:
        for flags in product((True, False), repeat=len(free)):
            yield must | frozenset(key for key, flag in zip(free, flags, strict=True) if flag)
        return
    chance = random.Random(len(free))  # noqa: S311  the same on each run
    for turn in range(2 * TRIES):
        share = (0.5, 0.75, 0.3)[turn % 3]
        yield must | frozenset(key for key in free if chance.random() < (share if key in likely else 0.1))
