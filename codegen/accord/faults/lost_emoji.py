"""A character beyond 16 bits becomes a question mark.

Who breaks: whoever sends an emoji. Real life: MySQL's `utf8` has three bytes.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(
        situation.operation, situation.value, lambda text: "".join(char if char <= "\uffff" else "?" for char in text)
    )


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
