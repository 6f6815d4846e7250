"""Null is accepted where the contract takes none.

Who breaks: whoever reads the data later. Real life: every column may be null.
"""

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    return violation.keyword in {"type", "enum"} and violation.value is None


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(forgives=_forgives),
    fits=occasions.takes("string", "boolean", "integer", "number"),
)
