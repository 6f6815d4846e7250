"""The items of a list come back sorted.

Who breaks: whoever meant their order. Real life: a set in between.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    if not isinstance(situation.value, dict):
        return situation.value
    return {name: sorted(item, key=str) if isinstance(item, list) else item for name, item in situation.value.items()}


FAULT = Fault(check="echo", keeps=_keeps, fits=occasions.echoes("array"))
