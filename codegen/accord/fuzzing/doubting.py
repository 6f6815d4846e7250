"""Findings that time may explain: the same request is sent again before they are believed."""

from dataclasses import replace

from accord import histories
from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Finding, Severity, Unchecked
from accord.fuzzing.asking import Search, Stop, asked
from accord.fuzzing.taking import keep

LOOKS = 10
"""So often a request is sent again."""

LATE = frozenset({"read-back", "action-kept", "list-whole", "location", "replacement"})
"""Checks of what was written before, which may come late."""

PASSING = frozenset({"repeatability"})
"""Checks of what differs between answers, which may go on or be drawn anew."""

AT_ONCE = "a read has what was written, at once"


def looked_again(
    state: Search, operation: Operation, exchange: Exchange, judgement: Judgement, earlier: tuple[Exchange, ...]
) -> tuple[Judgement, tuple[Exchange, ...]]:
    """What holds of `judgement` once the request was sent again, and the exchanges which that took.

    What the next reads have after all came late, which weighs less; what is no difference among more answers is none.
    """
    case = exchange.case
    safe = exchange.request.method in histories.SAFE
    doubted = PASSING | (LATE if safe else frozenset())
    if case is None or exchange.request.method == "DELETE" or not any(f.code in doubted for f in judgement.findings):
        return judgement, ()
    more: tuple[Exchange, ...] = ()
    last = judgement
    for _ in range(LOOKS):
        try:
            other, last = asked(state, operation, case, (*earlier, exchange, *more))
        except (KeyboardInterrupt, Stop):  # what cannot be looked at again is told as it was seen
            keep(state, exchange, judgement, earlier)
            raise
        more = (*more, other)
    still = {finding.identity for finding in last.findings}
    gone = [item for item in judgement.findings if item.code in doubted and item.identity not in still]
    state.unchecked.extend(Unchecked(what=item.code, reason=_reason(item)) for item in gone)
    found = (_late(item) if item in gone else item for item in judgement.findings)
    return replace(judgement, findings=tuple(item for item in found if item is not None)), more


def _late(finding: Finding) -> Finding | None:
    return None if finding.code in PASSING else replace(finding, severity=Severity.WARNING, promise=AT_ONCE)


def _reason(finding: Finding) -> str:
    place = finding.pointer or "the answer"
    if finding.code in PASSING:
        return f"`{place}` differs between answers to the same request for a time, or in each: not compared"
    return f"`{place}` was not there at the first read and was at a later one: what is written comes late"
