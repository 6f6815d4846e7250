"""A change is answered, and not kept.

Who breaks: whoever reads later. Real life: the transaction is never committed.
"""

from accord.answering import occasions
from accord.faults import Fault

FAULT = Fault(
    check="read-back",
    loses=lambda situation: situation.operation.method in {"PUT", "PATCH"},
    fits=lambda operation: (
        operation.method in {"PUT", "PATCH"} and bool(occasions.echoed(operation, "string", "number"))
    ),
)
