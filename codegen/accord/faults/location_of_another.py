"""The place of a new thing is that of the one before it.

Who breaks: who follows `Location`, and changes what another made. Real life: the address is kept in a global.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    before = situation.memory.get(situation.operation.name)
    headers = occasions.moved(situation.refused, reply.headers, lambda there: there if before is None else before)
    if not situation.refused and reply.headers:
        situation.memory[situation.operation.name] = next(
            (text for name, text in reply.headers if name.lower() == "location"), None
        )
    return replace(reply, headers=headers)


FAULT = Fault(check="location", alter=_alter, fits=occasions.names_places)
