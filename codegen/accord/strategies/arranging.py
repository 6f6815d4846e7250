"""Few rows in which every combination of partitions stands that a contract allows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from accord.strategies.covering import covering
from accord.strategies.rows import VOID, Combination, Factor, Row, absent, combinations, held, needed, present, settled

_MOST_TRIES = 3000
_MOST_JOINS = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """Partitions that some rows share (a media type, a branch of the body), and how many are to meet beside them."""

    fixed: dict[int, int]
    strength: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rows that conform, and the combinations that no conforming value can have.

    `untried` combinations were given up, because so many others had been tried before.
    """

    factors: tuple[Factor, ...]
    rows: tuple[Row, ...]
    ruled_out: frozenset[Combination] = frozenset()
    untried: frozenset[Combination] = frozenset()


@dataclass(slots=True)
class _Open:
    """A row in the making: what it must have, and what it has elsewhere."""

    numbers: dict[int, int]
    base: Row


@dataclass(slots=True)
class _Search:
    known: tuple[Factor, ...]
    strength: int
    conforms: Callable[[Row], bool]
    repaired: Callable[[Row], Row]
    rows: dict[Row, None] = field(default_factory=dict)
    covered: set[Combination] = field(default_factory=set)
    bases: list[tuple[Setting, tuple[Row, ...], set[tuple[int, int]]]] = field(default_factory=list)
    ruled_out: list[Combination] = field(default_factory=list)
    untried: list[Combination] = field(default_factory=list)
    tries: int = 0

    def row(self, numbers: dict[int, int], base: Sequence[int]) -> Row:
        return settled(self.known, [numbers.get(at, base[at]) for at in range(len(self.known))])

    def tried(self, numbers: dict[int, int], base: Sequence[int]) -> bool:
        self.tries += 1
        return self.conforms(self.row(numbers, base))

    def cover(self, row: Row) -> None:
        self.covered.update(held(row, self.strength))
        self.covered.update((single,) for single in present(row))

    def keep(self, row: Row) -> None:
        if row not in self.rows:
            self.rows[row] = None
            self.cover(row)


def arranged(
    known: tuple[Factor, ...],
    strength: int,
    settings: Sequence[Setting],
    conforms: Callable[[Row], bool],
    repaired: Callable[[Row], Row],
) -> Arrangement:
    """Rows for the factors `known`: every combination of partitions over `strength` of them that `conforms` lets be.

    Rows are made setting by setting, each with its own strength, and then for what no row has yet. `repaired` changes a
    row that does not conform into one that may. The first row is the plainest value of the first setting.
    """
    search = _Search(known, strength, conforms, repaired)
    for setting in settings:
        _cover(search, setting)
    begun = _completed(search)
    for row in begun:
        search.keep(search.row(row.numbers, row.base))
    return Arrangement(known, tuple(search.rows), frozenset(search.ruled_out), frozenset(search.untried))


def _cover(search: _Search, setting: Setting) -> None:
    """Rows of one setting: what cannot be beside it is left out beforehand."""
    known = search.known
    bases = _bases_of(search, setting)
    if not bases:
        return
    base = bases[0]
    search.keep(base)
    allowed = {at: _allowed(search, setting, at, bases) for at in range(len(known)) if at not in setting.fixed}
    search.bases.append((setting, bases, {(at, number) for at, found in allowed.items() for number in found}))
    inner: dict[int, set[int]] = {}
    for at, factor in enumerate(known):
        if allowed.get(at):
            inner.setdefault(factor.parent, set()).update(factor.when)
    places = [at for at, found in allowed.items() if found]
    chosen = [[n for n in allowed[at] if n in inner.get(at, {n})] or allowed[at] for at in places]
    for row in covering([len(numbers) for numbers in chosen], setting.strength):
        numbers = {at: options[number] for at, options, number in zip(places, chosen, row, strict=True)}
        found = search.row({**numbers, **setting.fixed}, base)
        if not search.conforms(found):
            found = settled(known, search.repaired(found))
        if search.conforms(found):
            search.keep(found)


def _bases_of(search: _Search, setting: Setting) -> tuple[Row, ...]:
    """Rows of `setting` to start from: the plainest, repaired where need be, and the barest."""
    plain = search.row(setting.fixed, [0] * len(search.known))
    bare = search.row(setting.fixed, [absent(factor.choice) for factor in search.known])
    tried = [plain if search.conforms(plain) else settled(search.known, search.repaired(plain)), bare]
    fitting = [row for row in tried if all(row[at] == number for at, number in setting.fixed.items())]
    return tuple(dict.fromkeys(row for row in fitting if search.conforms(row)))


def _allowed(search: _Search, setting: Setting, at: int, bases: tuple[Row, ...]) -> list[int]:
    """The partitions of one factor that a row of `setting` can have, its own first."""
    found = []
    for number in range(len(search.known[at].choice.levels)):
        wanted = needed(search.known, ((at, number),), setting.fixed)
        if wanted is None:
            continue
        tried = (search.row(wanted, base) for base in bases)
        if any(row in bases or search.conforms(row) for row in tried):
            found.append(number)
    return sorted(found, key=lambda number: number != bases[0][at])


def _completed(search: _Search) -> list[_Open]:
    """Rows for the combinations that no row has yet, several in one; what no tried row can have is ruled out."""
    begun: list[_Open] = []
    known, covered = search.known, search.covered
    for wanted in chain(combinations(known, search.strength, covered), combinations(known, 1, covered)):
        bases = list(_bases(search, wanted))
        if not bases:
            search.ruled_out.append(wanted)
        elif search.tries > _MOST_TRIES:
            search.untried.append(wanted)
        elif not any(_joined(search, begun, numbers) for _, numbers in bases):
            found = next((option for option in bases if search.tried(option[1], option[0])), None)
            if found is None:
                search.ruled_out.append(wanted)
                continue
            begun.append(_Open(found[1], found[0]))
            search.cover(_sure(search, found[1]))
    return begun


def _bases(search: _Search, wanted: Combination) -> Iterator[tuple[Row, dict[int, int]]]:
    """The rows that may take in `wanted`, and what that needs: of the settings in which each part is allowed."""
    inside = False
    for setting, bases, allowed in search.bases:
        numbers = needed(search.known, wanted, setting.fixed)
        if numbers is None:
            continue
        inside = True
        if all(at in setting.fixed or (at, number) in allowed for at, number in numbers.items()):
            yield from ((base, numbers) for base in bases)
    if not inside and search.bases:
        yield search.bases[0][1][0], needed(search.known, wanted) or {}


def _joined(search: _Search, begun: Sequence[_Open], numbers: dict[int, int]) -> bool:
    """Whether one of the rows that were `begun` could take in `numbers` as well."""
    tries = 0
    for row in reversed(begun):
        if tries >= _MOST_JOINS or any(row.numbers.get(at, number) != number for at, number in numbers.items()):
            continue
        tries += 1
        both = {**row.numbers, **numbers}
        if search.tried(both, row.base):
            row.numbers = both
            search.cover(_sure(search, both))
            return True
    return False


def _sure(search: _Search, numbers: dict[int, int]) -> Row:
    return tuple(numbers.get(at, VOID) for at in range(len(search.known)))
