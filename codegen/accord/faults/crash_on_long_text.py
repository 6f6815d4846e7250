"""The service fails with a 500 when a text is longer than 1000 characters.

Who breaks: whoever has much to say. Real life: a column that is too short.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    return any(len(text) > 1000 for text in occasions.texts(situation.value))  # noqa: PLR2004  a common column


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: any(occasions.plain_texts(operation)))
