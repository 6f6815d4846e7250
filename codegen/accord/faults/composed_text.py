"""Decomposed characters come back composed.

Who breaks: whoever compares the text with what was sent. Real life: a database or file system that normalises.
"""

import unicodedata

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(
        situation.operation, situation.value, lambda text: unicodedata.normalize("NFC", text)
    )


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
