"""Angle brackets and ampersands come back as HTML entities.

Who breaks: every client that is no browser. Real life: a filter against scripts was put at the wrong end.
"""

import html

from accord.answering import occasions
from accord.document import Json
from accord.faults import Fault, Situation


def _keeps(situation: Situation) -> Json:
    return occasions.with_plain_texts(situation.operation, situation.value, lambda text: html.escape(text, quote=False))


FAULT = Fault(check="echo", keeps=_keeps, fits=lambda operation: any(occasions.plain_texts(operation)))
