"""A number is taken for a text.

Who breaks: a client whose types are wrong, and another that reads the text. Real life: a language that makes text of
anything.
"""

from collections.abc import Mapping

from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.document import Json
from accord.faults import Fault


def _change(part: Json, rule: Mapping[str, Json], allowed: frozenset[str]) -> Json:
    wants_text = "string" in allowed and "number" not in allowed and "integer" not in allowed and "enum" not in rule
    return str(part) if wants_text and isinstance(part, int | float) and not isinstance(part, bool) else part


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(coerces=lambda schema, value: occasions.coerced(schema, value, _change)),
    fits=occasions.takes("string"),
)
