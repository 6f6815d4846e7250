"""Bytes that are no UTF-8 are accepted and replaced.

Who breaks: whoever reads the data later: the text is lost. Real life: the body is decoded with `errors=replace`.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions
from accord.answering.admission import Incoming, Leniency
from accord.contract import Operation, is_json
from accord.exchange import header
from accord.faults import Fault


def _misreads(_found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    if not is_json(header(incoming.headers, "Content-Type") or ""):
        return incoming
    return replace(incoming, body=incoming.body.decode("utf-8", "replace").encode())


FAULT = Fault(
    check="invalid-accepted",
    misreads=_misreads,
    leniency=Leniency(overlooks=frozenset()),
    fits=occasions.takes_media_type("application/json"),
)
