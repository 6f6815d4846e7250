"""The service fails with a 500 when a number does not fit into 32 bits.

Who breaks: whoever counts that far. Real life: an `int` of the database.
"""

from dataclasses import replace

from accord.answering import occasions, replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _fits(operation: Operation) -> bool:
    schemas = [*occasions.bodies(operation), *(item.schema for item in operation.parameters)]
    whole = [part for schema in schemas for part in (schema, *replies.members(schema).values())]
    return any(part.get("type") == "integer" and "maximum" not in part for part in whole if isinstance(part, dict))


def _is_fatal(situation: Situation) -> bool:
    found = (*occasions.numbers(situation.value), *occasions.numbers(list(situation.parameters.values())))
    return any(abs(number) >= 2**31 for number in found)


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(check="server-error", alter=_alter, fits=_fits)
