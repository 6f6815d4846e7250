"""The service fails with a 500 when no body is sent, which may be left out.

Who breaks: whoever leaves it out. Real life: the body is read without looking whether there is one.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.faults import Fault, Situation
from accord.findings import ABSENT


def _is_fatal(situation: Situation) -> bool:
    return situation.value is ABSENT and not situation.incoming.body


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(
    check="server-error",
    alter=_alter,
    fits=lambda operation: operation.body is not None and not operation.body.required,
)
