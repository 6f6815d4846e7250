"""The numbers 0 and 1 are taken for a flag.

Who breaks: a client whose types are wrong and that is never told. Real life: a coercing validator.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], allowed: frozenset[str]) -> Json:
    if (
        isinstance(part, int)
        and not isinstance(part, bool)
        and "boolean" in allowed
        and "integer" not in allowed
        and rule
    ):
        return {0: False, 1: True}.get(part, part)
    return part


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes("boolean"),
)
