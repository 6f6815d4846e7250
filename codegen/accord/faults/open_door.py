"""A call without a key is let in.

Who breaks: whoever owns the data. Real life: a route was added outside the guarded group.
"""

from accord.admission import Leniency
from accord.credentials import is_protected
from accord.faults import Fault

FAULT = Fault(check="authentication", leniency=Leniency(overlooks=frozenset({"security"})), fits=is_protected)
