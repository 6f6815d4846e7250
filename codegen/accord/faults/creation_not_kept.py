"""What was created cannot be read.

Who breaks: whoever goes on with its id. Real life: the transaction is never committed.
"""

from accord.faults import Fault

FAULT = Fault(
    check="read-back",
    loses=lambda situation: situation.operation.method == "POST",
    fits=lambda operation: operation.method == "POST" and any(response.links for response in operation.responses),
)
