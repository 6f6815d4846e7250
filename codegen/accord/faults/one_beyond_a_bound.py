"""A value one step beyond its bound is accepted.

Who breaks: whoever relies on the bound. Real life: `<` was written for `<=`.
"""

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    value, bound = violation.value, violation.expected
    if violation.keyword in {"maxLength", "minLength", "maxItems", "minItems"}:
        return bool(abs(len(value) - bound) == 1)
    return bool(violation.keyword in {"maximum", "minimum"} and abs(value - bound) <= 1)


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(forgives=_forgives),
    fits=occasions.takes_keyword("maxLength", "minLength", "maxItems", "minItems", "maximum", "minimum"),
)
