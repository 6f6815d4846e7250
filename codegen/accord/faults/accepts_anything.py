"""A body that breaks the contract is accepted.

Who breaks: whoever relies on being told; bad data is stored. Real life: validation was switched off for speed.
"""

from accord.answering.admission import Leniency
from accord.faults import Fault

FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(overlooks=frozenset({"body"})),
    fits=lambda operation: operation.body is not None,
)
