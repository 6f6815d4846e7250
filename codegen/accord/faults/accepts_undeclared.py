"""A body with a property that the contract does not take is accepted, and the property ignored.

Who breaks: a client with a misspelt name, which is never told. Real life: a form reads the fields it knows.
"""

from collections.abc import Mapping

from accord.answering.admission import Leniency
from accord.contract import Operation, Schema
from accord.faults import Fault
from accord.schemas import kinds


def _is_closed(schema: Schema) -> bool:
    whole = kinds.follow(schema, schema.get("$defs", {}))
    if not isinstance(whole, Mapping):
        return False
    rules = [
        whole.get("additionalProperties"),
        whole.get("unevaluatedProperties"),
        *whole.get("properties", {}).values(),
    ]
    return any(rule is False for rule in rules)


def _fits(operation: Operation) -> bool:
    return operation.body is not None and any(_is_closed(item.schema) for item in operation.body.content if item.schema)


_UNDECLARED = frozenset({"additionalProperties", "unevaluatedProperties", "false"})

FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(forgives=lambda violation, _value: violation.keyword in _UNDECLARED),
    fits=_fits,
)
