"""A method that is not documented does what the documented one does.

Who breaks: whoever guards by method, a firewall or a proxy. Real life: a route was registered for all methods.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.answering.admission import Incoming
from accord.contract import Operation
from accord.faults import Fault


def _misreads(found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    known = [item.method for item in found]
    return incoming if incoming.method in known else replace(incoming, method=known[0])


FAULT = Fault(check="invalid-accepted", misreads=_misreads)
