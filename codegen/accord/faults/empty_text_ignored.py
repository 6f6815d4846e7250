"""An empty text changes nothing: the value of before stays.

Who breaks: whoever wants to clear it. Real life: `if value` was written for `if value is not None`.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    if not isinstance(situation.value, dict):
        return situation.value
    return {name: item for name, item in situation.value.items() if item != ""}


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
