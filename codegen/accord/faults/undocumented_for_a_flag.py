"""The answer holds a property that the contract does not name when a flag is true.

Who breaks: nobody at once; a client with a closed model. Real life: a feature that is not announced yet.
"""

from dataclasses import replace

from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.schemas import kinds


def _alter(situation: Situation, reply: Reply) -> Reply:
    sent = situation.value if isinstance(situation.value, dict) else {}
    flags = occasions.sent(situation.operation, "boolean")
    if situation.refused or not isinstance(reply.value, dict) or not any(sent.get(name) is True for name in flags):
        return reply
    return replace(reply, value={**reply.value, "beta": {}})


def _fits(operation: Operation) -> bool:
    schema = replies.success(operation)
    whole = kinds.follow(schema, schema["$defs"]) if schema else {}
    return (
        occasions.takes("boolean")(operation) and bool(replies.members(schema)) and "additionalProperties" not in whole
    )


FAULT = Fault(check="undocumented-property", alter=_alter, fits=_fits)
