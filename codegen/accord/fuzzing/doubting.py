"""Findings that time may explain: the same request is sent again before they are believed."""

from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Exchange
from accord.fuzzing.asking import Search, Stop, asked
from accord.fuzzing.taking import keep
from accord.weighing import lateness


def looked_again(
    state: Search, operation: Operation, exchange: Exchange, judgement: Judgement, earlier: tuple[Exchange, ...]
) -> tuple[Judgement, tuple[Exchange, ...]]:
    """What holds of `judgement` once the request was sent again, and the exchanges which that took."""
    case = exchange.case
    if case is None or not lateness.is_doubted(exchange, judgement):
        return judgement, ()
    more: tuple[Exchange, ...] = ()
    last = judgement
    for _ in range(lateness.LOOKS):
        try:
            other, last = asked(state, operation, case, (*earlier, exchange, *more))
        except (KeyboardInterrupt, Stop):  # what cannot be looked at again is told as it was seen
            keep(state, exchange, judgement, earlier)
            raise
        more = (*more, other)
    found, unchecked = lateness.weighed(exchange, judgement, last)
    state.unchecked.extend(unchecked)
    return found, more
