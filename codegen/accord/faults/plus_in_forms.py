"""A plus sign in a form stays one, where it means a space.

Who breaks: whoever posts a form. Real life: the body is read with the rules of a path.
"""

from accord.answering import occasions
from accord.document import Json
from accord.exchange import header
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    written = header(situation.incoming.headers, "Content-Type") or ""
    if not written.startswith("application/x-www-form-urlencoded"):
        return situation.value
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: text.replace(" ", "+"))


FAULT = Fault(
    check="echo",
    keeps=_keeps,
    fits=lambda operation: (
        bool(occasions.plain_texts(operation))
        and occasions.takes_media_type("application/x-www-form-urlencoded")(operation)
    ),
)
