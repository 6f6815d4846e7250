"""The service fails with a 500 when a name in a map holds a dot or a dollar sign.

Who breaks: whoever names a thing so. Real life: MongoDB takes none.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.document import Json
from accord.faults import Fault, Situation


def _is_map(part: Mapping[str, Json]) -> bool:
    return (
        "object" in str(part.get("type", ""))
        and not part.get("properties")
        and part.get("additionalProperties") is not False
    )


def _is_fatal(situation: Situation) -> bool:
    maps = (
        [item for item in situation.value.values() if isinstance(item, dict)]
        if isinstance(situation.value, dict)
        else []
    )
    return any("." in name or "$" in name for item in maps for name in item)


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(
    check="server-error",
    alter=_alter,
    fits=lambda operation: any(replies.with_keyword(schema, _is_map) for schema in occasions.bodies(operation)),
)
