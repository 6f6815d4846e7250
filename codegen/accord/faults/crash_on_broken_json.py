"""The service fails with a 500 when the body is no JSON.

Who breaks: whoever has to find out that it was the client. Real life: nobody caught the parser's exception.
"""

from dataclasses import replace
from http import HTTPStatus

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.contract import is_json
from accord.exchange import header
from accord.faults import Fault, Situation
from accord.messages import encoding


def _alter(situation: Situation, reply: Reply) -> Reply:
    written = header(situation.incoming.headers, "Content-Type") or ""
    if not situation.refused or reply.status != HTTPStatus.BAD_REQUEST or not is_json(written):
        return reply
    try:
        encoding.parse_json(situation.incoming.body)
    except encoding.DecodeError:
        return replace(reply, status=500, value={"error": "internal"}, body=None)
    return reply


FAULT = Fault(check="server-error", alter=_alter, fits=occasions.takes_media_type("application/json"))
