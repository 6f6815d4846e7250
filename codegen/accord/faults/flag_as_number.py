"""A flag is answered as 0 or 1.

Who breaks: a strict parser. Real life: MySQL has no booleans.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    names = occasions.answered(situation.operation, "boolean")[-1:]
    numbers = {name: int(reply.value[name]) for name in names if isinstance(reply.value.get(name), bool)}
    return replace(reply, value={**reply.value, **numbers})


FAULT = Fault(check="response-body", alter=_alter, fits=occasions.answers("boolean"))
