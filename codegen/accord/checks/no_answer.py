"""Every request is answered, in HTTP, within the time limit.

Broken by a server that resets or closes the connection, stalls, sends bytes that are no HTTP, or never ends its answer.
Whoever calls it sees an exception of the network layer instead of an error that the contract documents.

Example: a worker process dies on one request, and the proxy in front of it closes the connection.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, NotChecked, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import EXCUSED, Exchange
from accord.findings import Claim, Severity
from accord.network.transport import UNSENT


def _concerns(exchange: Exchange) -> bool:
    return not exchange.failure.startswith(UNSENT)


def _judge(_operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.response is not None:
        return
    if exchange.failure.startswith(EXCUSED):
        yield NotChecked(f"the request {exchange.failure}")
    else:
        yield Broken(
            message=f"The server {exchange.failure or 'gave no answer'}",
            promise="an answer in HTTP within the time limit",
            claim=Claim(kind="answered"),
        )


CHECK = Check(severity=Severity.ERROR, judge=_judge, told_by=nothing_more, concerns=_concerns)
