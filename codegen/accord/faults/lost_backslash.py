"""Backslashes are taken out of a text.

Who breaks: whoever sends a path. Real life: a text is unescaped once too often.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: text.replace("\\", ""))


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
