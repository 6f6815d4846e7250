"""accord diff: two revisions compared as sets of messages, every break proved by a witness."""

from dataclasses import replace

from accord import fetching
from accord.changes import differences
from accord.changes.differences import DiffOptions
from accord.document import Document
from accord.findings import Report
from accord.lines import with_lines


def diff(baseline: Document, current: Document, options: DiffOptions | None = None) -> Report:
    """What changed from `baseline` to `current` and who breaks, one finding a cause and direction.

    Raises DocumentError where no contract can be made of one of them, AccordError for an operation that neither has.
    """
    report = differences.compare(baseline, current, options)
    places = {finding.location.uri for finding in report.findings if finding.location is not None}
    beside = [uri for uri in sorted(places - {baseline.uri, current.uri}) if not fetching.is_url(uri)]
    documents = (baseline, current, *map(fetching.fetch, beside))  # those that a `$ref` has reached
    return replace(report, findings=with_lines(documents, report.findings))
