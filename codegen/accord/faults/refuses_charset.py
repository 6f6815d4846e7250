"""A conforming request is turned away because its media type names UTF-8.

Who breaks: clients that say what they send. Real life: media types are compared as text.
"""

from accord.answering import occasions
from accord.exchange import header
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return "charset" in (header(situation.incoming.headers, "Content-Type") or "").lower()


FAULT = Fault(check="valid-refused", refuses=_refuses, fits=occasions.takes_media_type("application/json"))
