"""The reply is `{"progress_id": …}` where the contract promises a whole object.

Who breaks: every client that reads a property of the promised object. Real life: a call was made asynchronous, the
published schema was not.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused else replace(reply, value={"progress_id": "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11"})


def _fits(operation: Operation) -> bool:
    names = replies.members(replies.success(operation))
    return bool(names) and "progress_id" not in names


FAULT = Fault(check="resembles-nothing", alter=_alter, fits=_fits)
