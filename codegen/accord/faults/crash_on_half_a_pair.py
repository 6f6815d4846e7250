"""The service fails with a 500 when a text holds half a surrogate pair.

Who breaks: whoever cuts a text in the middle of an emoji. Real life: it cannot be encoded as UTF-8.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    return any("\ud800" <= char <= "\udfff" for text in occasions.texts(situation.value) for char in text)


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: any(occasions.plain_texts(operation)))
