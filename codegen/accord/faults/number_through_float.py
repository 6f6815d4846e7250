"""A number beyond 2^53 is rounded.

Who breaks: whoever counts that far: ids, above all. Real life: JavaScript on the way.
"""

from accord.answering import occasions, replies
from accord.contract import Operation
from accord.document import Json
from accord.faults import Fault, Situation


def _is_unbounded(operation: Operation) -> bool:
    names = occasions.echoed(operation, "integer")
    parts = [replies.members(schema).get(name, {}) for schema in occasions.bodies(operation) for name in names]
    return any("maximum" not in part for part in parts)


def _keeps(situation: Situation) -> Json:
    if not isinstance(situation.value, dict):
        return situation.value
    return {
        name: int(float(item)) if type(item) is int and abs(item) < 2**1000 else item
        for name, item in situation.value.items()
    }


FAULT = Fault(check="echo", keeps=_keeps, fits=_is_unbounded)
