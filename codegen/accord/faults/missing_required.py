"""A required property is left out.

Who breaks: a client that reads it without asking. Real life: a serializer drops what is empty.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    names = replies.required(situation.schema)
    if situation.refused or not isinstance(reply.value, dict) or not names:
        return reply
    return replace(reply, value={name: item for name, item in reply.value.items() if name != names[0]})


def _fits(operation: Operation) -> bool:
    return bool(replies.required(replies.success(operation)))


FAULT = Fault(check="response-body", alter=_alter, fits=_fits)
