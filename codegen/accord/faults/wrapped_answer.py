"""The answer is wrapped in an envelope that the contract does not know.

Who breaks: every client. Real life: a gateway puts `data` around what it passes on.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={"data": reply.value, "errors": []})


def _fits(operation: Operation) -> bool:
    names = replies.members(replies.success(operation))
    return bool(names) and names.keys().isdisjoint({"data", "errors"})


FAULT = Fault(check="resembles-nothing", alter=_alter, fits=_fits)
