"""An operation that wants a key refuses requests without the right one, and no others.

Broken by a server that serves anybody, takes a key that is merely like the right one, or refuses one that it accepted a
moment ago. One that says of a request without the right key that it does not go with the state of things (409, 412,
423) has looked at them for a stranger: that is a warning.

Example: a request without `X-API-KEY` is answered `200`.
"""

from collections.abc import Iterator
from dataclasses import replace

from accord.checks import Broken, Check, Outcome
from accord.contract import Direction, Operation
from accord.document import join, split
from accord.exchange import SUCCESS, Case, Exchange
from accord.findings import Claim, Severity

REFUSED = frozenset({401, 403})
STATE = frozenset({409, 412, 423})
"""Statuses of a request that does not go with the state of a thing."""


def _concerns(exchange: Exchange) -> bool:
    case = exchange.case
    return exchange.response is not None and case is not None and (case.valid or case.part == "security")


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    case, response = exchange.case, exchange.response
    if case is None or response is None:
        return
    owner = next((scheme.pointer for group in operation.security for scheme in group), "")
    if case.valid and response.status in REFUSED:
        keyed = bool(exchange.request.secrets)
        yield Broken(
            message=f"A conforming request {'with its key' if keyed else 'without a key'} was refused "
            f"with status {response.status}",
            promise="the right key is accepted" if keyed and operation.security else "no key is wanted",
            pointer="/security",
            owner=owner,
            direction=Direction.REQUEST,
            claim=Claim(kind="status-not", value=[[401, 401], [403, 403]]),
        )
    elif not case.valid and response.status in SUCCESS:
        yield _unenforced(case, response.status, owner, "accepted with")
    elif not case.valid and not case.doubtful and response.status in STATE:
        found = _unenforced(case, response.status, owner, "looked into, and answered with")
        claim = Claim(kind="status-not", value=[[status, status] for status in sorted(STATE)])
        yield replace(found, claim=claim, severity=Severity.WARNING)


def _unenforced(case: Case, status: int, owner: str, way: str) -> Broken:
    return Broken(
        message=f"A request that must not pass was {way} status {status}"
        + (f": {case.description}" if case.description else ""),
        promise="only the right key is accepted",
        pointer=join("", "security", *split(case.pointer), case.fault),
        owner=owner,
        direction=Direction.REQUEST,
        claim=Claim(kind="status-not", value=[[200, 299]]),
    )


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=_concerns, needs_case=True, overrides=("status-code",))
