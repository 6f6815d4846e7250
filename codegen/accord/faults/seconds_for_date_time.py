"""A date-time is answered as seconds since 1970.

Who breaks: a client that parses text. Real life: the value was passed on as it is stored.
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
    names = [name for name in _names(situation.operation) if isinstance(reply.value.get(name), str)]
    return replace(reply, value={**reply.value, **dict.fromkeys(names[:1], 1767225600)})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
