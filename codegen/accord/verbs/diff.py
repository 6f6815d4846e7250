"""accord diff: two revisions compared as sets of messages, every break proved by a witness."""

from dataclasses import replace

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
    return replace(report, findings=with_lines((baseline, current), report.findings))
