"""The same item twice is accepted where all must differ.

Who breaks: whoever counts them. Real life: nobody looks.
"""

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    return violation.keyword == "uniqueItems"


FAULT = Fault(
    check="invalid-accepted", leniency=Leniency(forgives=_forgives), fits=occasions.takes_keyword("uniqueItems")
)
