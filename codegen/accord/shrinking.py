"""A finding's witness made small by Hypothesis, and seen once more."""

from accord import checks
from accord.asking import Draws, Identity, Search, Seen, Stop, asked, size
from accord.contract import Operation
from accord.driving import drive
from accord.exchange import Case

SLOW = "did not answer"
"""How the failure begins that cost a whole timeout."""

SLOW_SHRINKS = 5
"""So many requests shrink a witness that gets no answer in time: each may cost a whole timeout."""


def shrink(state: Search, operation: Operation, identity: Identity, draws: Draws) -> None:
    """Draw the same cases again, known answers unsent, and let Hypothesis make the one that shows `identity` small."""
    seen = state.seen[identity]
    silent = seen.exchange.failure.startswith(SLOW)
    last = state.transport.sent + (SLOW_SHRINKS if silent else state.limits.shrinks)

    def visit(case: Case) -> bool:
        case = state.prepare(operation, case)
        known = state.answers.get(case)
        if known is None and state.transport.sent >= last:
            raise Stop("the witness may not be the smallest")
        exchange, judgement = known or asked(state, operation, case)
        for finding in judgement.findings:
            if finding.identity == identity:
                if size(exchange) < size(seen.exchange):
                    seen.finding, seen.exchange = finding, exchange
                return True
        return False

    try:
        drive(draws.strategy, visit, examples=draws.examples, seed=draws.seed, shrink=True)
    except Stop as stop:
        if stop.everything:
            raise
    _confirm(state, operation, seen)


def _confirm(state: Search, operation: Operation, seen: Seen) -> None:
    if seen.exchange.case is None or state.transport.spent:
        return
    exchange = state.transport.send(seen.exchange.request, seen.exchange.case)
    state.record(exchange)
    findings = checks.run(state.contract, operation, exchange).findings
    if all(finding.identity != seen.finding.identity for finding in findings):
        seen.notes.append("not seen again when the same request was sent once more")
