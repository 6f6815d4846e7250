"""A flag that is false is answered as the text `"false"`.

Who breaks: a client that takes it for true, as text is. Real life: a template wrote the answer.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    return replace(reply, value={name: "false" if item is False else item for name, item in reply.value.items()})


FAULT = Fault(check="response-body", alter=_alter, fits=occasions.echoes("boolean"))
