"""No request makes the server fail: a status of 500 and above is a fault of the server, whatever was sent.

Broken by an exception that nobody caught. A status that the contract documents by its number, such as 503, is a promise
kept, except 500 itself, which no caller can act on.

Example: an empty list where the code expects at least one member is answered `500`.
"""

from collections.abc import Iterator
from itertools import pairwise

from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Claim, Severity

FAILURE = 500


def _concerns(exchange: Exchange) -> bool:
    return exchange.response is not None


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    status = 0 if exchange.response is None else exchange.response.status
    documented = status != FAILURE and any(response.status == str(status) for response in operation.responses)
    if status >= FAILURE and not documented:
        yield Broken(
            message=f"The server failed with status {status}",
            promise="a status below 500, whatever is sent",
            claim=Claim(kind="status-not", value=_undocumented(operation)),
        )


def _undocumented(operation: Operation) -> list[list[int]]:
    """The ranges of statuses from 500 on that the contract does not document by number."""
    known = {int(response.status) for response in operation.responses if response.status.isdigit()} - {FAILURE}
    edges = [FAILURE - 1, *sorted(status for status in known if status > FAILURE), 600]
    return [[low + 1, high - 1] for low, high in pairwise(edges) if low + 1 < high]


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    concerns=_concerns,
    overrides=(
        "authentication",
        "content-type",
        "headers",
        "read-back",
        "repeatability",
        "resembles-nothing",
        "response-body",
        "status-code",
        "strict-json",
        "undocumented-property",
    ),
)
