"""The service fails with a 500 when one member of an enumeration meets a flag that is false.

Who breaks: whoever sends both. Real life: a branch that nobody ever took.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.document import Json
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _is_closed(part: Mapping[str, Json]) -> bool:
    return len(part.get("enum", ())) > 1


def _second(situation: Situation, name: str) -> Json:
    schema = occasions.bodies(situation.operation)[0]
    return kinds.follow(replies.members(schema)[name], schema.get("$defs", {}))["enum"][1]


def _is_fatal(situation: Situation) -> bool:
    value = situation.value if isinstance(situation.value, dict) else {}
    flags = occasions.sent(situation.operation, "boolean")
    names = [
        name for schema in occasions.bodies(situation.operation) for name in replies.with_keyword(schema, _is_closed)
    ]
    return (
        bool(flags)
        and value.get(flags[-1]) is False
        and any(value.get(name) == _second(situation, name) for name in names)
    )


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(
    check="server-error",
    alter=_alter,
    fits=lambda operation: occasions.takes_keyword("enum")(operation) and occasions.takes("boolean")(operation),
)
