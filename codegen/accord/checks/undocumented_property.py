"""Every property of an answer is documented, also where the schema leaves room for more.

Broken by a name that the contract does not know: a property renamed, added without notice, or leaked. Objects that are
maps by their schema (`additionalProperties`, `patternProperties`) are not held to it, nor is a name that a conforming
request sent of its own.

Example: `"internal_cost"` beside the documented properties of a Run.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation, essence, is_json
from accord.document import places, split
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import answered, content_type, media_type, sent
from accord.validity import batches, judging


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, value = media_type(operation, exchange), answered(operation, exchange)
    if medium is None or medium.schema is None or value is ABSENT or exchange.response is None:
        return
    if is_json(content_type(exchange)) and batches.conforms(medium.schema, exchange.response.body):
        return
    given = sent(operation, exchange) if _conforms(exchange) else ABSENT
    for pointer in judging.undocumented(medium.schema, value):
        if any(True for _ in places(given, split(pointer))):
            continue
        yield Broken(
            message=f"The answer has `{pointer}`, which is not documented",
            promise="the documented properties",
            pointer=pointer,
            owner=medium.pointer,
            schema_pointer="/schema",
            media_type=essence(medium.name),
            claim=Claim(kind="body-lacks", pointer=pointer),
        )


def _conforms(exchange: Exchange) -> bool:
    return exchange.case is None or exchange.case.valid


CHECK = Check(
    severity=Severity.WARNING, judge=_judge, told_by=nothing_more, reads_body=True, overrides=("repeatability",)
)
