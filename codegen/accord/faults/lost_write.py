"""A value that was sent is not in the answer: another one is.

Who breaks: a client that trusts the answer. Real life: the answer is read from a replica that lags.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict) or not isinstance(situation.value, dict):
        return reply
    texts = replies.of_kind(situation.schema, "string")
    sent = {name for name in texts if isinstance(situation.value.get(name), str) and name in reply.value}
    free = set(sent) - set(replies.with_keyword(situation.schema, lambda part: bool({"enum", "format"} & part.keys())))
    return replace(reply, value={**reply.value, **dict.fromkeys(sorted(free), "as it was")})


def _fits(operation: Operation) -> bool:
    answered = set(replies.of_kind(replies.success(operation), "string"))
    schemas = [media_type.schema for media_type in operation.body.content] if operation.body else []
    return any(answered & set(replies.of_kind(schema, "string")) for schema in schemas)


FAULT = Fault(check="echo", alter=_alter, fits=_fits)
