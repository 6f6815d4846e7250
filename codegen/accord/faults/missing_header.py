"""A header that is promised in every answer of success is not there.

Who breaks: clients that follow it. Real life: a proxy lets through only what it knows.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> tuple[str, ...]:
    found = [item for response in operation.responses if response.status.startswith("2") for item in response.headers]
    return tuple(item.name for item in found if item.required)


def _alter(situation: Situation, reply: Reply) -> Reply:
    names = () if situation.refused else _names(situation.operation)[:1]
    return replace(reply, headers=tuple(pair for pair in reply.headers if pair[0] not in names))


FAULT = Fault(check="headers", alter=_alter, fits=lambda operation: bool(_names(operation)))
