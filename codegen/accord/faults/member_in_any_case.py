"""A member of an enumeration is accepted in any letter case.

Who breaks: a client that is told nothing, until another service is stricter. Real life: a lookup that folds case.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], _allowed: frozenset[str]) -> Json:
    members = [member for member in rule.get("enum", ()) if isinstance(member, str) and isinstance(part, str)]
    return next((member for member in members if part not in members and member.lower() == part.lower()), part)


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes_keyword("enum"),
)
