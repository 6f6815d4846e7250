"""A list comes in the order in which it is kept, whatever is asked for.

Who breaks: who takes the first item for the cheapest. Real life: a name of an order that is mapped to no column.
"""

from accord.answering import pages
from accord.faults import Fault

FAULT = Fault(
    check="list-order",
    misreads=pages.forgetting("orders"),
    fits=pages.listing("orders"),
)
