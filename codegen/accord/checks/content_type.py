"""The media type of an answer with a body is one that is documented for its status, and JSON is in UTF-8.

Broken by an error page in HTML where JSON is promised, and by a body whose type the server does not tell.

Example: a proxy's `text/html` for a `400` that the contract documents as `application/json`.
"""

import re
from collections.abc import Iterator

from accord.checks import Broken, Check, NotChecked, Outcome, nothing_more
from accord.contract import Operation, essence, is_json
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import bodiless, content_type, kind, listed, media_type, promised


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    response = promised(operation, exchange)
    if response is None or exchange.response is None or not exchange.response.body or bodiless(exchange):
        return
    if not response.content:
        yield NotChecked(f"no media type is documented for status {response.status}")
        return
    written = content_type(exchange)
    if media_type(operation, exchange) is None:
        yield Broken(
            message=f"The answer's body has {kind(written)}",
            promise=f"one of {listed(medium.name for medium in response.content)}",
            owner=response.pointer,
            media_type=written.partition(";")[0].strip().lower(),
            claim=Claim(kind="media-type", value=[essence(medium.name) for medium in response.content]),
        )
        return
    charset = re.search(r"(?i);\s*charset\s*=\s*\"?([^\s;\"]+)", written)
    if is_json(written) and charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        yield Broken(
            message=f"The answer's JSON is declared to be in `{charset[1]}`",
            promise="UTF-8, the only coding of JSON between systems (RFC 8259 section 8.1)",
            owner=response.pointer,
            media_type=written.partition(";")[0].strip().lower(),
            claim=Claim(kind="utf-8"),
        )


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    overrides=(
        "read-back",
        "repeatability",
        "strict-json",
        "response-body",
        "resembles-nothing",
        "undocumented-property",
    ),
)
