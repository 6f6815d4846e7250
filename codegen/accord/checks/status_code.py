"""The status of every answer is documented for the operation, by its number, its range or `default`.

Broken by an answer that callers have no branch for. Statuses that any HTTP API may give to a request that earns them
(401, 403, 404, 405, 406, 409, 413, 415, 422, 429) are notes where the request did earn them; so is a 412 to a request
that sets a condition (`If-Match` and its kin) and a 428 to one that sets none. A 404 for a wrong key, where the
contract has a 401 for that, is not earned.

Example: `202` with an empty body where the contract promises `200` with the resource.
"""

from collections.abc import Iterator
from http import HTTPStatus

from accord.checks import Broken, Check, NotChecked, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange, header
from accord.findings import Claim, Severity
from accord.messages.answers import is_huge, is_too_long, listed, promised, surprises

EARNED = frozenset({400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429})

STATELESS = EARNED - {400, 406, 413, 415, 422}
"""Those that a conforming request earns too: by its key, by what it names, by the state it meets."""

CONDITIONS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
"""The headers that set a condition (RFC 9110 section 13.1); a service may ask for one (RFC 6585 section 3)."""


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.response is None or promised(operation, exchange) is not None:
        return
    if not operation.responses:
        yield NotChecked("no answer is documented")
        return
    status = exchange.response.status
    if exchange.case is not None and exchange.case.part == "path" and 300 <= status < 500:  # noqa: PLR2004  3xx, 4xx
        return  # of a path that is not its own the contract says nothing
    meant = exchange.case is None or (exchange.case.valid and not surprises(operation, exchange))
    valid = meant and not is_huge(exchange)
    earnable = {_of_conditions(exchange), *(STATELESS if valid else EARNED)}
    earned = status in earnable and not _is_hidden(operation, exchange)
    yield Broken(
        message=f"The answer has status {status}, which is not documented",
        promise=f"one of {listed(response.status for response in operation.responses)}",
        claim=Claim(kind="status-in", value=[response.status for response in operation.responses]),
        severity=Severity.NOTE if earned or (exchange.case is not None and is_too_long(exchange)) else None,
    )


def _of_conditions(exchange: Exchange) -> int:
    """The status that speaks of the request's condition: that it does not hold, or that there is none."""
    given = any(header(exchange.request.headers, name) is not None for name in CONDITIONS)
    return int(HTTPStatus.PRECONDITION_FAILED if given else HTTPStatus.PRECONDITION_REQUIRED)


def _is_hidden(operation: Operation, exchange: Exchange) -> bool:
    """Whether a wrong key is answered as if nothing were there, though the contract has a status for it."""
    case = exchange.case
    wrong_key = case is not None and not case.valid and case.part == "security"
    told = any(response.status == str(int(HTTPStatus.UNAUTHORIZED)) for response in operation.responses)
    answered = exchange.response is not None and exchange.response.status == HTTPStatus.NOT_FOUND
    return wrong_key and told and answered


CHECK = Check(severity=Severity.ERROR, judge=_judge, told_by=nothing_more)
