"""A 405 does not say which methods are allowed.

Who breaks: clients that ask what they may do; RFC 9110 section 15.5.6 wants the header. Real life: a gateway answers.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(_situation: Situation, reply: Reply) -> Reply:
    if reply.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return reply
    return replace(reply, headers=tuple(pair for pair in reply.headers if pair[0].lower() != "allow"))


FAULT = Fault(check="headers", alter=_alter)
