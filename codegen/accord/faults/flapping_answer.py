"""Every other answer lacks a property that may be left out.

Who breaks: a client that shows it. Real life: two machines, one of which runs the version before.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> list[str]:
    schema = replies.success(operation)
    return [name for name in replies.members(schema) if name not in replies.required(schema)]


def _alter(situation: Situation, reply: Reply) -> Reply:
    name = next(
        (name for name in _names(situation.operation) if isinstance(reply.value, dict) and name in reply.value), ""
    )
    count = situation.memory["count"] = situation.memory.get("count", 0) + 1
    if situation.refused or not name or count % 2:
        return reply
    return replace(reply, value={key: item for key, item in reply.value.items() if key != name})


FAULT = Fault(check="repeatability", alter=_alter, fits=lambda operation: bool(_names(operation)))
