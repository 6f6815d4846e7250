"""An answer of success that promises an object has at least one of the properties that are documented for it.

Broken by an answer of a wholly different shape, which a schema without `required` lets pass. Every reader finds every
property missing, and no validator says so.

Example: `{"progress_id": "8e1f…"}` where the contract documents the 37 properties of a Run.
"""

from collections.abc import Iterator

from accord import shapes
from accord.answers import answered, definitions, media_type, shown
from accord.checks import Broken, Check, Outcome
from accord.contract import Operation, essence
from accord.exchange import Exchange
from accord.findings import Severity

SHOWN_NAMES = 4


def _concerns(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300  # noqa: PLR2004  2xx


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, value = media_type(operation, exchange), answered(operation, exchange)
    if medium is None or medium.schema is None or not isinstance(value, dict):
        return
    found = shapes.branches(medium.schema, definitions(medium.schema))
    known = shapes.names(found)
    if not known or shapes.is_map(found) or known & value.keys():
        return
    first = ", ".join(f"`{name}`" for name in sorted(known)[:SHOWN_NAMES])
    more = len(known) - SHOWN_NAMES
    yield Broken(
        message=f"The answer resembles nothing promised: it is {shown(value)}",
        promise=f"an object with properties such as {first}" + (f" and {more} more" if more > 0 else ""),
        owner=medium.pointer,
        schema_pointer="/schema",
        media_type=essence(medium.name),
    )


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    concerns=_concerns,
    overrides=("response-body", "undocumented-property", "echo"),
)
