"""A text in which the pattern occurs anywhere is accepted.

Who breaks: whoever reads the data later. Real life: `search` was written for `fullmatch`.
"""

import re

from accord import occasions, validation
from accord.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    core = str(violation.expected).removeprefix("^").removesuffix("$")
    return violation.keyword == "pattern" and re.search(core, violation.value) is not None


FAULT = Fault(check="invalid-accepted", leniency=Leniency(forgives=_forgives), fits=occasions.takes_keyword("pattern"))
