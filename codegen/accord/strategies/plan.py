"""The plan: what an operation is asked before anything is left to chance, the most telling and cheapest first.

    made = plan(operation, values={"id": 17}, strength=2, declared=("GET", "POST"), paths=("/runs/", "/runs/{id}/"))
    made.due           the round that each step is due in, in which other operations have steps as well
    made.factors       what is varied together: `Factor(part, pointer, partitions)`, partitions by name
    made.stages        how many requests each stage has: {"plain": 3, "security": 17, "pairs": 24, ...}
    made.cut           how many more each stage would have, were there no `most`
    made.steps         the requests themselves, in order: `Step(case, stage, row)`; nothing random, nothing is sent here
    made.combinations  how many pairs (triples) of partitions stand in some row of `made`
    made.ruled_out     how many more no conforming request can have; `made.untried` those that were given up
    coverage(made, steps)  `Reached`: of partitions and combinations those that `steps` had, and all there are

A step of the stages `plain` and `pairs` has `rows`, several where they write the same request: the number of the
partition of each factor, -1 where the factor's place is not in the request. Steps are a plain sequence: send a
beginning of it where all of it is too much. The stages are dealt out in rounds, each in its own order, so that any
beginning has some of every kind; what is cheap and telling of each (each pair, each fault once, the plainest wrong
keys) comes before what is left. Operations that are kin share out between them what comes first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from accord.contract import Operation, SecurityScheme
from accord.document import Json
from accord.exchange import Request
from accord.strategies import invalid_steps, rows, valid_steps
from accord.strategies.alike import Likeness, Step, Steps, likeness
from accord.strategies.arranging import Arrangement, arranged
from accord.strategies.dealing import ALONE, Turn, dealt
from accord.strategies.merging import key_of
from accord.strategies.parts import Parts, parts

_MOST_COMBINATIONS = 150_000
"""Combinations of partitions beyond which fewer meet: arranging them takes longer than sending the rest."""

_MOST_SHARED = 1024
_STAGES = MappingProxyType({"keys": "security", "ways": "security", "ids": "parameters", "nowhere": "hostile"})
"""What kinds of request are called whose name is not their stage's."""

_NO_TURNS: Mapping[str, Turn] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What is varied: the part of the request (`body`, `media-type`, `query`, …), the place in it, its partitions."""

    part: str
    pointer: str
    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one operation is asked; see the module."""

    operation: Operation
    strength: int
    factors: tuple[Factor, ...]
    steps: Sequence[Step]
    due: tuple[float, ...] = ()
    stages: Mapping[str, int] = field(default_factory=dict)
    cut: Mapping[str, int] = field(default_factory=dict)
    combinations: int = 0
    ruled_out: int = 0
    untried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How many partitions and combinations of them requests had, of all that a plan knows."""

    partitions: int
    all_partitions: int
    combinations: int
    all_combinations: int


@dataclass(frozen=True, slots=True)
class _Pile:
    """Requests of one kind in their order, of which the `first` are telling."""

    kind: str
    first: int
    steps: tuple[Step, ...]

    @property
    def keys(self) -> list[str]:
        """What each of the steps is about: its fault, and how often there was such a one before; else its number."""
        seen: Counter[str] = Counter()
        found = []
        for step in self.steps:
            case = step.case
            about = "" if case.valid else f"{case.fault} {case.pointer}"
            found.append(f"{about} {seen[about]}")
            seen[about] += 1
        return found


@dataclass(frozen=True, slots=True)
class _Shared:
    """What operations that are alike have in common: the steps in piles, which each of them deals out."""

    known: Parts
    strength: int
    made: Arrangement
    factors: tuple[Factor, ...]
    piles: tuple[_Pile, ...]
    combinations: int


_shared: dict[Likeness, tuple[Operation, _Shared]] = {}


def plan(
    operation: Operation,
    *,
    values: Mapping[str, Json] | None = None,
    strength: int = 2,
    declared: Iterable[str] | None = None,
    paths: Iterable[str] | None = None,
    schemes: Iterable[SecurityScheme] = (),
    most: int | None = None,
    turns: Mapping[str, Turn] = _NO_TURNS,
) -> Plan:
    """The plan of `operation`. `values` pins parameters and top-level body properties by name.

    `declared` are the methods of the same path and `paths` all paths of the contract, where known; without them no
    other method or path is tried. `schemes` are the keys that its operations want. `strength` 3 covers triples; where
    there are too many the plan's own is lower. There are no more than `most` steps, the others are `cut`, and none
    where a required part cannot be written. `turns` say by kind of request which of how many kin `operation` is.
    """
    key = (*likeness(operation), strength, key_of(dict(values or {})))
    if key not in _shared:
        if len(_shared) >= _MOST_SHARED:
            _shared.clear()
        _shared[key] = (operation, _planned(parts(operation, values or {}), strength))
    first, shared = _shared[key]
    if not shared.known.writable:
        return Plan(operation=operation, strength=strength, factors=(), steps=())
    piles = (*shared.piles, *_astray(operation, shared, declared, paths), *_keyed(operation, shared, schemes))
    placed = _dealt(piles, turns)
    steps = [step for _, step in placed]
    kept = steps if most is None else steps[:most]
    return Plan(
        operation=operation,
        strength=shared.strength,
        factors=shared.factors,
        steps=Steps(tuple(kept), first, operation),
        due=tuple(due for due, _ in placed[: len(kept)]),
        stages=_stages(kept),
        cut=_stages(steps[len(kept) :]),
        combinations=shared.combinations,
        ruled_out=len(shared.made.ruled_out),
        untried=len(shared.made.untried),
    )


def _dealt(piles: Iterable[_Pile], turns: Mapping[str, Turn]) -> list[tuple[float, Step]]:
    """The steps of all piles, each with the round it is due in, in that order."""
    placed = [
        (due, at, pile.steps[number])
        for at, pile in enumerate(piles)
        for number, due in dealt(pile.kind, pile.keys, pile.first, turns.get(pile.kind, ALONE))
    ]
    return [(due, step) for due, _, step in sorted(placed, key=lambda item: item[:2])]


def _planned(known: Parts, strength: int) -> _Shared:
    if not known.writable:
        return _Shared(known, strength, Arrangement((), ()), (), (), 0)
    while strength > 1 and rows.size(known.factors, strength) > _MOST_COMBINATIONS:
        strength -= 1
    made = arranged(known.factors, strength, tuple(known.settings(strength)), known.conforms, known.repaired)
    covered = {item for row in made.rows for item in rows.held(row, strength)}
    factors = tuple(_named(known, factor) for factor in made.factors)
    return _Shared(known, strength, made, factors, _steps(known, made), len(covered))


def _named(known: Parts, factor: rows.Factor) -> Factor:
    names = tuple(level.name for level in factor.choice.levels)
    return Factor(part=known.part_of(factor), pointer=factor.choice.pointer, partitions=names)


def _steps(known: Parts, made: Arrangement) -> tuple[_Pile, ...]:
    """All steps but those that go astray in piles, each request once."""
    plain = tuple(Step(case=case, stage="plain", rows=(row,)) for case, row in valid_steps.plain(known, made))
    first, chosen = valid_steps.pairs(known, made)
    drawn = tuple(Step(case=case, stage="pairs", rows=(row,)) for case, row in chosen)
    piles = [_Pile("plain", len(plain), plain), _Pile("pairs", first, drawn)]
    piles += _piles((*valid_steps.odd(known, made), *invalid_steps.wrong(known, made)))
    unique: dict[tuple[Request, bool], Step] = {}
    for step in (step for pile in piles for step in pile.steps):
        found = unique.setdefault((step.case.request, step.case.valid), step)
        if new := tuple(row for row in step.rows if row not in found.rows):
            told = replace(found if found.rows else step, rows=(*found.rows, *new))  # for what both stand
            unique[step.case.request, step.case.valid] = told
    return tuple(replace(pile, steps=tuple(_taken(unique, pile.steps))) for pile in piles)


def _taken(unique: dict[tuple[Request, bool], Step], steps: Iterable[Step]) -> Iterator[Step]:
    """Those of `steps` that no pile has taken yet, as they are in `unique`."""
    for step in steps:
        if (found := unique.pop((step.case.request, step.case.valid), None)) is not None:
            yield found


def _piles(stages: Iterable[valid_steps.Stage]) -> Iterator[_Pile]:
    for kind, first, cases in stages:
        yield _Pile(kind, first, tuple(Step(case=case, stage=_STAGES.get(kind, kind)) for case in cases))


def _astray(
    operation: Operation, shared: _Shared, declared: Iterable[str] | None, paths: Iterable[str] | None
) -> Iterator[_Pile]:
    """The steps to other methods and paths, which no two operations have in common."""
    if shared.made.rows:
        draft = replace(shared.known.draft(shared.made.rows[0]), operation=operation)
        yield from _piles(invalid_steps.astray(draft, declared, paths))


def _keyed(operation: Operation, shared: _Shared, schemes: Iterable[SecurityScheme]) -> Iterator[_Pile]:
    """The steps with keys that other operations want."""
    if shared.made.rows:
        draft = replace(shared.known.draft(shared.made.rows[0]), operation=operation)
        yield from _piles(valid_steps.with_keys_of_others(draft, schemes))


def _stages(steps: Iterable[Step]) -> Mapping[str, int]:
    """How many requests each stage has, in order of appearance."""
    return dict(Counter(step.stage for step in steps))


def coverage(made: Plan, steps: Iterable[Step]) -> Reached:
    """What of `made` the `steps` that were sent have covered, also what was ruled out and turned up all the same."""
    found = steps.rows if isinstance(steps, Steps) else tuple(row for step in steps for row in step.rows)
    seen = {item for row in found for item in rows.present(row)}
    pairs = {item for row in found for item in rows.held(row, made.strength)}
    return Reached(
        partitions=len(seen),
        all_partitions=sum(len(factor.partitions) for factor in made.factors),
        combinations=len(pairs),
        all_combinations=max(made.combinations + made.untried, len(pairs)),
    )
