"""A text of digits is taken for a number.

Who breaks: a client whose types are wrong and that is never told. Real life: a coercing validator.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], allowed: frozenset[str]) -> Json:
    if isinstance(part, str) and "integer" in allowed and "string" not in allowed and rule and part.isdecimal():
        return int(part)
    return part


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes("integer", "number"),
)
