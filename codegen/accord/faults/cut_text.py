"""A text is cut after 255 characters, without a word.

Who breaks: whoever had more to say. Real life: a column that cuts what is too long.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: text[:255])


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
