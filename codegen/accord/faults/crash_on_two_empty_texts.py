"""The service fails with a 500 when two texts are empty.

Who breaks: whoever sends a form that was not filled in. Real life: a division by the length of both.
"""

from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    value = situation.value if isinstance(situation.value, dict) else {}
    return list(value.values()).count("") > 1


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=lambda operation: len(occasions.plain_texts(operation)) > 1)
