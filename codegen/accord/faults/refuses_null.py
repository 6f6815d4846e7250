"""A conforming request is turned away because of a null that the contract allows.

Who breaks: clients that clear a value. Real life: the validator knows no null.
"""

from accord.answering import occasions, replies
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _fits(operation: Operation) -> bool:
    found = [(schema, part) for schema in occasions.bodies(operation) for part in replies.members(schema).values()]
    return any("null" in kinds.kinds(part, schema.get("$defs", {})) for schema, part in found)


def _refuses(situation: Situation) -> bool:
    return isinstance(situation.value, dict) and any(item is None for item in situation.value.values())


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=_fits)
