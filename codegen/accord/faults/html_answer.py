"""The answer is an HTML page.

Who breaks: every client, at the first byte. Real life: a proxy answers in the service's place.
"""

from dataclasses import replace

from accord.answering.replies import Reply
from accord.contract import Operation, media_type_for
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused:
        return reply
    return replace(reply, media_type="text/html", body=b"<!doctype html><title>Welcome</title>")


def _fits(operation: Operation) -> bool:
    content = [media_type for response in operation.responses for media_type in response.content]
    return bool(content) and media_type_for(tuple(content), "text/html") is None


FAULT = Fault(check="content-type", alter=_alter, fits=_fits)
