"""A number comes as text.

Who breaks: a client that computes with it, or whose parser is strict. Real life: a column became a string.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> tuple[str, ...]:
    return replies.of_kind(replies.success(operation), "integer", "number")


def _alter(situation: Situation, reply: Reply) -> Reply:
    name = next(iter(_names(situation.operation)), None)
    if situation.refused or not isinstance(reply.value, dict) or name not in reply.value:
        return reply
    return replace(reply, value={**reply.value, name: str(reply.value[name])})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
