"""`NaN` is accepted in a body, and taken for null or nothing.

Who breaks: whoever reads the data later. Real life: Python's JSON reader takes it unless told otherwise.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions
from accord.answering.admission import Incoming, Leniency
from accord.contract import Operation, is_json
from accord.exchange import header
from accord.faults import Fault


def _misreads(_found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    if not is_json(header(incoming.headers, "Content-Type") or "") or b"NaN" not in incoming.body:
        return incoming
    try:
        value = json.loads(incoming.body, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return incoming
    known = {name: item for name, item in value.items() if item is not None} if isinstance(value, dict) else value
    return replace(incoming, body=json.dumps(known).encode())


FAULT = Fault(
    check="invalid-accepted",
    misreads=_misreads,
    leniency=Leniency(forgives=lambda violation, _value: violation.keyword in {"required", "minProperties"}),
    fits=occasions.takes_media_type("application/json"),
)
