"""Every ninth answer is a 503.

Who breaks: clients that do not try again. Real life: a pool of workers is too small.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import response_for
from accord.faults import Fault, Situation

_EVERY = 9


def _alter(situation: Situation, reply: Reply) -> Reply:
    count = situation.memory["count"] = situation.memory.get("count", 0) + 1
    return reply if count % _EVERY else replace(reply, status=503, value={"detail": "Try again."}, body=None)


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: response_for(operation, 503) is None)
