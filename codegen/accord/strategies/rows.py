"""Choices varied together: few rows in which every combination of partitions stands that a contract allows."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from accord.covering import covering
from accord.document import Json
from accord.findings import ABSENT
from accord.strategies.partitions import Choice

Row = tuple[int, ...]
"""A partition's number for every factor; `VOID` where the factor's place is not in the value at all."""

Combination = tuple[tuple[int, int], ...]
"""Some factors, ascending, each with the number of a partition."""

VOID = -1
_MOST_TRIES = 4000
_OPEN_ROWS = 4


@dataclass(frozen=True, slots=True)
class Factor:
    """A choice with more than one partition; it is there where factor `parent` has one of the partitions `when`."""

    choice: Choice
    parent: int = VOID
    when: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The factors of a value, rows of them that conform, and the combinations that no conforming value can have.

    `untried` combinations were given up, because so many others had been tried before.
    """

    factors: tuple[Factor, ...]
    rows: tuple[Row, ...]
    ruled_out: frozenset[Combination] = frozenset()
    untried: frozenset[Combination] = frozenset()


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


def combinations(known: Sequence[Factor], strength: int) -> Iterator[Combination]:
    """Every combination of partitions of `strength` factors that can be in a value together."""
    width = min(strength, len(known))
    for places in itertools.combinations(range(len(known)), width):
        for numbers in itertools.product(*(range(len(known[place].choice.levels)) for place in places)):
            found = tuple(zip(places, numbers, strict=True))
            if _can_be(known, found):
                yield found


def held(row: Row, strength: int) -> Iterator[Combination]:
    """Every combination of partitions of `strength` factors that `row` has."""
    return itertools.combinations(present(row), min(strength, len(row)))


def present(row: Row) -> tuple[tuple[int, int], ...]:
    """The factors whose places are in `row`, each with its partition's number."""
    return tuple((at, number) for at, number in enumerate(row) if number != VOID)


def _can_be(known: Sequence[Factor], found: Combination) -> bool:
    return _wanted(known, found) is not None


def _wanted(known: Sequence[Factor], found: Combination) -> dict[int, int] | None:
    """The partitions that `found` needs, those of the places around included; None when two exclude each other."""
    needed = dict(found)
    for place, _ in found:
        factor = known[place]
        while factor.parent != VOID:
            at = factor.parent
            if needed.setdefault(at, min(factor.when)) not in factor.when:
                return None
            factor = known[at]
    return needed


@dataclass(slots=True)
class _Open:
    """A row in the making: what it must have, and what it has elsewhere."""

    numbers: dict[int, int]
    base: Sequence[int]


@dataclass(slots=True)
class _Search:
    known: tuple[Factor, ...]
    strength: int
    conforms: Callable[[Row], bool]
    covered: set[Combination] = field(default_factory=set)
    tries: int = 0
    ruled_out: list[Combination] = field(default_factory=list)
    untried: list[Combination] = field(default_factory=list)

    def tried(self, numbers: dict[int, int], base: Sequence[int]) -> bool:
        self.tries += 1
        return self.conforms(self.row(numbers, base))

    def cover(self, row: Row) -> None:
        self.covered.update(held(row, self.strength))
        self.covered.update((single,) for single in present(row))

    def row(self, numbers: dict[int, int], base: Sequence[int]) -> Row:
        return settled(self.known, [numbers.get(at, base[at]) for at in range(len(self.known))])


def arranged(
    roots: Sequence[Choice], strength: int, conforms: Callable[[Row], bool], repaired: Callable[[Row], Row]
) -> Arrangement:
    """Rows for `roots`: every combination of partitions over any `strength` factors, as far as `conforms` lets them be.

    `repaired` changes a row that does not conform into one that may. The first row is the plainest value.
    """
    known = factors(roots)
    search = _Search(known, strength, conforms)
    plain = settled(known, [0] * len(known))
    rows: dict[Row, None] = {}
    for row in [plain, *_covering(known, strength)]:
        found = settled(known, row)
        if not conforms(found):
            found = settled(known, repaired(found))
            if not conforms(found):
                continue
        rows[found] = None
        search.cover(found)
    more = _completed(search, plain)
    return Arrangement(
        known, tuple(dict.fromkeys((*rows, *more))), frozenset(search.ruled_out), frozenset(search.untried)
    )


def _covering(known: tuple[Factor, ...], strength: int) -> Iterator[Row]:
    """Rows in which the places that have factors inside are there; without them a row would vary little."""
    inner: dict[int, set[int]] = {}
    for factor in known:
        inner.setdefault(factor.parent, set()).update(factor.when)
    chosen = [sorted(inner.get(at, range(len(factor.choice.levels)))) for at, factor in enumerate(known)]
    for row in covering([len(numbers) for numbers in chosen], strength):
        yield tuple(numbers[number] for numbers, number in zip(chosen, row, strict=True))


def _completed(search: _Search, plain: Row) -> list[Row]:
    """Rows for the combinations that no row has yet, several in one; what no tried row can have is ruled out."""
    bare = [_absent(factor.choice) for factor in search.known]
    begun: list[_Open] = []
    for wanted in (*combinations(search.known, search.strength), *combinations(search.known, 1)):
        if wanted in search.covered:
            continue
        needed = _wanted(search.known, wanted) or {}
        if search.tries > _MOST_TRIES:
            search.untried.append(wanted)
            continue
        base = next((base for base in (plain, bare) if search.tried(needed, base)), None)
        if base is None:
            search.ruled_out.append(wanted)
        elif not _joined(search, begun[-_OPEN_ROWS:], needed):
            begun.append(_Open(dict(needed), base))
            sure = tuple(needed.get(at, VOID) for at in range(len(bare)))
            search.cover(sure)
    return [search.row(row.numbers, row.base) for row in begun]


def _joined(search: _Search, begun: Sequence[_Open], needed: dict[int, int]) -> bool:
    """Whether one of the rows that were `begun` could take in what is `needed` as well."""
    for row in begun:
        both = {**row.numbers, **needed}
        if any(row.numbers.get(at, number) != number for at, number in needed.items()):
            continue
        if search.tried(both, row.base):
            row.numbers = both
            sure = tuple(both.get(at, VOID) for at in range(len(search.known)))
            search.cover(sure)
            return True
    return False


def _absent(choice: Choice) -> int:
    """The number of the partition that leaves the place out, else the first."""
    levels = enumerate(choice.levels)
    return next((at for at, level in levels if level.value is ABSENT and not (level.members or level.items)), 0)
