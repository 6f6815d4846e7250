"""A property that is not sent has the value of the request before.

Who breaks: whoever is given another one's data. Real life: an object is used again for the next request.
"""

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation
from accord.validity import validation


def _keeps(situation: Situation) -> Json:
    if not isinstance(situation.value, dict):
        return situation.value
    name = situation.operation.name
    whole = {**situation.memory.get(name, {}), **situation.value}
    situation.memory[name] = situation.value
    schemas = occasions.bodies(situation.operation)
    return whole if any(validation.is_valid(schema, whole) for schema in schemas) else situation.value


FAULT = Fault(
    check="echo",
    keeps=_keeps,
    fits=lambda operation: len(occasions.echoed(operation, "string", "boolean", "integer", "number")) > 1,
)
