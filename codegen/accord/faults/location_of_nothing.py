"""The place of a new thing is one where nothing is.

Who breaks: who follows `Location` instead of composing the path. Real life: the id is counted on before it is written.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    return replace(reply, headers=occasions.moved(situation.refused, reply.headers, lambda there: f"{there}0000"))


FAULT = Fault(check="location", alter=_alter, fits=occasions.names_places)
