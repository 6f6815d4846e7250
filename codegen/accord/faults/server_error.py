"""The service fails with a 500 when a text holds a quotation mark.

Who breaks: whoever sends such a text. Real life: a value is pasted into a query.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    texts = situation.value.values() if isinstance(situation.value, dict) else ()
    if situation.refused or not any(isinstance(text, str) and '"' in text for text in texts):
        return reply
    return replace(reply, status=500, value={"error": "internal"})


def _fits(operation: Operation) -> bool:
    schemas = [media_type.schema for media_type in operation.body.content] if operation.body else []
    return any(replies.of_kind(schema, "string") for schema in schemas)


FAULT = Fault(check="server-error", alter=_alter, fits=_fits)
