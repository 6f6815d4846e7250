"""An enumeration holds a member that the contract does not know.

Who breaks: a client with a closed enumeration, which raises. Real life: a new status was added.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> tuple[str, ...]:
    return replies.with_keyword(replies.success(operation), lambda part: "enum" in part)


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    sent = situation.value if isinstance(situation.value, dict) else {}
    name = next((name for name in _names(situation.operation) if name in reply.value and name not in sent), None)
    return reply if name is None else replace(reply, value={**reply.value, name: "superseded"})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
