"""A part of a multipart form loses the line break at its end.

Who breaks: whoever sends a file. Real life: the reader cuts lines off, not boundaries.
"""

from accord.answering import occasions
from accord.document import Json
from accord.exchange import header
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    written = header(situation.incoming.headers, "Content-Type") or ""
    if not written.startswith("multipart/"):
        return situation.value
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: text.rstrip("\r\n"))


FAULT = Fault(
    check="echo",
    keeps=_keeps,
    fits=lambda operation: (
        bool(occasions.plain_texts(operation)) and occasions.takes_media_type("multipart/form-data")(operation)
    ),
)
