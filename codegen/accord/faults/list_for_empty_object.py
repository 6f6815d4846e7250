"""An object without properties is answered as a list.

Who breaks: a client that reads a property. Real life: PHP has one kind of array, and writes an empty one so.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={name: [] if item == {} else item for name, item in reply.value.items()})


FAULT = Fault(check="response-body", alter=_alter, fits=occasions.echoes("object"))
