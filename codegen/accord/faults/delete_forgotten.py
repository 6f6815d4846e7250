"""What was deleted is still there.

Who breaks: whoever must not keep the data. Real life: the deletion is queued, and the queue is never read.
"""

from accord.faults import Fault

FAULT = Fault(
    check="read-back",
    loses=lambda situation: situation.operation.method == "DELETE",
    fits=lambda operation: operation.method == "DELETE" and operation.path.endswith("}"),
)
