"""One JSON object, version 1, the same for every verb: for programs.

Keys are `accord` (the version of this format), `verb`, `exit`, `verdict` (diff and drift), `findings`, `ledger` (what
was not checked, and why) and `counts`.
"""

import json

from accord.document import Json
from accord.findings import ABSENT, Finding, Report, Witness
from accord.reports import Format, Rendering

VERSION = 1


def _render(report: Report, rendering: Rendering) -> str:
    written: dict[str, Json] = {"accord": VERSION, "verb": report.verb, "exit": rendering.exit}
    if report.verdict:
        written["verdict"] = report.verdict
    written["findings"] = [_finding(finding) for finding in report.findings]
    written["ledger"] = [
        {"what": entry.what, "reason": entry.reason, "count": entry.count} for entry in report.ledger.unchecked
    ]
    written["counts"] = dict(report.counts)
    return json.dumps(written, indent=2, ensure_ascii=True) + "\n"


def _finding(finding: Finding) -> dict[str, Json]:
    place = finding.location
    shown: dict[str, Json] = {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": f"{finding.message}; promised: {finding.promise}" if finding.promise else finding.message,
        "operation": finding.operation,
        "status": finding.status,
        "pointer": finding.pointer,
        "fingerprint": finding.fingerprint,
        "location": None if place is None else {"uri": place.uri, "line": place.line},
        "witness": None if finding.witness is None else _witness(finding.witness),
        "reproduce": None,
        "count": finding.count,
    }
    if finding.reproduce is not None:
        again = {"curl": finding.reproduce.curl, "python": finding.reproduce.python, "pytest": finding.reproduce.pytest}
        shown["reproduce"] = {name: text or None for name, text in again.items()}
    if finding.verdict:
        shown |= {"verdict": finding.verdict, "direction": finding.direction}
    return shown


def _witness(witness: Witness) -> dict[str, Json]:
    shown: dict[str, Json] = {}
    if witness.value is not ABSENT:
        shown["value"] = witness.value
    if witness.request is not None:
        request = witness.request
        shown["request"] = {
            "method": request.method,
            "path": request.path,
            "headers": [list(pair) for pair in request.headers],
            "body_base64": request.body_base64,
        }
    return shown


FORMAT = Format(render=_render)
