"""A member of an enumeration is accepted with spaces around it.

Who breaks: a client that is told nothing, until another service is stricter. Real life: the input is trimmed before
it is looked at.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], _allowed: frozenset[str]) -> Json:
    members = [member for member in rule.get("enum", ()) if isinstance(part, str)]
    return part.strip() if part not in members and isinstance(part, str) and part.strip() in members else part


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes_keyword("enum"),
)
