"""The answer does not say what its body is.

Who breaks: clients that choose their parser by it. Real life: a handler writes to the socket itself.
"""

from dataclasses import replace

from accord import replies
from accord.faults import Fault, Situation
from accord.replies import Reply


def _alter(situation: Situation, reply: Reply) -> Reply:
    return reply if situation.refused else replace(reply, media_type="")


FAULT = Fault(check="content-type", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
