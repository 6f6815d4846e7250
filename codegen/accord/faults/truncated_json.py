"""The JSON is cut short.

Who breaks: every client. Real life: a worker is killed while it writes.
"""

from dataclasses import replace

from accord import replies
from accord.encoding import to_json
from accord.faults import Fault, Situation
from accord.findings import ABSENT
from accord.replies import Reply


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or reply.value is ABSENT:
        return reply
    return replace(reply, body=to_json(reply.value)[:-1])


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
