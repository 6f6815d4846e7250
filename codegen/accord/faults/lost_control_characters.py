"""Control characters are left out of a text.

Who breaks: whoever sent a tab. Real life: a filter that means well.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(
        situation.operation, situation.value, lambda text: "".join(char for char in text if char >= " ")
    )


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
