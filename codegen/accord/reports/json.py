"""One JSON object, version 1, the same for every verb: for programs.

Keys are `accord` (the version of this format), `verb`, `exit`, `verdict` (diff and drift), `findings`, `ledger` (what
was not checked, and why) and `counts`. A finding that can be sent again has a `replay`, which `accord replay` reads.
Where a finding, or the report, has remarks, they are its `notes`: where it was first seen, why a witness is not
minimal, how the run was started.
"""

import json

from accord.document import Json
from accord.findings import ABSENT, Claim, Finding, Report, RequestWitness, Witness
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
    if report.notes:
        written["notes"] = list(report.notes)
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
    if finding.claim is not None and finding.witness is not None and finding.witness.request is not None:
        shown["replay"] = _replay(finding, finding.claim, finding.witness, finding.witness.request)
    if finding.notes:
        shown["notes"] = list(finding.notes)
    if finding.verdict:
        shown |= {"verdict": finding.verdict, "direction": finding.direction}
    return shown


def _witness(witness: Witness) -> dict[str, Json]:
    shown: dict[str, Json] = {}
    if witness.value is not ABSENT:
        shown["value"] = witness.value
    if witness.request is not None:
        shown["request"] = _request(witness.request)
    return shown


def _request(request: RequestWitness) -> dict[str, Json]:
    return {
        "method": request.method,
        "path": request.path,
        "headers": [list(pair) for pair in request.headers],
        "body_base64": request.body_base64,
    }


def _replay(finding: Finding, claim: Claim, witness: Witness, last: RequestWitness) -> dict[str, Json]:
    """What `accord replay` needs beside the rest: the broken promise as data, and what was sent before."""
    return {
        "claim": {"kind": claim.kind, "pointer": claim.pointer, "value": claim.value},
        "direction": finding.direction,
        "media_type": finding.media_type,
        **_links(last),
        "before": [{**_request(step), **_links(step)} for step in witness.before],
    }


def _links(request: RequestWitness) -> dict[str, Json]:
    return {
        "operation": request.operation,
        "secrets": list(request.secrets),
        "bound": [[item.segment, item.answer, item.pointer] for item in request.bound],
    }


FORMAT = Format(render=_render)
