"""A list without items is answered as null.

Who breaks: a client that loops. Real life: Go writes a nil slice so.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={name: None if item == [] else item for name, item in reply.value.items()})


FAULT = Fault(check="response-body", alter=_alter, fits=occasions.echoes("array"))
