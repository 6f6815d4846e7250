"""Only the first change to a thing is kept.

Who breaks: whoever changes their mind. Real life: a cache that is filled once.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation


def _loses(situation: Situation) -> bool:
    if situation.operation.method not in {"PUT", "PATCH"}:
        return False
    place = situation.incoming.path
    count = situation.memory[place] = situation.memory.get(place, 0) + 1
    return bool(count > 1)


FAULT = Fault(
    check="read-back",
    loses=_loses,
    fits=lambda operation: (
        operation.method in {"PUT", "PATCH"} and bool(occasions.echoed(operation, "string", "number"))
    ),
)
