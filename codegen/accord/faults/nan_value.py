"""A number is `NaN`, which is no JSON.

Who breaks: every client whose JSON reader is strict. Real life: a mean of nothing, written by Python.
"""

import json
from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _names(operation: Operation) -> tuple[str, ...]:
    return replies.of_kind(replies.success(operation), "integer", "number")


def _alter(situation: Situation, reply: Reply) -> Reply:
    name = next(iter(_names(situation.operation)), None)
    if situation.refused or not isinstance(reply.value, dict) or name not in reply.value:
        return reply
    return replace(reply, body=json.dumps({**reply.value, name: float("nan")}).encode())


FAULT = Fault(check="strict-json", alter=_alter, fits=lambda operation: bool(_names(operation)))
