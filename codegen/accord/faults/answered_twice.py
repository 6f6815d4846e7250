"""The JSON is there twice, one after the other.

Who breaks: every client. Real life: a middleware and a handler both write the answer.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation
from accord.findings import ABSENT
from accord.messages.encoding import to_json


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused or reply.value is ABSENT else replace(reply, body=to_json(reply.value) * 2)


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
