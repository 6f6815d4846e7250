"""An item of a list lacks a property that it must have.

Who breaks: a client that reads it from each. Real life: a join found nothing for the last row.
"""

from dataclasses import replace

from accord import synthesis
from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.document import Json
from accord.faults import Fault, Situation


def _ways(operation: Operation, value: Json) -> list[tuple[tuple[str | int, ...], str]]:
    found = occasions.places(replies.success(operation), value)
    return [
        (way, name)
        for way, here, rule in found
        if way and isinstance(way[-1], int) and isinstance(here, dict)
        for name in rule.get("required", ())
        if name in here
    ]


def _alter(situation: Situation, reply: Reply) -> Reply:
    ways = [] if situation.refused else _ways(situation.operation, reply.value)
    if not ways:
        return reply
    way, name = ways[-1]
    value = reply.value
    for token in way:
        value = value[token]
    return replace(
        reply, value=occasions.put(reply.value, way, {key: item for key, item in value.items() if key != name})
    )


def _fits(operation: Operation) -> bool:
    schema = replies.success(operation)
    return schema is not None and bool(_ways(operation, synthesis.plausible(schema)))


FAULT = Fault(check="response-body", alter=_alter, fits=_fits)
