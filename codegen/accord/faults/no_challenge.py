"""A 401 does not say how to authenticate.

Who breaks: clients that ask; RFC 9110 section 15.5.2 wants the header. Real life: the answer is made by hand.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering.replies import Reply
from accord.contract import Operation, response_for
from accord.faults import Fault, Situation
from accord.network.credentials import is_protected


def _alter(_situation: Situation, reply: Reply) -> Reply:
    return replace(reply, headers=tuple(pair for pair in reply.headers if pair[0].lower() != "www-authenticate"))


def _fits(operation: Operation) -> bool:
    response = response_for(operation, HTTPStatus.UNAUTHORIZED)
    promised = () if response is None else response.headers
    return is_protected(operation) and any(
        item.required and item.name.lower() == "www-authenticate" for item in promised
    )


FAULT = Fault(check="headers", alter=_alter, fits=_fits)
