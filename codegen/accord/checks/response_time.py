"""An answer takes about as long as the others do.

Broken by a request that costs far more than its likes: a search without an index, a pattern that backtracks, a lock.
Said as a note; time is measured on a network that others share.

Example: a text of 1,000 spaces is answered after 4 s, where others take 20 ms.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Claim, Severity

LONG = 1.0
"""Seconds below which nothing is said."""

TIMES = 10
"""So many times what is usual is an outlier."""


def _concerns(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.usual > 0


def _judge(_operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    taken = 0.0 if exchange.response is None else exchange.response.elapsed
    limit = max(LONG, TIMES * exchange.usual)
    if taken > limit:
        yield Broken(
            message=f"The answer took {taken:.1f} s, where {exchange.usual:.3f} s is usual",
            promise="an answer in about the usual time",
            claim=Claim(kind="within", value=limit),
        )


CHECK = Check(severity=Severity.NOTE, judge=_judge, told_by=nothing_more, concerns=_concerns)
