"""A conforming request is turned away because a text is longer than 255 characters.

Who breaks: clients that send what the contract allows. Real life: a column that nobody wrote into the contract.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return any(len(text) > 255 for text in occasions.texts(situation.value))  # noqa: PLR2004  a common column


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=lambda operation: any(occasions.plain_texts(operation)))
