"""An answer of success that promises an object has at least one of the properties that are documented for it.

Broken by an answer of a wholly different shape, which a schema without `required` lets pass. Every reader finds every
property missing, and no validator says so.

Example: `{"progress_id": "8e1f…"}` where the contract documents the 37 properties of a Run.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Broken, Check, Outcome, nothing_more
from accord.contract import Operation, Schema, essence, is_json
from accord.document import Json
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import answered, content_type, definitions, media_type, shown
from accord.schemas import shapes

SHOWN_NAMES = 4


def _concerns(exchange: Exchange) -> bool:
    return histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, value = media_type(operation, exchange), answered(operation, exchange)
    if medium is None or medium.schema is None or value is ABSENT:
        return
    top = shapes.top(medium.schema)
    if isinstance(value, dict) and (top.is_map or not top.names.isdisjoint(value)):
        return
    found = top.found
    pointer, shown_value = "", value
    if isinstance(value, list) and shapes.types(found) <= {"array"} and not shapes.names(found):
        rules = shapes.children(found, 0)
        found = tuple(branch for rule in rules for branch in shapes.branches(rule, definitions(medium.schema)))
        strange = [item for item in value if _is_strange(found, item)]
        if not value or len(strange) < len(value):
            return
        pointer, shown_value = "/*", strange[0]
    elif not _is_strange(found, value) or not (isinstance(value, dict) or is_json(content_type(exchange))):
        return
    known = sorted(shapes.names(found))
    first = ", ".join(f"`{name}`" for name in known[:SHOWN_NAMES])
    more = len(known) - SHOWN_NAMES
    yield Broken(
        message=f"{'Each item of the answer' if pointer else 'The answer'} resembles nothing promised: it is "
        f"{shown(shown_value)}",
        promise=f"an object with properties such as {first}" + (f" and {more} more" if more > 0 else ""),
        pointer=pointer,
        owner=medium.pointer,
        schema_pointer="/schema",
        media_type=essence(medium.name),
        claim=Claim(kind="body-has-any", pointer=pointer, value=known),
    )


def _is_strange(found: tuple[Schema, ...], value: Json) -> bool:
    """Whether `value` has nothing of the object that `found` speak of."""
    known = shapes.names(found)
    if not known or shapes.is_map(found):
        return False
    if isinstance(value, dict):
        return not known & value.keys()
    return value is not None and shapes.types(found) <= {"object"} and not any("enum" in branch for branch in found)


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    concerns=_concerns,
    overrides=("echo", "read-back", "repeatability", "response-body", "undocumented-property"),
)
