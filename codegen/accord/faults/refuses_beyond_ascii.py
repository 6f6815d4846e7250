"""A conforming request is turned away because a text is not ASCII.

Who breaks: everybody whose name has an umlaut. Real life: a column of the wrong charset.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return any(not text.isascii() for text in occasions.texts(situation.value))


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=lambda operation: any(occasions.plain_texts(operation)))
