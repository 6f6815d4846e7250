"""The search for broken promises, in phases: what a plan says, what belongs together, what chance draws.

In each phase every operation has its turn: a budget that ends early has seen some of each.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from accord import strategies
from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Case, Exchange
from accord.findings import Unchecked
from accord.fuzzing import parting, planning, practice, stating, things
from accord.fuzzing.asking import Crew, Keys, Progress, Search, Stop, clean_up, prepared, values_of
from accord.fuzzing.shrinking import shrink_all
from accord.fuzzing.taking import keep, stopped, watch
from accord.fuzzing.walking import LAST, walk
from accord.profiling import coverage
from accord.strategies.driving import drive

SLICES: tuple[tuple[int, int | None], ...] = ((0, 12), (12, 48), (48, 160), (160, None))
"""Where the plans of all operations are cut, so that the most telling part of each comes before the rest of any."""

EARLY = 2
"""So many slices come after the sequences, the rest before them."""


def search(state: Search, operations: tuple[Operation, ...]) -> None:
    """Search `operations` phase by phase; what is found is in `state`."""
    for operation in operations:
        coverage.expect(state.coverage, operation)
    over: set[str] = set()
    first = [item for item in operations if item.method not in LAST]
    last = [item for item in operations if item.method in LAST]

    def every(chosen: list[Operation], phase: Callable[[Search, Operation], None]) -> None:
        for operation in chosen:
            if operation.name not in over and not _phase(state, operation, phase):
                over.add(operation.name)

    cuts = _cuts(state, len(operations))
    try:
        if cuts is SLICES:
            things.find(state, operations, functools.partial(_learned, state))
        for begin, end in cuts[:-EARLY]:
            every(first, functools.partial(planned, begin=begin, end=end))
            if cuts is SLICES and not begin:
                things.learn(state, operations, functools.partial(_learned, state))
        walk(state, tuple(item for item in operations if item.name not in over), SLICES[-EARLY][0])
        for begin, end in cuts[-EARLY:]:
            every(first, functools.partial(planned, begin=begin, end=end))
        every(first, _parted)
        every(first, stating.hold)
        every(last, functools.partial(planned, begin=0, end=None))
        every([*first, *last], _draw)
    except Stop as stop:
        stopped(state, "the rest", stop)
    finally:
        clean_up(state)


def _cuts(state: Search, count: int) -> tuple[tuple[int, int | None], ...]:
    """Where plans are cut: where the requests are too few for the first slice of every operation, that one twice."""
    budget, first = state.transport.settings.max_requests, SLICES[0][1] or 0
    if budget is None or budget >= first * count:
        return SLICES
    share = max(budget // count, 1)
    return ((0, share), (share, first), *SLICES[1:])


def _phase(state: Search, operation: Operation, phase: Callable[[Search, Operation], None]) -> bool:
    """One phase of one operation, and what it found made small; False when its other phases can learn nothing more."""
    if not prepared(state, operation):
        return False
    state.answers.clear()
    ended: Stop | None = None
    state.keys.setdefault(operation.name, Keys()).silent = 0
    try:
        phase(state, operation)
    except Stop as stop:
        ended = stop
    if ended is None or ended.shrinks:
        shrink_all(state, operation)
    if ended is None:
        return True
    if ended.everything:
        raise ended
    stopped(state, operation.name, ended)
    return False


@dataclass(slots=True)
class _Turn:
    """One phase of one operation as it goes on."""

    state: Search
    operation: Operation
    phase: str
    total: int
    done: int = 0
    crew: Crew = field(init=False)
    waiting: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.crew = Crew(self.state, self.operation, self.take)

    def put(self, case: Case) -> bool:
        """Send one case; never a reason for Hypothesis to shrink."""
        self.done += 1
        self.state.exercised.add(self.operation.name)
        learned = self.operation.name in self.state.things.practised
        if learned and not practice.is_own(self.state.contract, self.operation, case):
            return False
        self.crew.put(things.renewed(self.state, self.operation, case, functools.partial(_learned, self.state)))
        return False

    def repeat(self) -> None:
        """Send once more what was refused because others had used up the thing that it names."""
        waiting, self.waiting = self.waiting, []
        for case in waiting:
            self.crew.put(things.renewed(self.state, self.operation, case, functools.partial(_learned, self.state)))

    def take(self, exchange: Exchange, judgement: Judgement) -> None:
        """Keep what one answer tells."""
        state = self.state
        state.cases[self.phase] += 1
        keep(state, exchange, judgement)
        self.waiting += things.heed(state.things, self.operation, exchange)
        state.progress(
            Progress(
                operation=self.operation.name,
                phase=self.phase,
                done=min(self.done, self.total),
                total=self.total,
                requests=state.transport.sent,
                findings=len(state.sightings.seen),
            )
        )
        watch(state, self.operation, exchange)


def _learned(state: Search, operation: Operation, exchange: Exchange, judgement: Judgement) -> None:
    """Keep what an answer tells that was asked for the sake of others."""
    state.cases["setup"] += 1
    state.exercised.add(operation.name)
    keep(state, exchange, judgement)
    watch(state, operation, exchange)


def planned(state: Search, operation: Operation, *, begin: int, end: int | None) -> None:
    """Send a slice of the plan; what of the plan was sent is noted however it ends."""
    aimed = things.aimed(state.things, operation)
    if begin == SLICES[0][1] and operation.name in state.things.practised:
        begin = 0  # it is another plan now
    made = planning.planned(state.contract, aimed, state.limits, values_of(state, operation))
    steps = sorted(made.steps, key=lambda step: step.case.valid) if operation.method in LAST else made.steps
    turn = _Turn(state, operation, "plan", len(steps), begin)
    if not begin and (beyond := planning.missing(made, state.limits)):
        state.unchecked.append(Unchecked(what=operation.name, reason=beyond))
    try:
        with turn.crew:
            for step in steps[begin:end]:
                turn.put(step.case)
            turn.repeat()
    finally:
        if turn.done > begin or not begin:
            shares = planning.shares(made, steps[: turn.done])
            state.coverage.operations[operation.name].planned = dict(shares)


def _parted(state: Search, operation: Operation) -> None:
    """Send alone what was refused in company, where the contract says less than the service wants."""
    if operation.name not in state.things.practised:
        return
    cases = parting.parted(operation, state.valid.get(operation.name, {}))
    turn = _Turn(state, operation, "valid", len(cases))
    with turn.crew:
        for case in cases:
            turn.put(case)


def _draw(state: Search, operation: Operation) -> None:
    """Send what chance draws: half of it valid, half invalid."""
    values = values_of(state, operation)
    aimed = things.aimed(state.things, operation)
    half = state.limits.examples // 2
    declared = [other.method for other in state.contract.operations if other.path == operation.path]
    drawn = {
        "valid": strategies.valid_cases(aimed, values=values),
        "invalid": strategies.invalid_cases(aimed, values=values, declared=declared),
    }
    for phase, cases in drawn.items() if half else ():
        turn = _Turn(state, operation, phase, half)
        with turn.crew:
            problem = drive(cases, turn.put, examples=half, seed=_seed(state.limits.seed, operation, phase))
            turn.repeat()
        if problem:
            state.unchecked.append(Unchecked(what=f"{phase} cases of {operation.name}", reason=problem))


def _seed(seed: int, operation: Operation, phase: str) -> int:
    """A seed of its own for every operation, so that leaving one out changes no other's cases."""
    return int.from_bytes(hashlib.sha256(f"{seed} {operation.name} {phase}".encode()).digest()[:8])
