"""A refusal is told in an answer of success.

Who breaks: clients that never learn of their mistake. Real life: every answer is 200, and the status is in the body.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused and reply.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return replace(reply, status=200)
    return reply


FAULT = Fault(check="invalid-accepted", alter=_alter, fits=lambda operation: operation.body is not None)
