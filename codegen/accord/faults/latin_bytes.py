"""A text beyond ASCII is written in Latin-1.

Who breaks: strict parsers, at the first umlaut. Real life: a connection to the database was opened with the wrong
charset.
"""

import json
from dataclasses import replace

from accord.answering import occasions
from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _alter(situation: Situation, reply: Reply) -> Reply:
    if situation.refused or not isinstance(reply.value, dict):
        return reply
    text = json.dumps(reply.value, ensure_ascii=False)
    return reply if text.isascii() else replace(reply, body=text.encode("latin-1", "replace"))


FAULT = Fault(check="strict-json", alter=_alter, fits=occasions.echoes("string"))
