"""The line of each finding: where in its document the promise stands."""

from collections.abc import Iterable
from dataclasses import replace

from accord import document
from accord.document import Document
from accord.findings import Finding


def with_lines(documents: Iterable[Document], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """`findings` with the line of each location in `documents`, each of which is read at most once."""
    found = tuple(findings)
    known = {each.uri: each for each in documents}
    pointers: dict[str, set[str]] = {}
    for finding in found:
        if finding.location is not None and finding.location.uri in known:
            pointers.setdefault(finding.location.uri, set()).add(finding.location.pointer)
    lines = {uri: document.lines(known[uri], wanted) for uri, wanted in pointers.items()}
    return tuple(
        replace(item, location=replace(item.location, line=lines.get(item.location.uri, {}).get(item.location.pointer)))
        if item.location is not None
        else item
        for item in found
    )
