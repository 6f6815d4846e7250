"""A finding's witness made small by one reduction after the other, within a budget, and seen again."""

from collections import Counter

from accord.contract import Operation
from accord.exchange import Case
from accord.fuzzing.asking import Search, Stop, asked
from accord.weighing import reducing, sightings
from accord.weighing.causes import FLAKY
from accord.weighing.sightings import Seen

SLOW = "did not answer"
"""How the failure begins that cost a whole timeout."""

SLOW_SHRINKS = 5
"""So many requests shrink a witness that gets no answer in time: each may cost a whole timeout."""

NOT_MINIMISED = "not minimised: a smaller request might show it too, but the requests for trying ran out"


ALIKE = 60
"""So many findings of one code, operation and status are made small; the others say that they are not."""


def shrink_all(state: Search, operation: Operation) -> None:
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


def shrink(state: Search, operation: Operation, seen: Seen) -> None:
    """Make the witness of `seen` as small as its share of requests allows, the last of which sends it again.

    What has been asked before is not asked again. Where a single reduction might still show the finding, its notes
    say that it is not minimised; where it does not show again, that it is flaky.
    """
    budget = SLOW_SHRINKS if seen.exchange.failure.startswith(SLOW) else state.limits.shrinks
    last, begun = state.transport.sent + budget - 1, seen.exchange
    try:
        if not _reduced(state, operation, seen, last):
            seen.notes.append(NOT_MINIMISED)
        _confirm(state, operation, seen)
    except Stop as stop:
        seen.notes.append(NOT_MINIMISED)
        if stop.everything and not state.transport.spent:
            raise
    finally:
        sightings.settle(state.sightings, operation, seen, begun)


def _reduced(state: Search, operation: Operation, seen: Seen, last: int) -> bool:
    """Take every reduction that still shows the finding; whether in the end each was tried and none does.

    No witness comes back: two that are plainer than each other, both answered before, would take turns for ever.
    """
    failed: set[str] = set()
    been: set[Case] = set()
    while seen.exchange.case is not None:
        before, skipped = seen.exchange.case, False
        been.add(before)
        for reduction in reducing.reductions(operation, before):
            case = state.prepare(operation, reduction.case)
            if case in been:
                continue
            if reduction.name in failed and case not in state.answers:
                skipped = True  # it showed nothing on the larger case
                continue
            shown = _shows(state, operation, seen, case, last)
            if shown is None:
                return False
            if shown:
                break
            failed.add(reduction.name)
        if seen.exchange.case != before:
            continue
        if not skipped:
            return True
        failed.clear()
    return False


def _shows(state: Search, operation: Operation, seen: Seen, case: Case, last: int) -> bool | None:
    """Whether `case` shows the finding, and is now its witness; None when no request is left to ask."""
    answer = state.answers.get(case)
    if answer is None:
        if state.transport.sent >= last:
            return None
        answer = asked(state, operation, case)
        for finding in answer[1].findings:
            if finding.identity != seen.identity:
                sightings.keep(state.sightings, answer[0], finding)
    exchange, judgement = answer
    found = next((finding for finding in judgement.findings if finding.identity == seen.identity), None)
    if found is not None:
        seen.finding, seen.exchange = found, exchange
    return found is not None


def _confirm(state: Search, operation: Operation, seen: Seen) -> None:
    if seen.exchange.case is None:
        return
    _, judgement = asked(state, operation, seen.exchange.case)
    if all(finding.identity != seen.identity for finding in judgement.findings):
        seen.notes.append(FLAKY)
