"""A parameter that breaks its schema is accepted and ignored.

Who breaks: a client that asks for page minus one, and is given the first. Real life: a default is taken for whatever
cannot be read.
"""

from accord.answering.admission import Leniency
from accord.faults import Fault

FAULT = Fault(
    check="invalid-accepted",
    leniency=Leniency(overlooks=frozenset({"parameters"})),
    fits=lambda operation: any(item.location == "query" and len(item.schema) > 1 for item in operation.parameters),
)
