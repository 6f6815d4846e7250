"""A flag that is false changes nothing: the value of before stays.

Who breaks: whoever wants to switch something off. Real life: `if value` was written for `if value is not None`.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    if not isinstance(situation.value, dict):
        return situation.value
    flags = occasions.echoed(situation.operation, "boolean")
    return {name: True if name in flags and item is False else item for name, item in situation.value.items()}


FAULT = Fault(check="echo", keeps=_keeps, fits=occasions.echoes("boolean"))
