"""The answer is an empty object.

Who breaks: every client that reads a property. Real life: a serializer was given the wrong object.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    return replace(reply, value={}) if isinstance(reply.value, dict) and not situation.refused else reply


FAULT = Fault(
    check="resembles-nothing", alter=_alter, fits=lambda operation: bool(replies.members(replies.success(operation)))
)
