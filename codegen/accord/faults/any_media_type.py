"""A body is read as JSON whatever it is declared to be.

Who breaks: a client that declares the wrong thing and is never told; a page elsewhere that posts a form.
Real life: the framework was told to force it.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering import occasions
from accord.answering.admission import Incoming
from accord.contract import Operation, media_type_for
from accord.exchange import header
from accord.faults import Fault


def _misreads(found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    written = header(incoming.headers, "Content-Type") or ""
    for item in found:
        content = item.body.content if item.method == incoming.method and item.body is not None else ()
        if content and media_type_for(content, written) is None:
            rest = tuple(pair for pair in incoming.headers if pair[0].lower() != "content-type")
            return replace(incoming, headers=(*rest, ("Content-Type", "application/json")))
    return incoming


FAULT = Fault(check="invalid-accepted", misreads=_misreads, fits=occasions.takes_media_type("application/json"))
