"""A conforming request is turned away for the last member of an enumeration.

Who breaks: clients that use it. Real life: the member was added to the contract and not to the service.
"""

from accord.answering import occasions, replies
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _refuses(situation: Situation) -> bool:
    members = [
        (name, kinds.follow(replies.members(schema)[name], schema.get("$defs", {}))["enum"][-1])
        for schema in occasions.bodies(situation.operation)
        for name in replies.with_keyword(schema, lambda part: "enum" in part)
    ]
    value = situation.value if isinstance(situation.value, dict) else {}
    return any(value.get(name) == member for name, member in members)


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=occasions.takes_keyword("enum"))
