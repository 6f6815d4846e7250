"""Every page of a list is the first one.

Who breaks: whoever reads a list to its end, and never gets there. Real life: the offset is counted after the cache.
"""

from accord.answering import pages
from accord.faults import Fault

FAULT = Fault(
    check="list-page",
    misreads=pages.forgetting("skips"),
    fits=pages.listing("skips"),
)
