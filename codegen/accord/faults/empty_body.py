"""Success has no body, where the contract promises one.

Who breaks: every client that reads the answer. Real life: a handler forgets to return what it made.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation
from accord.findings import ABSENT


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused else replace(reply, value=ABSENT, body=b"")


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
