"""The search for broken promises, in phases: what a plan says, what belongs together, what chance draws.

In each phase every operation has its turn: a budget that ends early has seen some of each.
"""

import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from accord import strategies
from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Case, Exchange
from accord.findings import Severity, Unchecked
from accord.fuzzing import planning, sequences, sightings
from accord.fuzzing.asking import Crew, Keys, Progress, Search, Stop, asked, clean_up, prepared, values_of
from accord.fuzzing.shrinking import FLAKY, SLOW, shrink
from accord.profiling import coverage
from accord.strategies.driving import drive

GIVE_UP = 5
"""So many conforming requests refused for their key in a row, none taken, say that all will be."""

GONE = 3
"""So many refused connections in a row say that the server is gone."""

SILENCE = 5
"""So many requests in a row without an answer end an operation's search, where each costs a timeout."""

LATE = 10
"""So many requests without an answer in time end an operation's phase, also between others."""

QUICK_SILENCE = 30
"""So many in a row end it where the connection is closed at once."""

ALIKE = 60
"""So many findings of one code, operation and status are made small; the others say that they are not."""

AUTHENTICATION = frozenset({401, 403})

SLICES: tuple[tuple[int, int | None], ...] = ((0, 12), (12, 48), (48, 160), (160, None))
"""Where the plans of all operations are cut, so that the most telling part of each comes before the rest of any."""

EARLY = 2
"""So many slices come after the sequences, the rest before them."""

LAST = frozenset({"DELETE"})
"""Methods whose operations wait for all others, but for sequences: what they take away is asked for by those."""


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
        for begin, end in cuts[:-EARLY]:
            every(first, functools.partial(planned, begin=begin, end=end))
        _sequences(state, tuple(item for item in operations if item.name not in over))
        for begin, end in cuts[-EARLY:]:
            every(first, functools.partial(planned, begin=begin, end=end))
        every(last, functools.partial(planned, begin=0, end=None))
        every([*first, *last], _draw)
    except Stop as stop:
        _stopped(state, "the rest", stop)
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
        _shrunk(state, operation)
    if ended is None:
        return True
    if ended.everything:
        raise ended
    _stopped(state, operation.name, ended)
    return False


def _shrunk(state: Search, operation: Operation) -> None:
    """Make small what is not, which may bring forth more; of what shows again and again in other places only some."""
    while True:
        alike = Counter((item.identity[:4]) for item in state.sightings.seen if item.shrunk)
        waiting = (
            item
            for item in state.sightings.seen
            if not item.shrunk and not item.earlier and alike[item.identity[:4]] < ALIKE
        )
        seen = next((item for item in waiting if item.finding.operation == operation.name), None)
        if seen is None:
            return
        shrink(state, operation, seen)


def _stopped(state: Search, what: str, stop: Stop) -> None:
    state.unchecked.append(Unchecked(what=what, reason=stop.reason))
    state.cut.update(state.exercised if stop.everything else (what,))
    state.unreachable = stop.reason if stop.unreachable else state.unreachable


@dataclass(slots=True)
class _Turn:
    """One phase of one operation as it goes on."""

    state: Search
    operation: Operation
    phase: str
    total: int
    done: int = 0
    crew: Crew = field(init=False)

    def __post_init__(self) -> None:
        self.crew = Crew(self.state, self.operation, self.take)

    def put(self, case: Case) -> bool:
        """Send one case; never a reason for Hypothesis to shrink."""
        self.done += 1
        self.state.exercised.add(self.operation.name)
        self.crew.put(case)
        return False

    def take(self, exchange: Exchange, judgement: Judgement) -> None:
        """Keep what one answer tells."""
        state = self.state
        state.cases[self.phase] += 1
        _keep(state, exchange, judgement)
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
        _watch(state, self.operation, exchange)


def _keep(state: Search, exchange: Exchange, judgement: Judgement, earlier: tuple[Exchange, ...] = ()) -> None:
    for finding in judgement.findings:
        sightings.keep(state.sightings, exchange, finding, earlier)
    limit = state.limits.stop_after
    errors = (item for item in state.sightings.seen if item.finding.severity is Severity.ERROR)
    if limit and judgement.findings and sum(1 for _ in errors) >= limit:
        raise Stop(f"was not sent: {limit} findings are enough, says --stop-after", everything=True, shrinks=True)


def planned(state: Search, operation: Operation, *, begin: int, end: int | None) -> None:
    """Send a slice of the plan; what of the plan was sent is noted however it ends."""
    made = planning.planned(state.contract, operation, state.limits, values_of(state, operation))
    steps = sorted(made.steps, key=lambda step: step.case.valid) if operation.method in LAST else made.steps
    turn = _Turn(state, operation, "plan", len(steps), begin)
    if not begin and (beyond := planning.missing(made, state.limits)):
        state.unchecked.append(Unchecked(what=operation.name, reason=beyond))
    try:
        with turn.crew:
            for step in steps[begin:end]:
                turn.put(step.case)
    finally:
        if turn.done > begin or not begin:
            shares = planning.shares(made, steps[: turn.done])
            state.coverage.operations[operation.name].planned = dict(shares)


def _draw(state: Search, operation: Operation) -> None:
    """Send what chance draws: half of it valid, half invalid."""
    values = values_of(state, operation)
    half = state.limits.examples // 2
    declared = [other.method for other in state.contract.operations if other.path == operation.path]
    drawn = {
        "valid": strategies.valid_cases(operation, values=values),
        "invalid": strategies.invalid_cases(operation, values=values, declared=declared),
    }
    for phase, cases in drawn.items() if half else ():
        turn = _Turn(state, operation, phase, half)
        with turn.crew:
            problem = drive(cases, turn.put, examples=half, seed=_seed(state.limits.seed, operation, phase))
        if problem:
            state.unchecked.append(Unchecked(what=f"{phase} cases of {operation.name}", reason=problem))


def _sequences(state: Search, operations: tuple[Operation, ...]) -> None:
    """Send what tells of the memory of a service; a sequence ends where the next request cannot be made."""

    def cases(operation: Operation) -> tuple[Case, ...]:
        steps = planning.planned(state.contract, operation, state.limits, values_of(state, operation)).steps[
            : SLICES[-EARLY][0]
        ]
        return tuple(step.case for step in steps if step.case.valid)

    known = {name: value for item in operations for name, value in values_of(state, item).items()}
    repeated = (each for item in operations if item.method not in LAST for each in sequences.again(item, cases))
    for sequence in (*repeated, *sequences.lives(operations, known, cases)):
        try:
            _sequence(state, sequence)
        except Stop as stop:
            if stop.everything:
                raise
            _stopped(state, sequence.name, stop)


def _sequence(state: Search, sequence: sequences.Sequence) -> None:
    """Send one sequence, and once more when that brought forth something new, which then must show again."""
    before = len(state.sightings.seen)
    for step, exchange, judgement, earlier in _walked(state, sequence):
        state.cases["sequence"] += 1
        _keep(state, exchange, judgement, earlier)
        _watch(state, step.operation, exchange)
    for operation in dict.fromkeys(step.operation.name for step in sequence.steps):
        _shrunk(state, next(step.operation for step in sequence.steps if step.operation.name == operation))
    waiting = [item for item in state.sightings.seen[before:] if not item.shrunk]
    if waiting:
        again = {finding.identity for *_, judgement, _ in _walked(state, sequence) for finding in judgement.findings}
    for seen in waiting:
        seen.shrunk = True
        if seen.identity not in again:
            seen.notes.append(FLAKY)


def _walked(
    state: Search, sequence: sequences.Sequence
) -> Iterator[tuple[sequences.Step, Exchange, Judgement, tuple[Exchange, ...]]]:
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        made = step.case(earlier)
        if made is None:
            reason = "the answers before it name no thing that it could be sent to"
            state.unchecked.append(Unchecked(what=f"{step.operation.name} in a sequence", reason=reason))
            return
        case = replace(state.prepare(step.operation, made), sequence=sequence.name)
        exchange, judgement = asked(state, step.operation, case, earlier)
        yield step, exchange, judgement, earlier
        earlier = (*earlier, exchange)


def _watch(state: Search, operation: Operation, exchange: Exchange) -> None:
    """End a search that can learn nothing: nobody answers, or no key is taken."""
    keys = state.keys.setdefault(operation.name, Keys())
    if exchange.response is None:
        _silence(exchange.failure, keys)
        return
    keys.silent, keys.answered = 0, True
    if exchange.case is None or not exchange.case.valid:
        return
    if exchange.response.status in AUTHENTICATION:
        keys.refused += 1
        if keys.refused >= GIVE_UP and not keys.taken:
            raise Stop(f"every conforming request was refused with status {exchange.response.status}", shrinks=True)
    else:
        keys.taken += 1


def _silence(failure: str, keys: Keys) -> None:
    keys.silent += 1
    slow = failure.startswith(SLOW)
    keys.late += slow
    if failure.startswith(("refused", "could not be reached", "has a name")) and keys.silent >= GONE:
        raise Stop(f"the server {failure}", everything=True, unreachable=True)
    limit = SILENCE if slow or not keys.answered else QUICK_SILENCE
    if keys.silent >= limit:
        raise Stop(f"{limit} requests in a row got no answer; the rest was not sent", shrinks=True)
    if keys.late >= LATE:
        raise Stop(f"{LATE} requests got no answer in time; the rest was not sent", shrinks=True)


def _seed(seed: int, operation: Operation, phase: str) -> int:
    """A seed of its own for every operation, so that leaving one out changes no other's cases."""
    return int.from_bytes(hashlib.sha256(f"{seed} {operation.name} {phase}".encode()).digest()[:8])
