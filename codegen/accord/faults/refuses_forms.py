"""A conforming request is turned away because it is a form.

Who breaks: clients that post one, as the contract says they may. Real life: the parser was taken out.
"""

from accord.answering import occasions
from accord.exchange import header
from accord.faults import Fault, Situation


def _refuses(situation: Situation) -> bool:
    return (header(situation.incoming.headers, "Content-Type") or "").startswith("application/x-www-form-urlencoded")


FAULT = Fault(
    check="valid-refused", refuses=_refuses, fits=occasions.takes_media_type("application/x-www-form-urlencoded")
)
