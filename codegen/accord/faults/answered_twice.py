"""The JSON is there twice, one after the other.

Who breaks: every client. Real life: a middleware and a handler both write the answer.
"""

from dataclasses import replace

from accord import replies
from accord.encoding import to_json
from accord.faults import Fault, Situation
from accord.findings import ABSENT
from accord.replies import Reply


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused or reply.value is ABSENT else replace(reply, body=to_json(reply.value) * 2)


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
