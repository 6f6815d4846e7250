"""Choices varied together: factors, rows of their partitions, and combinations of these."""

import itertools
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from accord.document import Json
from accord.findings import ABSENT
from accord.strategies.partitions import Choice

Row = tuple[int, ...]
"""A partition's number for every factor; `VOID` where the factor's place is not in the value at all."""

Combination = tuple[tuple[int, int], ...]
"""Some factors, ascending, each with the number of a partition."""

VOID = -1


@dataclass(frozen=True, slots=True)
class Factor:
    """A choice with more than one partition; it is there where factor `parent` has one of the partitions `when`."""

    choice: Choice
    parent: int = VOID
    when: frozenset[int] = frozenset()


def factors(roots: Sequence[Choice]) -> tuple[Factor, ...]:
    """The factors of `roots`, outer ones before their parts."""
    found: list[Factor] = []
    known: dict[int, int] = {}

    def add(choice: Choice, parent: int, when: frozenset[int]) -> None:
        if id(choice) in known:
            at = known[id(choice)]
            found[at] = Factor(choice, parent, found[at].when | when)
            return
        here = parent
        if len(choice.levels) > 1:
            here = known[id(choice)] = len(found)
            found.append(Factor(choice, parent, when))
        for number, level in enumerate(choice.levels):
            inside = frozenset({number}) if here != parent else when
            for part in (*level.members, *level.items):
                add(part, here, inside)

    for root in roots:
        add(root, VOID, frozenset())
    return tuple(found)


def value_of(choice: Choice, numbers: Mapping[int, int], overrides: Mapping[int, Json] | None = None) -> Json:
    """The value of `choice` where each choice, by its identity, has the partition that `numbers` say, else its first.

    ABSENT where it is left out; `overrides` are values in place of partitions.
    """
    if overrides and id(choice) in overrides:
        return overrides[id(choice)]
    level = choice.levels[max(numbers.get(id(choice), 0), 0)]
    if level.members:
        parts = ((part.name, value_of(part, numbers, overrides)) for part in level.members)
        return {name: value for name, value in parts if value is not ABSENT}
    if level.items:
        return [value_of(part, numbers, overrides) for part in level.items]
    return level.value


def settled(known: Sequence[Factor], row: Sequence[int]) -> Row:
    """`row` with VOID for every factor whose place is not there."""
    found: list[int] = []
    for factor, number in zip(known, row, strict=True):
        there = factor.parent == VOID or found[factor.parent] in factor.when
        found.append(max(number, 0) if there else VOID)
    return tuple(found)


def combinations(
    known: Sequence[Factor], strength: int, but: Container[Combination] = frozenset()
) -> Iterator[Combination]:
    """Every combination of partitions of `strength` factors that can be in a value together, and is not in `but`."""
    width = min(strength, len(known))
    for places in itertools.combinations(range(len(known)), width):
        for numbers in itertools.product(*(range(len(known[place].choice.levels)) for place in places)):
            found = tuple(zip(places, numbers, strict=True))
            if found not in but and needed(known, found) is not None:
                yield found


def size(known: Sequence[Factor], strength: int) -> int:
    """How many combinations of partitions of `strength` factors there are at most."""
    sums = [1] + [0] * strength
    for factor in known:
        for width in range(strength, 0, -1):
            sums[width] += sums[width - 1] * len(factor.choice.levels)
    return sums[strength]


def held(row: Row, strength: int) -> Iterator[Combination]:
    """Every combination of partitions of `strength` factors that `row` has."""
    return itertools.combinations(present(row), min(strength, len(row)))


def present(row: Row) -> tuple[tuple[int, int], ...]:
    """The factors whose places are in `row`, each with its partition's number."""
    return tuple((at, number) for at, number in enumerate(row) if number != VOID)


def needed(
    known: Sequence[Factor], found: Combination, around: Mapping[int, int] = MappingProxyType({})
) -> dict[int, int] | None:
    """The partitions that `found` needs, those of the places around included; None when two exclude each other.

    `around` are partitions that are settled.
    """
    wanted = {**around, **dict(found)}
    if any(wanted[at] != number for at, number in around.items()):
        return None
    for place, _ in found:
        factor = known[place]
        while factor.parent != VOID:
            at = factor.parent
            if wanted.setdefault(at, min(factor.when)) not in factor.when:
                return None
            factor = known[at]
    return wanted


def absent(choice: Choice) -> int:
    """The number of the partition that leaves the place out, else the first."""
    levels = enumerate(choice.levels)
    return next((at for at, level in levels if level.value is ABSENT and not (level.members or level.items)), 0)
