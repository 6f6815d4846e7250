"""One object of the answer names a property twice.

Who breaks: clients that disagree on which one counts. Real life: two serializers are joined by hand.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation
from accord.faults import Fault, Situation
from accord.messages.encoding import to_json


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict) or not reply.value:
        return reply
    name, value = next(iter(reply.value.items()))
    first = to_json({name: value})[:-1]
    return replace(reply, body=first + b", " + to_json(reply.value)[1:])


def _fits(operation: Operation) -> bool:
    return bool(replies.members(replies.success(operation)))


FAULT = Fault(check="strict-json", alter=_alter, fits=_fits)
