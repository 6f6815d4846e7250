"""A date-time has a space where RFC 3339 wants a `T`.

Who breaks: strict parsers. Real life: the database's own text form is passed on.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> tuple[str, ...]:
    return replies.with_keyword(replies.success(operation), lambda part: part.get("format") == "date-time")


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    spaced = {
        name: reply.value[name].replace("T", " ")
        for name in _names(situation.operation)[:1]
        if isinstance(reply.value.get(name), str)
    }
    return replace(reply, value={**reply.value, **spaced})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
