"""What stands behind the JSON is not looked at.

Who breaks: a client whose body was put together wrongly, and is never told. Real life: the reader stops at the end of
the first value.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions
from accord.answering.admission import Incoming
from accord.contract import Operation, is_json
from accord.exchange import header
from accord.faults import Fault


def _misreads(_found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    if not is_json(header(incoming.headers, "Content-Type") or ""):
        return incoming
    try:
        text = incoming.body.decode()
        _, end = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return incoming
    return replace(incoming, body=text.lstrip()[:end].encode())


FAULT = Fault(check="invalid-accepted", misreads=_misreads, fits=occasions.takes_media_type("application/json"))
