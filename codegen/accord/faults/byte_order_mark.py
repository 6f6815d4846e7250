"""The JSON starts with a byte order mark.

Who breaks: strict parsers. Real life: a file saved by an editor is served.
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
    return replace(reply, body=b"\xef\xbb\xbf" + to_json(reply.value))


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
