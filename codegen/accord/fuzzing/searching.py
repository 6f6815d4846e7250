"""The search for broken promises, in phases: what a plan says, what belongs together, what chance draws.

In each phase every operation has its turn: a budget that ends early has seen some of each.
"""

import bisect
import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from accord import strategies
from accord.contract import Operation
from accord.exchange import SUCCESS
from accord.findings import Unchecked
from accord.fuzzing import (
    connecting,
    lessons,
    making,
    parting,
    planning,
    preparing,
    renewing,
    stating,
    stepping,
    things,
)
from accord.fuzzing.asking import Keys, Search, Stop, clean_up, prepared, values_of
from accord.fuzzing.planning import LAST
from accord.fuzzing.shrinking import shrink_all
from accord.fuzzing.taking import learned, stopped
from accord.fuzzing.turning import Turn
from accord.fuzzing.walking import walk
from accord.profiling import coverage
from accord.strategies.alike import Step
from accord.strategies.driving import drive

ROUNDS = (1.2, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 32, 48)
"""Where the plans of all operations are cut: what is due before one of these rounds is sent of every operation."""

GUARDED = 1.2
"""Who lets whom in is asked before this round."""

KEYLESS = 2
"""So many requests with a wrong key, the most telling, ask for what is taken away."""

LEARNED = (3, 6)
"""What is due before these rounds tells whether an operation takes what conforms; late, of things made meanwhile."""

WALKED = (stepping.SOON, stepping.LATE)
"""Sequences come after what is due before these rounds."""

SCARCE = 12
"""Where there are fewer requests than this for an operation, nothing is sent for the sake of others."""


@dataclass(frozen=True, slots=True)
class _Field:
    """The operations of a search: those that come first, those that take away; which are over. See `SCARCE`."""

    state: Search
    operations: tuple[Operation, ...]
    scarce: bool
    over: set[str] = field(default_factory=set)

    @property
    def first(self) -> list[Operation]:
        return [item for item in self.operations if item.method not in LAST]

    @property
    def last(self) -> list[Operation]:
        return [item for item in self.operations if item.method in LAST]

    @property
    def left(self) -> tuple[Operation, ...]:
        return tuple(item for item in self.operations if item.name not in self.over)

    def every(self, chosen: list[Operation], phase: Callable[[Search, Operation], None]) -> None:
        """One phase of each of the `chosen` operations that are not over."""
        for operation in chosen:
            if operation.name not in self.over and not _phase(self.state, operation, phase):
                self.over.add(operation.name)


def search(state: Search, operations: tuple[Operation, ...]) -> None:
    """Search `operations` phase by phase; what is found is in `state`."""
    for operation in operations:
        coverage.expect(state.coverage, operation)
    budget = state.transport.settings.max_requests
    found = _Field(state, operations, scarce=budget is not None and budget < SCARCE * len(operations))
    try:
        if not found.scarce:
            _set_out(state, operations)
            walk(state, tuple(item for item in operations if item.name not in state.hooks), 0)
        new = [item for item in found.first if item.name not in state.exercised]
        found.every(new, functools.partial(planned, until=1))
        _in_rounds(found)
        found.every(found.first, planned)
        found.every(found.first, _parted)
        found.every(found.first, stating.hold)
        for operation in found.last:
            found.every([operation], planned)
            things.restore(state, operations, functools.partial(learned, state))
        found.every([*found.first, *found.last], _draw)
    except Stop as stop:
        stopped(state, "the rest", stop)
    finally:
        clean_up(state)


def _set_out(state: Search, operations: tuple[Operation, ...]) -> None:
    """Find things to ask for, and what the operations need that answer nothing but conflicts."""
    take = functools.partial(learned, state)
    things.find(state, operations, take)
    if preparing.unblock(state, operations, take):
        things.find(state, operations, take)


def _in_rounds(found: _Field) -> None:
    """Send the plans of all operations in `ROUNDS`, and what is due between them."""
    state = found.state
    for until in ROUNDS:
        found.every(found.first, functools.partial(planned, until=until))
        if until == GUARDED and not found.scarce:
            found.every(found.last, guarded)
        if until in LEARNED and not found.scarce:
            before = len(state.things.practised)
            lessons.learn(state, found.operations, functools.partial(learned, state))
            if until == LEARNED[0] or before < len(state.things.practised):
                _set_out(state, found.operations)
        if until in WALKED and not (found.scarce and until < WALKED[-1]):
            walk(state, found.left, until)


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


def planned(state: Search, operation: Operation, *, until: float | None = None) -> None:
    """Send what is due of the plan before round `until`; what of the plan was sent is noted however it ends."""
    aimed = making.aimed(state.things, operation)
    begin = state.planned.get(operation.name, 0)
    practised = operation.name in state.things.practised
    if practised and operation.name not in state.replanned:
        begin = 0  # it is another plan now
        state.replanned.add(operation.name)
    made = planning.made_for(state, aimed)
    end = len(made.steps) if until is None else bisect.bisect_left(made.due, until)
    if begin and end <= begin and (until is not None or operation.name not in state.postponed):
        return
    steps = sorted(made.steps, key=lambda step: step.case.valid) if operation.method in LAST else made.steps
    turn = Turn(state, operation, "plan", len(steps), begin)
    taken = any(status in SUCCESS for status in state.valid.get(operation.name, {}).values())
    if not begin and (beyond := planning.missing(made, state.limits)):
        state.unchecked.append(Unchecked(what=operation.name, reason=beyond))
    try:
        with turn.crew:
            for step in steps[begin:end]:
                if until is not None and _is_known(state, operation, step, taken=taken):
                    turn.postpone(step.case)
                else:
                    turn.put(step.case)
            turn.repeat()
            if until is None:
                turn.resume()
    finally:
        state.planned[operation.name] = turn.done
        if turn.done > begin or not begin:
            shares = planning.shares(made, steps[: turn.done])
            state.coverage.operations[operation.name].planned = dict(shares)


def _parted(state: Search, operation: Operation) -> None:
    """Send alone what was refused in company, where the contract says less than the service wants."""
    if operation.name not in state.things.practised and not lessons.is_refused(state, operation):
        return
    cases = parting.parted(operation, state.valid.get(operation.name, {}))
    turn = Turn(state, operation, "valid", len(cases))
    with turn.crew:
        for case in cases:
            turn.put(case)


def _is_known(state: Search, operation: Operation, step: Step, *, taken: bool) -> bool:
    """Whether a sequence has asked the same already, or more than the plainest, of which something was `taken`."""
    asked = state.valid.get(operation.name, {})
    return (taken and step.stage == "plain") or state.prepare(operation, step.case) in asked


def guarded(state: Search, operation: Operation) -> None:
    """Ask an operation that takes a thing away for one that was made for this, with no key and with a wrong one."""
    aimed = making.aimed(state.things, operation)
    made = planning.made_for(state, aimed)
    steps = [step for step in made.steps if step.stage == "security" and not step.case.valid][:KEYLESS]
    place = renewing.apart(state, aimed, functools.partial(learned, state)) if steps else None
    turn = Turn(state, operation, "plan", len(steps))
    with turn.crew:
        for step in steps:
            case = None if place is None else connecting.placed(aimed, step.case, place)
            if case is not None:
                turn.put(case)


def _draw(state: Search, operation: Operation) -> None:
    """Send what chance draws: half of it valid, half invalid."""
    values = values_of(state, operation)
    aimed = making.aimed(state.things, operation)
    half = state.limits.examples // 2
    declared = [other.method for other in state.contract.operations if other.path == operation.path]
    drawn = {
        "valid": strategies.valid_cases(aimed, values=values),
        "invalid": strategies.invalid_cases(aimed, values=values, declared=declared),
    }
    for phase, cases in drawn.items() if half else ():
        turn = Turn(state, operation, phase, half)
        with turn.crew:
            problem = drive(cases, turn.put, examples=half, seed=_seed(state.limits.seed, operation, phase))
            turn.repeat()
        turn.tell()  # the last may have been sent before
        if problem:
            state.unchecked.append(Unchecked(what=f"{phase} cases of {operation.name}", reason=problem))


def _seed(seed: int, operation: Operation, phase: str) -> int:
    """A seed of its own for every operation, so that leaving one out changes no other's cases."""
    return int.from_bytes(hashlib.sha256(f"{seed} {operation.name} {phase}".encode()).digest()[:8])
