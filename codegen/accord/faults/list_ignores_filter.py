"""A list has things that were not asked for.

Who breaks: who acts on each thing that is answered. Real life: a filter that a framework does not know is dropped.
"""

from accord.answering import pages
from accord.faults import Fault

FAULT = Fault(
    check="list-filter",
    misreads=pages.forgetting("filters"),
    fits=pages.listing("filters"),
)
