"""The search for broken promises: cases are drawn and sent, checks judge, a small witness is kept for each finding."""

import hashlib
from dataclasses import replace

from accord import coverage, sequences, strategies
from accord.asking import Draws, Keys, Progress, Search, Stop, asked, judged, keep
from accord.contract import Operation
from accord.driving import drive
from accord.exchange import Case, Exchange
from accord.findings import Unchecked
from accord.shrinking import SLOW, shrink

GIVE_UP = 3
"""So many conforming requests refused for their key, or refused connections, in a row say that all will be."""

SILENCE = 5
"""So many requests in a row without an answer end an operation's search, where each costs a timeout."""

QUICK_SILENCE = 30
"""Likewise where the connection is closed at once."""

AUTHENTICATION = frozenset({401, 403})


def search(state: Search, operations: tuple[Operation, ...]) -> None:
    """Search `operations` one after the other, then in sequences; what is found is in `state`."""
    for operation in operations:
        coverage.expect(state.coverage, operation)
    for operation in operations:
        state.answers.clear()
        state.silent = 0
        try:
            _operation(state, operation)
        except Stop as stop:
            _stopped(state, operation.name, stop)
            if stop.everything:
                return
    _sequences(state, tuple(item for item in operations if item.name in state.exercised))


def _stopped(state: Search, what: str, stop: Stop) -> None:
    state.unchecked.append(Unchecked(what=what, reason=stop.reason))
    if stop.unreachable:
        state.unreachable = stop.reason


def _sequences(state: Search, operations: tuple[Operation, ...]) -> None:
    """Send what tells of the memory of a service; a sequence ends where the next request cannot be made."""

    def cases(operation: Operation) -> tuple[Case, ...]:
        return tuple(state.valid.get(operation.name, ()))

    planned = [item for operation in operations for item in sequences.again(operation, cases)]
    for sequence in (*planned, *sequences.lives(operations, dict(state.limits.values), cases)):
        state.silent = 0
        try:
            _sequence(state, sequence)
        except Stop as stop:
            _stopped(state, sequence.name, stop)
            if stop.everything:
                return


def _sequence(state: Search, sequence: sequences.Sequence) -> None:
    earlier: tuple[Exchange, ...] = ()
    outcome = Keys()
    for step in sequence.steps:
        made = step.case(earlier)
        if made is None:
            reason = "the answers before it name no thing that it could be sent to"
            state.unchecked.append(Unchecked(what=f"{step.operation.name} in a sequence", reason=reason))
            return
        case = replace(state.prepare(step.operation, made), sequence=sequence.name)
        state.cases["sequence"] += 1
        exchange, judgement = asked(state, step.operation, case, earlier)
        coverage.add(state.coverage, step.operation, exchange)
        keep(state, exchange, judgement, earlier)
        _watch(state, exchange, outcome)
        earlier = (*earlier, exchange)


def _operation(state: Search, operation: Operation) -> None:
    values = dict(state.limits.values)
    half = max(state.limits.examples // 2, 1)
    declared = [other.method for other in state.contract.operations if other.path == operation.path]
    drawn = {
        "valid": strategies.valid_cases(operation, values=values),
        "invalid": strategies.invalid_cases(operation, values=values, declared=declared),
    }
    for phase, cases in drawn.items():
        draws = Draws(cases, half, _seed(state.limits.seed, operation, phase))
        before = set(state.seen)
        ended = _sweep(state, operation, phase, draws)
        for identity in [identity for identity in state.seen if identity not in before]:
            shrink(state, operation, identity, draws)
        if ended is not None:
            raise ended


def _sweep(state: Search, operation: Operation, phase: str, draws: Draws) -> Stop | None:
    """Send the cases of one phase; why it ended early, where what was found can still be shrunk."""
    done = 0
    outcome = Keys()

    def visit(case: Case) -> bool:
        nonlocal done
        done += 1
        state.cases[phase] += 1
        state.exercised.add(operation.name)
        if case.valid:
            state.valid.setdefault(operation.name, []).append(case)
        exchange, judgement = judged(state, operation, case)
        coverage.add(state.coverage, operation, exchange)
        keep(state, exchange, judgement)
        _watch(state, exchange, outcome)
        state.progress(
            Progress(
                operation=operation.name,
                phase=phase,
                done=min(done, draws.examples),
                total=draws.examples,
                requests=state.transport.sent,
                findings=len(state.seen),
            )
        )
        return False

    try:
        problem = drive(draws.strategy, visit, examples=draws.examples, seed=draws.seed)
    except Stop as stop:
        if stop.everything or not stop.shrinks:
            raise
        return stop
    if problem:
        state.unchecked.append(Unchecked(what=f"{phase} cases of {operation.name}", reason=problem))
    return None


def _watch(state: Search, exchange: Exchange, outcome: Keys) -> None:
    """End a search that can learn nothing: nobody answers, or no key is taken."""
    if exchange.response is None:
        state.silent += 1
        gone = exchange.failure.startswith(("refused", "could not be reached", "has a name"))
        if gone and state.silent >= GIVE_UP:
            raise Stop(f"the server {exchange.failure}", everything=True, unreachable=True)
        limit = SILENCE if exchange.failure.startswith(SLOW) or not outcome.answered else QUICK_SILENCE
        if state.silent >= limit:
            raise Stop(f"{limit} requests in a row got no answer; the rest was not sent", shrinks=True)
        return
    state.silent = 0
    outcome.answered = True
    if exchange.case is None or not exchange.case.valid:
        return
    if exchange.response.status in AUTHENTICATION:
        state.keys_refused += 1
        outcome.refused += 1
        if outcome.refused >= GIVE_UP and not outcome.taken:
            raise Stop(f"every conforming request was refused with status {exchange.response.status}")
    else:
        state.keys_taken += 1
        outcome.taken += 1


def _seed(seed: int, operation: Operation, phase: str) -> int:
    """A seed of its own for every operation, so that leaving one out changes no other's cases."""
    return int.from_bytes(hashlib.sha256(f"{seed} {operation.name} {phase}".encode()).digest()[:8])
