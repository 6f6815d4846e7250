"""A property that may not be null is null.

Who breaks: a client that takes the value for what the schema says. Real life: the row was not filled in yet.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _names(operation: Operation) -> tuple[str, ...]:
    schema = replies.success(operation)
    definitions = {} if schema is None else schema.get("$defs", {})
    return tuple(name for name, part in replies.members(schema).items() if "null" not in kinds.kinds(part, definitions))


def _alter(situation: Situation, reply: Reply) -> Reply:
    name = next(iter(_names(situation.operation)), None)
    if situation.refused or not isinstance(reply.value, dict) or name is None:
        return reply
    return replace(reply, value={**reply.value, name: None})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
