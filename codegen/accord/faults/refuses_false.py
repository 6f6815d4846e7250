"""A conforming request is turned away because a flag is false.

Who breaks: clients that mean no. Real life: `if not value` was written for `if value is None`.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return isinstance(situation.value, dict) and any(item is False for item in situation.value.values())


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=occasions.takes("boolean"))
