"""A carriage return before a line feed is lost.

Who breaks: whoever compares the text with what was sent. Real life: a form that normalises.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: text.replace("\r\n", "\n"))


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
