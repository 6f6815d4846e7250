"""What a `PUT` makes is answered with 201, and what it replaces is not, where the contract documents both.

Broken by a service that says the same whether there was something or not: who calls cannot tell what was made from
what was replaced (RFC 9110 section 9.3.4 wants it said). Told is only what was not there a moment before, when it was
read, and was not written to since the sequence began; or what was there then.

Example: `GET /settings/theme` is answered 404, and `PUT /settings/theme` then 200.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import SUCCESS, Exchange
from accord.findings import Claim, Severity

_GONE = frozenset({404, 410})
_UNWRITTEN = frozenset({"GET", "DELETE"})
_SAYS_NOTHING = frozenset({200, 204})
_CREATED = 201


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    status = 0 if exchange.response is None else exchange.response.status
    return exchange.request.method == "PUT" and status in {*_SAYS_NOTHING, _CREATED} and bool(earlier)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    here = [item for item in earlier if histories.place(item.request) == histories.place(exchange.request)]
    status = 0 if exchange.response is None else exchange.response.status
    last = here[-1].response if here and here[-1].request.method == "GET" else None
    if last is not None and status == _CREATED and last.status in SUCCESS:
        if any(item.status in {"200", "204"} for item in operation.responses):
            yield Broken(
                message=f"What was there is replaced with status {status}",
                promise="200 or 204 for what is replaced",
                claim=Claim(kind="status-not", value=[[_CREATED, _CREATED]]),
            )
        return
    if (
        last is None
        or status == _CREATED
        or last.status not in _GONE
        or any(item.request.method not in _UNWRITTEN for item in here)
    ):
        return
    if any(item.status == "201" for item in operation.responses):
        yield Broken(
            message=f"What was not there is made with status {status}",
            promise="201 for what is made",
            claim=Claim(kind="status-not", value=[[200, 200], [204, 204]]),
        )


CHECK = Check(severity=Severity.ERROR, judge=_judge, follows=_follows, told_by=nothing_more)
