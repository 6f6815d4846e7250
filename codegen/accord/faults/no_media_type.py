"""The answer does not say what its body is.

Who breaks: clients that choose their parser by it. Real life: a handler writes to the socket itself.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused else replace(reply, media_type="")


FAULT = Fault(check="content-type", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
