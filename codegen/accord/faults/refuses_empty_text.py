"""A conforming request is turned away because a text is empty.

Who breaks: clients that send what the contract allows. Real life: a form library's default.
"""

from accord.answering import replies
from accord.contract import Operation
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return isinstance(situation.value, dict) and "" in situation.value.values()


def _fits(operation: Operation) -> bool:
    schemas = [media_type.schema for media_type in operation.body.content] if operation.body else []
    return any(replies.of_kind(schema, "string") for schema in schemas)


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=_fits)
