"""Findings that time may explain: what they weigh once the same request was sent again, and what is no finding then."""

from collections.abc import Sequence
from dataclasses import replace

from accord import histories
from accord.checks import Judgement
from accord.exchange import Exchange
from accord.findings import Finding, Severity, Unchecked

LOOKS = 10
"""So often a request is sent again."""

LATE = frozenset({"read-back", "action-kept", "list-whole", "location", "replacement"})
"""Checks of what was written before, which may come late."""

PASSING = frozenset({"repeatability"})
"""Checks of what differs between answers, which may go on or be drawn anew."""

_SMALLER = ", smaller "

AT_ONCE = "a read has what was written, at once"


def is_doubted(exchange: Exchange, judgement: Judgement) -> bool:
    """Whether `judgement` of an exchange in a sequence is believed only after more answers to the same request."""
    if exchange.case is None or exchange.request.method == "DELETE":
        return False
    return any(finding.code in _doubted(exchange) for finding in judgement.findings)


def _doubted(exchange: Exchange) -> frozenset[str]:
    return PASSING | (LATE if exchange.request.method in histories.SAFE else frozenset())


def smaller(name: str, tries: int) -> str:
    """The name of a sequence that is sent to see whether less of the one called `name` shows the same."""
    return f"{name.partition(_SMALLER)[0]}{_SMALLER}{tries}"


def is_smaller(exchange: Exchange) -> bool:
    """Whether an exchange is one of a sequence that was made smaller."""
    return exchange.case is not None and _SMALLER in exchange.case.sequence


def looks(exchange: Exchange, following: Sequence[Exchange]) -> Sequence[Exchange]:
    """Those of the `following` exchanges that sent the same again for a doubt; none where not all were sent."""
    again = following[:LOOKS]
    return again if len(again) == LOOKS and all(item.case == exchange.case for item in again) else ()


def weighed(exchange: Exchange, judgement: Judgement, last: Judgement) -> tuple[Judgement, tuple[Unchecked, ...]]:
    """What holds of a doubted `judgement` of an `exchange` once the `last` look is judged, and what is unchecked then.

    What the next reads have after all came late, which weighs less; what is no difference among more answers is none.
    """
    still = {finding.identity for finding in last.findings}
    gone = [item for item in judgement.findings if item.code in _doubted(exchange) and item.identity not in still]
    found = (_late(item) if item in gone else item for item in judgement.findings)
    kept = replace(judgement, findings=tuple(item for item in found if item is not None))
    return kept, tuple(Unchecked(what=item.code, reason=_reason(item)) for item in gone)


def _late(finding: Finding) -> Finding | None:
    return None if finding.code in PASSING else replace(finding, severity=Severity.WARNING, promise=AT_ONCE)


def _reason(finding: Finding) -> str:
    place = finding.pointer or "the answer"
    if finding.code in PASSING:
        return f"`{place}` differs between answers to the same request for a time, or in each: not compared"
    return f"`{place}` was not there at the first read and was at a later one: what is written comes late"
