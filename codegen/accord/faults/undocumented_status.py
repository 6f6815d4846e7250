"""Success has a status that the contract does not document.

Who breaks: a client that compares with 200. Real life: a call was made asynchronous and answers 202.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import Operation, response_for
from accord.faults import Fault, Situation


def _status(operation: Operation) -> int | None:
    return next((status for status in (202, 203, 206, 210) if response_for(operation, status) is None), None)


def _alter(situation: Situation, reply: Reply) -> Reply:
    status = _status(situation.operation)
    return reply if situation.refused or status is None else replace(reply, status=status)


FAULT = Fault(check="status-code", alter=_alter, fits=lambda operation: _status(operation) is not None)
