"""Holding: every check against one exchange, and what comes of it into tallies."""

from accord.checks import Judgement
from accord.contract import Contract, Operation
from accord.exchange import CLIENT_ERRORS, SUCCESS, Case, Exchange
from accord.profiling import coverage
from accord.verifying import streams, tallies, unplaced
from accord.verifying.tallies import Seen, Verdicts
from accord.weighing import causes, sightings
from accord.weighing.causes import Bodies

UNMEANT = frozenset({"echo"})
"""Checks that take the request for one that was meant to be stored as it is: without a case nobody said so."""

_NO_CASE = "the recording does not say what the request was meant to be"


def hold(
    found: Verdicts,
    contract: Contract,
    operation: Operation,
    exchange: Exchange,
    *,
    judgement: Judgement | None = None,
    alone: bool = True,
    only: frozenset[str] | None = None,
) -> None:
    """Hold the checks against one exchange, and keep the shortest exchange that shows each cause.

    `judgement` is what the checks say of one that belongs to a sequence; it is `alone` where it is the first. Where
    `only` some checks are wanted, as for bare bodies,
    what the exchange covers of the contract is not looked at.
    """
    found.operations[operation.name] = None
    if only is None:
        coverage.add(found.reached, operation, exchange)
    note(found, operation, exchange)
    if judgement is None:
        judgement = streams.judged(contract, operation, exchange, (), only)
    unknown = UNMEANT if exchange.case is None else frozenset()
    found.checked.update((operation.name, name) for name in judgement.checked if name not in unknown)
    found.unchecked.update((entry.what, entry.reason) for entry in judgement.unchecked)
    found.unchecked.update((name, _NO_CASE) for name in judgement.checked if name in unknown)
    broken = [finding for finding in judgement.findings if finding.code not in unknown]
    found.counts["conform"] += not broken
    for finding in broken:
        tallies.see(found, Seen(finding, operation.name, exchange, exchange.source))
        unplaced.note(found.unplaced, finding, exchange, alone=alone)


def note(found: Verdicts, operation: Operation, exchange: Exchange) -> None:
    """Note what is known of a request that was made for a case, and of how it was answered."""
    if exchange.case is None or exchange.response is None:
        return
    found.valid[operation.name] += exchange.case.valid
    refused = not exchange.case.valid and exchange.response.status in CLIENT_ERRORS
    found.refused[operation.name, exchange.case.part] += refused
    if exchange.case.valid:
        _body(found, operation, exchange.case, exchange.response.status)


def _body(found: Verdicts, operation: Operation, case: Case, status: int) -> None:
    """Note what a body has that was taken, or refused though it conforms: of those taken, all may have more."""
    if status in SUCCESS or status in CLIENT_ERRORS:
        known = found.taken if status in SUCCESS else found.declined
        causes.common(known.setdefault(operation.name, Bodies()), sightings.named(case.request))
