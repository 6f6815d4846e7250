"""A nested object of the answer holds a property that the contract does not name.

Who breaks: nobody at once; a client with a closed model. Real life: a debugging aid that was left in.
"""

from dataclasses import replace

from accord import synthesis
from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.document import Json
from accord.faults import Fault, Situation


def _ways(operation: Operation, value: Json) -> list[tuple[str | int, ...]]:
    return [
        way
        for way, here, rule in occasions.places(replies.success(operation), value)
        if way and isinstance(here, dict) and rule.get("properties") and "additionalProperties" not in rule
    ]


def _alter(situation: Situation, reply: Reply) -> Reply:
    ways = [] if situation.refused else _ways(situation.operation, reply.value)
    if not ways:
        return reply
    value = reply.value
    for token in ways[0]:
        value = value[token]
    return replace(reply, value=occasions.put(reply.value, ways[0], {**value, "internal_note": ""}))


def _fits(operation: Operation) -> bool:
    schema = replies.success(operation)
    return schema is not None and bool(_ways(operation, synthesis.plausible(schema)))


FAULT = Fault(check="undocumented-property", alter=_alter, fits=_fits)
