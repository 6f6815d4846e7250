"""A refusal does not have the documented form: it is a list of texts.

Who breaks: clients that show the reason. Real life: an exception handler was replaced.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering.replies import Reply
from accord.contract import Operation, response_for
from accord.faults import Fault, Situation
from accord.validity import validation


def _alter(situation: Situation, reply: Reply) -> Reply:
    return replace(reply, value=["refused"]) if situation.refused and reply.status == HTTPStatus.BAD_REQUEST else reply


def _fits(operation: Operation) -> bool:
    response = response_for(operation, HTTPStatus.BAD_REQUEST)
    schemas = [media_type.schema for media_type in response.content if media_type.schema] if response else []
    return bool(schemas) and not any(validation.is_valid(schema, ["refused"]) for schema in schemas)


FAULT = Fault(check="response-body", alter=_alter, fits=_fits)
