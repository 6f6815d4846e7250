"""A call without a key is let in.

Who breaks: whoever owns the data. Real life: a route was added outside the guarded group.
"""

from accord.answering.admission import Leniency
from accord.faults import Fault
from accord.network.credentials import is_protected

FAULT = Fault(check="authentication", leniency=Leniency(overlooks=frozenset({"security"})), fits=is_protected)
