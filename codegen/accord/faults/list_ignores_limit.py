"""A list has everything there is, however little is asked for.

Who breaks: whoever reads page by page, and shows a page. Real life: `limit` is called `page_size` inside.
"""

from accord.answering import pages
from accord.faults import Fault

FAULT = Fault(
    check="list-limit",
    misreads=pages.forgetting("limits"),
    fits=pages.listing("limits"),
)
