"""The answer holds a property that the contract does not name.

Who breaks: nobody at once; a client with a closed model. Real life: a debugging aid that was left in.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.document import Json
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={**reply.value, "debug_trace": "7f3a"})


def _fits(operation: Operation) -> bool:
    schema = replies.success(operation)
    return bool(replies.members(schema)) and _is_open(kinds.follow(schema, schema["$defs"]) if schema else None)


def _is_open(schema: Json) -> bool:
    return isinstance(schema, Mapping) and not schema.keys() & {"additionalProperties", "unevaluatedProperties"}


FAULT = Fault(check="undocumented-property", alter=_alter, fits=_fits)
