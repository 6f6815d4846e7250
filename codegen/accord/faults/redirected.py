"""The answer of success is a redirection.

Who breaks: clients that follow none, and those that lose their body on the way. Real life: the service moved behind
another host.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import response_for
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused:
        return reply
    return replace(reply, status=307, headers=(*reply.headers, ("Location", "/elsewhere")))


FAULT = Fault(check="status-code", alter=_alter, fits=lambda operation: response_for(operation, 307) is None)
