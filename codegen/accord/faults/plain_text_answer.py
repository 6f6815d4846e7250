"""JSON is declared to be plain text.

Who breaks: clients that choose their parser by it. Real life: the header was forgotten, and a default took its place.
"""

from dataclasses import replace

from accord.answering import replies
from accord.answering.replies import Reply
from accord.contract import Operation, media_type_for
from accord.faults import Fault, Situation
from accord.findings import ABSENT


def _alter(situation: Situation, reply: Reply) -> Reply:
    return (
        reply if situation.refused or reply.value is ABSENT else replace(reply, media_type="text/plain; charset=utf-8")
    )


def _fits(operation: Operation) -> bool:
    content = tuple(media_type for response in operation.responses for media_type in response.content)
    return replies.success(operation) is not None and media_type_for(content, "text/plain") is None


FAULT = Fault(check="content-type", alter=_alter, fits=_fits)
