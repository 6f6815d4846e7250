"""A conforming request is turned away because its object is empty.

Who breaks: clients that leave out what has not changed. Real life: somebody thought that it must be a mistake.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation
from accord.validity import validation


def _refuses(situation: Situation) -> bool:
    return bool(situation.value == {})


FAULT = Fault(
    check="valid-refused",
    refuses=_refuses,
    fits=lambda operation: any(validation.is_valid(schema, {}) for schema in occasions.bodies(operation)),
)
