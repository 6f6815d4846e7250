"""Markdown, for release notes and pull requests: a table a verdict, each finding with who breaks and its witness.

What has no verdict, such as the one switch that explains most of a diff, comes first.

Text of documents is written so that it neither formats nor links anything.
"""

import json
import re

from accord.findings import ABSENT, Finding, Report
from accord.reports import Format, Rendering

_TITLES = (
    ("", "Findings"),
    ("breaking", "Breaking"),
    ("undecided", "Undecided"),
    ("accepted", "Accepted"),
    ("compatible", "Compatible"),
)
_LONGEST = 120
_ACTIVE = re.compile(r"([\\*_\[\]<>|#~&!@]|(?<=[a-z]):(?=//)|(?<=www)\.)")


def _render(report: Report, _rendering: Rendering) -> str:
    lines = [f"# accord {report.verb}" + (f": {report.verdict}" if report.verdict else ""), ""]
    for verdict, title in _TITLES:
        found = [finding for finding in report.findings if finding.verdict == verdict]
        if found:
            lines += [f"## {title} ({len(found)})", "", "| what | rule | where | witness |", "|---|---|---|---|"]
            lines += [_row(finding) for finding in found]
            lines.append("")
    if not report.findings:
        lines += ["Nothing changed for anybody." if report.verb == "diff" else "Nothing was found.", ""]
    if report.ledger.unchecked:
        lines += ["## Not checked", ""]
        lines += [
            f"- {_plain(entry.what)}: {_plain(entry.reason)} ({entry.count})" for entry in report.ledger.unchecked
        ]
        lines.append("")
    return "\n".join(lines)


def _row(finding: Finding) -> str:
    where = " ".join(part for part in (finding.operation, finding.status, finding.media_type) if part)
    many = f" ({finding.count} operations)" if any(note.startswith("reaches: ") for note in finding.notes) else ""
    cells = (finding.message, finding.code, (where or finding.pointer) + many, _witness(finding))
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _witness(finding: Finding) -> str:
    witness = finding.witness
    if witness is None:
        return ""
    if witness.value is not ABSENT:
        text = json.dumps(witness.value, ensure_ascii=True)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    return f"{witness.request.method} {witness.request.path}" if witness.request else ""


def _plain(text: str) -> str:
    """`text` on one line, with nothing in it that Markdown or HTML acts on; back-quotes become quotation marks."""
    spelt = "".join(char if char.isprintable() else " " for char in text).replace("`", "'")
    return _ACTIVE.sub(lambda match: f"&#{ord(match[0])};", spelt) if _ACTIVE.search(spelt) else spelt


FORMAT = Format(render=_render)
