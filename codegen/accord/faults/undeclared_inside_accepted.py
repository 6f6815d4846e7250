"""A name that is not declared is accepted inside a nested object.

Who breaks: a client with a misspelt name, which is never told. Real life: only the outermost level is checked.
"""

from accord import synthesis
from accord.answering import occasions
from accord.answering.admission import Leniency
from accord.contract import Schema
from accord.document import Json
from accord.faults import Fault
from accord.validity import validation


def _is_closed(schema: Schema) -> bool:
    value = synthesis.plausible(schema)
    return any(way and rule.get("additionalProperties") is False for way, _, rule in occasions.places(schema, value))


def _forgives(violation: validation.Violation, _value: Json) -> bool:
    return violation.keyword in {"additionalProperties", "unevaluatedProperties"} and violation.pointer.count("/") > 1


FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(forgives=_forgives),
    fits=lambda operation: any(_is_closed(schema) for schema in occasions.bodies(operation)),
)
