"""The plan: what an operation is asked before anything is left to chance, the most telling and cheapest first.

    made = plan(operation, values={"id": 17}, strength=2, declared=("GET", "POST"), paths=("/runs/", "/runs/{id}/"))
    made.factors       what is varied together: `Factor(part, pointer, partitions)`, partitions by name
    made.stages        how many requests each stage has: {"plain": 3, "security": 17, "pairs": 24, ...}
    made.steps         the requests themselves, in order: `Step(case, stage, row)`; nothing random, nothing is sent here
    made.combinations  how many pairs (triples) of partitions stand in some row of `made`
    made.ruled_out     how many more no conforming request can have; `made.untried` those that were given up
    coverage(made, steps)  `Reached`: of partitions and combinations those that `steps` had, and all there are

A step of the stages `plain` and `pairs` has a `row`: the number of the partition of each factor, -1 where the factor's
place is not in the request. Steps are a plain sequence: send a beginning of it where all of it is too much. The stages
are dealt out in turn, each in its own order, so that any beginning has some of every kind; what is cheap and telling of
each (each pair, each fault once, the plainest wrong keys) comes before what is left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accord.contract import Operation
from accord.document import Json
from accord.exchange import Case, Request
from accord.strategies import invalid_steps, rows, valid_steps
from accord.strategies.arranging import Arrangement, arranged
from accord.strategies.parts import Parts, parts
from accord.strategies.rows import Row

_MOST_COMBINATIONS = 150_000
"""Combinations of partitions beyond which fewer meet: arranging them takes longer than sending the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What is varied: the part of the request (`body`, `media-type`, `query`, …), the place in it, its partitions."""

    part: str
    pointer: str
    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a plan, the stage that it belongs to, and the partition of each factor where it has a row."""

    case: Case
    stage: str
    row: Row = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one operation is asked; see the module."""

    operation: Operation
    strength: int
    factors: tuple[Factor, ...]
    steps: tuple[Step, ...]
    combinations: int = 0
    ruled_out: int = 0
    untried: int = 0

    @property
    def stages(self) -> Mapping[str, int]:
        """How many requests each stage has, in order of appearance."""
        return dict(Counter(step.stage for step in self.steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How many partitions and combinations of them requests had, of all that a plan knows."""

    partitions: int
    all_partitions: int
    combinations: int
    all_combinations: int


def plan(
    operation: Operation,
    *,
    values: Mapping[str, Json] | None = None,
    strength: int = 2,
    declared: Iterable[str] | None = None,
    paths: Iterable[str] | None = None,
) -> Plan:
    """The plan of `operation`. `values` pins parameters and top-level body properties by name.

    `declared` are the methods of the same path and `paths` all paths of the contract, where known; without them no
    other method or path is tried. `strength` 3 covers triples; where there are too many the plan's own is lower. There
    are no steps where a required part cannot be written.
    """
    known = parts(operation, values or {})
    if not known.writable:
        return Plan(operation=operation, strength=strength, factors=(), steps=())
    while strength > 1 and rows.size(known.factors, strength) > _MOST_COMBINATIONS:
        strength -= 1
    made = arranged(known.factors, strength, tuple(known.settings(strength)), known.conforms, known.repaired)
    covered = {item for row in made.rows for item in rows.held(row, strength)}
    return Plan(
        operation=operation,
        strength=strength,
        factors=tuple(_named(known, factor) for factor in made.factors),
        steps=_steps(known, made, declared, paths),
        combinations=len(covered),
        ruled_out=len(made.ruled_out),
        untried=len(made.untried),
    )


def _named(known: Parts, factor: rows.Factor) -> Factor:
    names = tuple(level.name for level in factor.choice.levels)
    return Factor(part=known.part_of(factor), pointer=factor.choice.pointer, partitions=names)


def _steps(
    known: Parts, made: Arrangement, declared: Iterable[str] | None, paths: Iterable[str] | None
) -> tuple[Step, ...]:
    plain = [Step(case=case, stage="plain", row=row) for case, row in valid_steps.plain(known, made)]
    drawn = [Step(case=case, stage="pairs", row=row) for case, row in valid_steps.pairs(known, made)]
    piles: list[tuple[Sequence[Step], int]] = [(drawn, len(drawn))]
    for stage, first, cases in (
        *valid_steps.odd(known, made),
        *invalid_steps.wrong(known, made, declared, paths),
    ):
        piles.append(([Step(case=case, stage=stage) for case in cases], first))
    early = dealt([pile[:first] for pile, first in piles])
    late = dealt([pile[first:] for pile, first in piles])
    unique: dict[tuple[Request, bool], Step] = {}
    for step in (*plain, *early, *late):
        found = unique.setdefault((step.case.request, step.case.valid), step)
        if step.row and not found.row:
            unique[step.case.request, step.case.valid] = step  # in the same turn, its row told
    return tuple(unique.values())


def dealt(piles: Sequence[Sequence[Step]]) -> list[Step]:
    """The steps of all `piles`, each in its own order, mixed evenly: the same share of each at any time."""
    placed = [
        ((at + 1) / (len(pile) + 1), number, step) for number, pile in enumerate(piles) for at, step in enumerate(pile)
    ]
    return [step for _, _, step in sorted(placed, key=lambda item: item[:2])]


def coverage(made: Plan, steps: Iterable[Step]) -> Reached:
    """What of `made` the `steps` that were sent have covered."""
    seen: set[tuple[int, int]] = set()
    pairs: set[rows.Combination] = set()
    for step in steps:
        if step.row:
            seen.update(rows.present(step.row))
            pairs.update(rows.held(step.row, made.strength))
    return Reached(
        partitions=len(seen),
        all_partitions=sum(len(factor.partitions) for factor in made.factors),
        combinations=len(pairs),
        all_combinations=made.combinations + made.untried,
    )
