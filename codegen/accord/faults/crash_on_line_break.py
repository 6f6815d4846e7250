"""The service fails with a 500 when a text holds a carriage return.

Who breaks: whoever writes on Windows. Real life: a value is put into a header.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    return any("\r" in text for text in occasions.texts(situation.value))


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: any(occasions.plain_texts(operation)))
