"""The service fails with a 500 when a text holds a character beyond 16 bits.

Who breaks: whoever sends an emoji. Real life: MySQL's `utf8` has three bytes.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    return any(max(text, default="") > "\uffff" for text in occasions.texts(situation.value))


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: any(occasions.plain_texts(operation)))
