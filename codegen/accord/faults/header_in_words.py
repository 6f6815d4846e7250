"""A header that holds a number holds words.

Who breaks: clients that compute with it. Real life: somebody meant it for people.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _names(operation: Operation) -> tuple[str, ...]:
    found = [item for response in operation.responses if response.status.startswith("2") for item in response.headers]
    return tuple(
        item.name for item in found if kinds.kinds(item.schema, item.schema.get("$defs", {})) <= {"integer", "number"}
    )


def _alter(situation: Situation, reply: Reply) -> Reply:
    names = set(_names(situation.operation))
    return replace(reply, headers=tuple((name, "many" if name in names else text) for name, text in reply.headers))


FAULT = Fault(check="headers", alter=_alter, fits=lambda operation: bool(_names(operation)))
