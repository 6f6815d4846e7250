"""A list of one item is answered as that item.

Who breaks: a client that loops. Real life: the answer was XML once, and a converter knows no lists of one.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    names = occasions.answered(situation.operation, "array")
    lone = {name: item[0] for name, item in reply.value.items() if name in names and len(item or ()) == 1}
    return replace(reply, value={**reply.value, **lone})


FAULT = Fault(check="response-body", alter=_alter, fits=occasions.answers("array"))
