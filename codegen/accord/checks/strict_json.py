"""A body that calls itself JSON is JSON as RFC 8259 has it: UTF-8, one value, no NaN, no name twice in one object.

Broken by what one parser lets pass and the next refuses, or by a name that two readers read as different values.

Example: `{"score": NaN}`, which Python writes and JavaScript cannot read.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation, essence, is_json
from accord.document import Json, split
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages import encoding
from accord.messages.answers import bodiless, content_type, media_type, parsed, promised
from accord.validity import batches, columns, repeated


def _concerns(exchange: Exchange) -> bool:
    return exchange.response is not None and is_json(content_type(exchange))


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.response is None or not exchange.response.body or bodiless(exchange):
        return
    documented = media_type(operation, exchange)
    schema = None if documented is None else documented.schema
    if schema is not None and batches.conforms(schema, exchange.response.body):
        return
    response = promised(operation, exchange)
    owner = "" if response is None else response.pointer
    medium = essence(content_type(exchange))
    try:
        value = parsed(exchange.response.body)
    except encoding.DecodeError as problem:
        yield Broken(
            message=f"The answer's body {problem}",
            promise="JSON as RFC 8259 defines it",
            owner=owner,
            media_type=medium,
            claim=Claim(kind="strict-json"),
        )
        return
    if not _repeats(exchange.response.body, value):
        return
    for pointer in encoding.duplicate_keys(exchange.response.body):
        yield Broken(
            message=f"The answer has `{pointer}` twice",
            promise="each name once in an object (RFC 8259 section 4)",
            pointer="/".join(("", *("*" if token.isdigit() else token for token in split(pointer)))),
            owner=owner,
            media_type=medium,
            claim=Claim(kind="strict-json"),
        )


def _repeats(body: bytes, value: Json) -> bool:
    """Whether more names are written than were read."""
    try:
        return repeated.is_repeated(body, columns.names([value]))
    except RecursionError:
        return True


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    concerns=_concerns,
    overrides=("repeatability", "response-body"),
)
