"""The answer is the one to the request before.

Who breaks: a client that believes what it reads. Real life: a cache is keyed by the path alone.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.findings import ABSENT


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    name = situation.operation.name
    earlier = situation.memory.get(name, ABSENT)
    situation.memory[name] = reply.value
    return reply if earlier is ABSENT else replace(reply, value=earlier)


def _fits(operation: Operation) -> bool:
    answered = replies.members(replies.success(operation)).keys()
    schemas = [media_type.schema for media_type in operation.body.content] if operation.body else []
    return any(answered & replies.members(schema).keys() for schema in schemas)


FAULT = Fault(check="echo", alter=_alter, fits=_fits)
