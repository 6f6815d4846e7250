"""A date-time is answered without its zone.

Who breaks: a client elsewhere, which is hours off. Real life: a naive datetime was written out.
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
    return replace(reply, value={**reply.value, **{name: reply.value[name][:19] for name in names}})


FAULT = Fault(check="response-body", alter=_alter, fits=lambda operation: bool(_names(operation)))
