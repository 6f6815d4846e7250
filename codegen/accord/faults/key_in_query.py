"""The key is also taken from the query.

Who breaks: everybody whose address ends in a log. Real life: an old way in was never closed.
"""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from accord.answering.admission import Incoming
from accord.contract import Operation
from accord.faults import Fault
from accord.network.credentials import is_protected


def _misreads(found: tuple[Operation, ...], incoming: Incoming, keys: Mapping[str, str]) -> Incoming:
    pairs = dict(parse_qsl(incoming.query))
    for scheme in (scheme for item in found for group in item.security for scheme in group):
        if scheme.location == "header" and pairs.get(scheme.parameter) == keys.get(scheme.name, ""):
            return replace(incoming, headers=(*incoming.headers, (scheme.parameter, pairs[scheme.parameter])))
    return incoming


def _fits(operation: Operation) -> bool:
    return is_protected(operation) and any(
        scheme.type == "apiKey" and scheme.location == "header" for group in operation.security for scheme in group
    )


FAULT = Fault(check="authentication", misreads=_misreads, fits=_fits)
