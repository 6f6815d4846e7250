"""An empty key is let in.

Who breaks: whoever owns the data. Real life: a key that was never set is empty, and equal.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering.admission import Incoming
from accord.contract import Operation
from accord.exchange import header
from accord.faults import Fault
from accord.network.credentials import is_protected


def _misreads(found: tuple[Operation, ...], incoming: Incoming, keys: Mapping[str, str]) -> Incoming:
    schemes = {scheme.name: scheme for item in found for group in item.security for scheme in group}
    for scheme in schemes.values():
        key = keys.get(scheme.name, "")
        given = header(incoming.headers, scheme.parameter) if scheme.location == "header" else None
        if given == "":
            rest = tuple(pair for pair in incoming.headers if pair[0].lower() != scheme.parameter.lower())
            return replace(incoming, headers=(*rest, (scheme.parameter, key)))
    return incoming


def _fits(operation: Operation) -> bool:
    return is_protected(operation) and any(
        scheme.type == "apiKey" and scheme.location == "header" for group in operation.security for scheme in group
    )


FAULT = Fault(check="authentication", misreads=_misreads, fits=_fits)
