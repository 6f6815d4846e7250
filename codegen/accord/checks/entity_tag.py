"""An `ETag` is that of one representation: another body has another one, and a write under an old one is refused.

Broken by a server whose tag does not move when the thing does, so that caches keep what is gone, and by one that does
not look at `If-Match`, so that of two who change a thing at once one loses what he wrote (RFC 9110 sections 8.8.3 and
13.1.1). Weak tags may stay where little changes, and say nothing; `If-Match` is held to where the contract has it.

Example: `PUT` with `If-Match: "1"`, which the thing had before its last change, is answered with `200`.
"""

import re
from collections.abc import Iterator
from http import HTTPStatus

from accord import histories
from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import shown

_WRITES = frozenset({"PUT", "PATCH", "DELETE", "POST"})


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return exchange.response is not None and any(histories.tag(item) for item in earlier)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.request.method == "GET" and histories.tag(exchange):
        yield from _unmoved(exchange, earlier)
    asked = any(item.location == "header" and item.name.lower() == "if-match" for item in operation.parameters)
    given = header(exchange.request.headers, "If-Match") or ""
    if asked and exchange.request.method in _WRITES and histories.STRONG.fullmatch(given.strip()):
        yield from _conditional(exchange, earlier, given.strip())


def _unmoved(exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    """The same tag as a read before the last write had, with another body."""
    here, written = histories.place(exchange.request), False
    now = histories.value(exchange)
    for other in reversed(earlier):
        written |= other.request.method in _WRITES and histories.place(other.request) == here
        alike = (other.request.method, other.request.url, other.request.headers)
        if alike != ("GET", exchange.request.url, exchange.request.headers) or not histories.tag(other):
            continue
        before, tag = histories.value(other), histories.tag(other)
        if written and tag == histories.tag(exchange) and ABSENT not in (before, now) and before != now:
            yield Broken(
                message=f"The answer's header `ETag` is {shown(tag)} as before, and its body is another one",
                promise="another representation has another strong entity tag (RFC 9110 section 8.8.3)",
                pointer="/headers/ETag",
                claim=Claim(kind="header-form", pointer="ETag", value=rf"(?!{re.escape(tag)}$).*"),
            )
        return


def _conditional(exchange: Exchange, earlier: tuple[Exchange, ...], given: str) -> Iterator[Outcome]:
    """A write under a tag that is not the last one which an answer told, or is refused under the one that is."""
    here = histories.place(exchange.request)
    told = [item for item in earlier if histories.place(item.request) == here or histories.is_made_at(item, here)]
    last = next((item for item in reversed(told) if histories.succeeded(item)), None)
    if last is None or last.request.method != "GET" or not histories.tag(last) or exchange.response is None:
        return
    known, current = {histories.tag(item) for item in told}, histories.tag(last)
    if histories.succeeded(exchange) and given != current and given in known:
        yield Broken(
            message=f"The request's `If-Match` is {shown(given)}, which was the tag before the last change, and was "
            f"answered with status {exchange.response.status}",
            promise=f"under a tag that is not that of the thing, {shown(current)}, nothing is changed: `412`",
            claim=Claim(kind="status-not", value=[[200, 299]]),
        )
    elif exchange.response.status == HTTPStatus.PRECONDITION_FAILED and given == current:
        yield Broken(
            message=f"The request's `If-Match` is {shown(given)}, the tag of the thing, and was answered with 412",
            promise="under the tag that the thing has, it is changed",
            claim=Claim(kind="status-not", value=[[412, 412]]),
        )


CHECK = Check(severity=Severity.ERROR, judge=_judge, follows=_follows, told_by=nothing_more)
