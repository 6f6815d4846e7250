"""A conforming request is turned away because two flags are both true.

Who breaks: clients that mean both. Real life: a rule that nobody wrote into the contract.
"""

from accord.answering import occasions
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    value = situation.value if isinstance(situation.value, dict) else {}
    return [value.get(name) for name in occasions.sent(situation.operation, "boolean")[:2]] == [True, True]


FAULT = Fault(
    check="valid-refused", refuses=_refuses, fits=lambda operation: len(occasions.sent(operation, "boolean")) > 1
)
