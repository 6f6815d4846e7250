"""A text in which the pattern occurs anywhere is accepted.

Who breaks: whoever reads the data later. Real life: `search` was written for `fullmatch`.
"""

import re

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    core = str(violation.expected).removeprefix("^").removesuffix("$")
    return violation.keyword == "pattern" and re.search(core, violation.value) is not None


FAULT = Fault(check="invalid-accepted", leniency=Leniency(forgives=_forgives), fits=occasions.takes_keyword("pattern"))
