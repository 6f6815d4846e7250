"""A refusal has a status of its own making.

Who breaks: clients that branch on the documented ones. Real life: a joke was left in.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering.replies import Reply
from accord.contract import Operation, response_for
from accord.faults import Fault, Situation

_TEAPOT = 418


def _alter(situation: Situation, reply: Reply) -> Reply:
    return replace(reply, status=_TEAPOT) if situation.refused and reply.status == HTTPStatus.BAD_REQUEST else reply


def _fits(operation: Operation) -> bool:
    refusable = operation.body is not None or bool(operation.parameters)
    return refusable and response_for(operation, _TEAPOT) is None


FAULT = Fault(check="status-code", alter=_alter, fits=_fits)
