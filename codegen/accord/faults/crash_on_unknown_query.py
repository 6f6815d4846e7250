"""The service fails with a 500 when the query holds a name that it does not know.

Who breaks: whoever follows a link with a tracking parameter. Real life: the query is passed on as keyword arguments.
"""

from dataclasses import replace
from urllib.parse import parse_qsl

from accord.answering.replies import Reply
from accord.faults import Fault, Situation


def _is_fatal(situation: Situation) -> bool:
    known = {item.name for item in situation.operation.parameters if item.location == "query"}
    wanted = {scheme.parameter for group in situation.operation.security for scheme in group}
    return any(name not in known | wanted for name, _ in parse_qsl(situation.incoming.query, keep_blank_values=True))


def _alter(situation: Situation, reply: Reply) -> Reply:
    fatal = not situation.refused and _is_fatal(situation)
    return replace(reply, status=500, value={"error": "internal"}, body=None) if fatal else reply


FAULT = Fault(
    check="server-error",
    alter=_alter,
    fits=lambda operation: not any(item.style == "deepObject" for item in operation.parameters),
)
