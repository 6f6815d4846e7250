"""Sequences as they are sent: each request made from the answers before it, each answer judged with them."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from accord.checks import Judgement
from accord.contract import Operation
from accord.document import Json
from accord.exchange import SUCCESS, Case, Exchange
from accord.findings import Unchecked
from accord.fuzzing import (
    belonging,
    doubting,
    listing,
    making,
    mentioning,
    planning,
    preparing,
    refusing,
    renewing,
    retrying,
    sequences,
    standing,
    stepping,
)
from accord.fuzzing.asking import Search, Stop, asked, values_of
from accord.fuzzing.planning import LAST
from accord.fuzzing.shrinking import shrink_all
from accord.fuzzing.statements import REFUSALS
from accord.fuzzing.taking import keep, learned, stopped, watch
from accord.fuzzing.trimming import trim_all

UNFIT = REFUSALS | {preparing.CONFLICT}
"""Statuses of requests that a sequence is better sent without."""

FIRST = 48
"""So many steps of each plan are what sequences are made from."""

ENOUGH = 4
"""So many that were taken are enough to be all, of an operation that refuses much of what conforms."""


def walk(state: Search, chosen: tuple[Operation, ...], until: float) -> None:
    """Send what tells of the memory of a service and is due by round `until`, made from the `FIRST` steps of each plan.

    A sequence ends where its next request cannot be made. Of one that is sent early, before much is known of the
    operations, nothing is said then: it is sent once more with the last.
    """
    early = until < stepping.LATE
    operations = tuple(making.aimed(state.things, operation) for operation in chosen)

    def cases(operation: Operation) -> tuple[Case, ...]:
        plan = planning.made_for(state, operation)
        valid = tuple(step.case for step in plan.steps[:FIRST] if step.case.valid)
        answers = state.valid.get(operation.name, {})
        told = {case: answers.get(state.prepare(operation, case)) for case in valid}
        taken = tuple(case for case, status in told.items() if status in SUCCESS)
        if operation.name in state.things.practised and len(taken) >= ENOUGH:
            return taken
        if taken and preparing.CONFLICT in told.values():
            return taken
        return tuple(case for case, status in told.items() if status not in UNFIT) or valid

    made = _made(state, operations, cases)
    for sequence in sorted(made, key=lambda item: item.due):
        if sequence.name in state.walked or sequence.due > until or (early and sequence.name in state.begun):
            continue
        state.begun.add(sequence.name)
        try:
            _walk(state, sequence, {item.name: item for item in operations}, early=early)
        except Stop as stop:
            if stop.everything:
                raise
            stopped(state, sequence.name, stop)


def _made(state: Search, operations: tuple[Operation, ...], cases: stepping.Cases) -> Iterator[stepping.Sequence]:
    """Every sequence of `operations`, of which `cases` gives the requests."""

    def keyless(operation: Operation) -> tuple[Case, ...]:
        return tuple(retrying.without(operation, case) for case in cases(operation))

    def fresh(read: Operation) -> Mapping[str, Json] | None:
        return renewing.apart(state, read, functools.partial(learned, state))

    known = {name: value for item in operations for name, value in values_of(state, item).items()}
    declared: dict[str, set[str]] = {}
    for item in state.contract.operations:
        declared.setdefault(item.path, set()).add(item.method)
    for item in operations:
        if item.method not in LAST:
            yield from sequences.again(item, cases)
    yield from sequences.lives(operations, known, keyless)
    yield from listing.asked(operations, known, keyless)
    yield from standing.listed(operations, known, keyless, acts=state.transport.loopback)
    yield from belonging.others(operations, known, keyless)
    yield from mentioning.mentioned(operations, keyless, fresh)
    yield from refusing.methods(operations, known, cases, declared=declared, safe=not state.transport.loopback)


def _walk(state: Search, sequence: stepping.Sequence, operations: Mapping[str, Operation], *, early: bool) -> None:
    """Send one sequence, and make small what it brought forth, or one before that ended early.

    `operations` are all of them by name.
    """
    statuses = []
    for step, exchange, judgement, earlier in walked(state, sequence, early=early):
        state.cases["sequence"] += 1
        state.exercised.add(step.operation.name)
        statuses.append(0 if exchange.response is None else exchange.response.status)
        keep(state, exchange, judgement, earlier)
        watch(state, step.operation, exchange)
    rest = sequence.steps[len(statuses) :]
    if all(step.may_lack for step in rest) and UNFIT.isdisjoint(statuses):
        state.walked.add(sequence.name)
    trim_all(state, operations)
    for name in dict.fromkeys(step.operation.name for step in sequence.steps):
        shrink_all(state, operations[name])


def walked(
    state: Search, sequence: stepping.Sequence, *, early: bool = False
) -> Iterator[tuple[stepping.Step, Exchange, Judgement, tuple[Exchange, ...]]]:
    """Each step of `sequence` that can be made: itself, its exchange, what the checks say, the exchanges before it.

    That one cannot be made is told unless it is `early`.
    """
    earlier: tuple[Exchange, ...] = ()
    state.sent[sequence.name] += 1
    times = state.sent[sequence.name]
    name = sequence.name if times == 1 else f"{sequence.name}, time {times}"
    for step in sequence.steps:
        made = step.case(earlier)
        if made is None:
            reason = "the answers before it name no thing that it could be sent to"
            if not early and not step.may_lack:
                state.unchecked.append(Unchecked(what=f"{step.operation.name} in a sequence", reason=reason))
            return
        ready = preparing.prepared(state, step.operation, made, functools.partial(learned, state))
        case = replace(state.prepare(step.operation, ready), sequence=name)
        exchange, judgement = asked(state, step.operation, case, earlier)
        judgement, more = doubting.looked_again(state, step.operation, exchange, judgement, earlier)
        state.things.ready.pop(step.operation.name, None)
        yield step, exchange, judgement, earlier
        earlier = (*earlier, exchange, *more)
