"""JSON is declared to be in Latin-1.

Who breaks: clients that believe it, at the first umlaut. Real life: the default of an old framework.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import is_json
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not is_json(reply.media_type):
        return reply
    return replace(reply, media_type=f"{reply.media_type}; charset=iso-8859-1")


FAULT = Fault(check="content-type", alter=_alter, fits=lambda operation: replies.success(operation) is not None)
