"""A fraction is accepted for an integer, and cut.

Who breaks: whoever ordered one and a half. Real life: a cast.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], allowed: frozenset[str]) -> Json:
    whole = "integer" in allowed and "number" not in allowed and bool(rule)
    return int(part) if whole and isinstance(part, float) and not part.is_integer() else part


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes("integer"),
)
