"""A request that breaks the contract is refused.

Broken by a server that answers success to a value outside the schema, a name that is not declared, a media type that is
not documented. Whoever sends a mistake never learns of it. The pointer names the part of the request, the place in it,
and the keyword or practice that was broken. A read-only name may be ignored: the check `read-only` is about it.

Example: `{"feedbak": "good"}` is answered `200`, and the feedback is lost.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, Outcome
from accord.contract import Direction, Operation
from accord.document import join, split
from accord.exchange import SUCCESS, Exchange
from accord.findings import Claim, Severity

READ_ONLY = "readOnly"

ALWAYS_FINE = frozenset({"HEAD", "OPTIONS"})


def _concerns(exchange: Exchange) -> bool:
    case = exchange.case
    if exchange.response is None or case is None or case.valid or case.doubtful:
        return False
    return case.part != "security" and case.fault != READ_ONLY  # which may be ignored: `read-only` looks at it


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    case, response = exchange.case, exchange.response
    if case is None or response is None or response.status not in SUCCESS:
        return
    if case.part == "method" and exchange.request.method in ALWAYS_FINE:
        return
    place = (token if not token.isdigit() else "*" for token in split(case.pointer))
    yield Broken(
        message=f"A request that breaks the contract was accepted with status {response.status}"
        + (f": {case.description}" if case.description else ""),
        promise=f"a request that breaks `{case.fault}` is refused",
        pointer=join("", case.part, *place, case.fault),
        owner=operation.body.pointer if case.part == "body" and operation.body is not None else "",
        direction=Direction.REQUEST,
        claim=Claim(kind="status-not", value=[[200, 299]]),
    )


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    concerns=_concerns,
    needs_case=True,
    overrides=("response-body", "undocumented-property"),
)
