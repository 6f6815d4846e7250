"""The format of a text is not looked at.

Who breaks: whoever reads the data later. Real life: the library takes formats for annotations.
"""

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    return violation.keyword == "format"


FAULT = Fault(check="invalid-accepted", leniency=Leniency(forgives=_forgives), fits=occasions.takes_keyword("format"))
