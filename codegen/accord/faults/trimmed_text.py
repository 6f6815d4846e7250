"""A text loses the spaces around it.

Who breaks: whoever meant them. Real life: the framework trims by default.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(situation.operation, situation.value, str.strip)


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
