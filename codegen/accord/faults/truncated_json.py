"""The JSON is cut short.

Who breaks: every client. Real life: a worker is killed while it writes.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation
from accord.findings import ABSENT
from accord.messages.encoding import to_json


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or reply.value is ABSENT:
        return reply
    return replace(reply, body=to_json(reply.value)[:-1])


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
