"""The body of an answer is valid under the schema that is documented for its status and media type.

Broken by a property that is missing, has another type, or a value outside its enum, bounds, pattern or format. Readers
that rely on the schema crash, or go on with wrong data.

Example: `"overall_evaluation": "3"` where a number is promised.
"""

from collections.abc import Iterator

from accord.checks import Broken, Check, NotChecked, Outcome, nothing_more
from accord.contract import MediaType, Operation, Schema, essence, is_json
from accord.document import Json
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages import encoding
from accord.messages.answers import (
    answered,
    bodiless,
    content_type,
    media_type,
    promised,
    selfcontained,
    shown,
    starred,
)
from accord.validity import batches, judging, validation

ALONE = frozenset(
    {
        *("const", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength", "maxProperties"),
        *("maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "type"),
        "uniqueItems",
    }
)
"""Keywords that need no other to be judged."""

PLACES = {
    "required": "body-has",
    "additionalProperties": "body-lacks",
    "unevaluatedProperties": "body-lacks",
    "false": "body-lacks",
}
"""Keywords whose violation is something being there, or not."""


def _is_of_bytes(medium: MediaType) -> bool:
    """Whether `medium` promises bytes, as few as there may be."""
    shortest = (medium.schema or {}).get("minLength", 0)
    return essence(medium.name) == "application/octet-stream" and not shortest


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    response, medium = promised(operation, exchange), media_type(operation, exchange)
    if response is None or exchange.response is None or bodiless(exchange) or not response.content:
        return
    if not exchange.response.body:
        if all(map(_is_of_bytes, response.content)):
            return  # a file may be empty
        promise = f"a body in `{response.content[0].name}`"
        claim = Claim(kind="body-there")
        yield Broken(message="The answer has no body", promise=promise, owner=response.pointer, claim=claim)
        return
    if medium is None:
        return
    if medium.schema is None:
        yield NotChecked(f"no schema is documented for `{medium.name}` of status {response.status}")
        return
    if not is_json(content_type(exchange)) and not encoding.can_encode(medium):
        yield NotChecked(f"bodies in `{medium.name}` cannot be read")
        return
    if not (is_json(content_type(exchange)) and batches.conforms(medium.schema, exchange.response.body)):
        yield from _judged(medium, medium.schema, answered(operation, exchange))


def _judged(medium: MediaType, schema: Schema, value: Json) -> Iterator[Outcome]:
    if value is ABSENT:
        yield NotChecked("the body cannot be read")
        return
    for violation in judging.violations(schema, value):
        yield _broken(violation, value, medium)


def _broken(violation: validation.Violation, value: Json, medium: MediaType) -> Broken:
    inside = violation.schema_pointer
    return Broken(
        message=violation.message,
        promise=f"`{violation.keyword}`: {shown(violation.expected)}",
        pointer=starred(violation.pointer, value),
        owner=medium.pointer,
        schema_pointer=inside if inside.startswith("/$defs/") else f"/schema{inside}",
        media_type=essence(medium.name),
        claim=_claim(violation, value, medium.schema or {}),
    )


def _claim(violation: validation.Violation, value: Json, schema: Schema) -> Claim:
    """What is broken, in as little of the schema as says it."""
    pointer, keyword = starred(violation.pointer, value), violation.keyword
    if not violation.conditional and keyword in ALONE:
        return Claim(kind="body-valid", pointer=pointer, value={keyword: violation.expected})
    if not violation.conditional and keyword in PLACES:
        return Claim(kind=PLACES[keyword], pointer=pointer)
    return Claim(kind="body-obeys", pointer=pointer, value={"schema": selfcontained(schema), "keyword": keyword})


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    overrides=("read-back", "repeatability"),
)
