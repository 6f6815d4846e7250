"""A body without a required property is accepted.

Who breaks: whoever reads the data later. Real life: the check was moved to the page with the form.
"""

from accord.answering import occasions, replies
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    return violation.keyword == "required"


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(forgives=_forgives),
    fits=lambda operation: any(replies.required(schema) for schema in occasions.bodies(operation)),
)
