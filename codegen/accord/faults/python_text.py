"""The answer is what Python prints of the value, which is no JSON.

Who breaks: every client. Real life: `str` was called where `json.dumps` was meant.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation
from accord.findings import ABSENT


def _alter(situation: Situation, reply: Reply) -> Reply:
    return (
        reply
        if situation.refused or reply.value is ABSENT
        else replace(reply, body=str(reply.value).encode("utf-8", "replace"))
    )


FAULT = Fault(
    check="strict-json", alter=_alter, fits=lambda operation: bool(replies.members(replies.success(operation)))
)
