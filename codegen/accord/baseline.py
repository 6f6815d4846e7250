"""Accepted findings: `accord-baseline.toml`, committed, the one way to ignore anything in any verb.

A command reads the file, lets `updated` and `pruned` change the entries where it is asked to, and shows what `apply`
makes of its Report:

    apply(report: Report, accepted: Iterable[Accepted], *, today: date) -> Report
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from accord.errors import AccordError
from accord.findings import Finding, Report, Severity

NAME = "accord-baseline.toml"
_TEXTS = ("fingerprint", "reason", "verb", "operation", "code", "ticket")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding that is accepted: by fingerprint, with a reason, a ticket, and the last day it holds.

    `verb`, `operation` and `code` say where and by what it was found: only a report that looks for it there again can
    say that it is gone.
    """

    fingerprint: str
    reason: str
    verb: str = ""
    operation: str = ""
    code: str = ""
    ticket: str = ""
    expires: dt.date | None = None


def read(path: Path) -> tuple[Accepted, ...]:
    """The accepted findings of the file at `path`; none where there is no file.

    Raises AccordError, naming the entry, when it is no TOML or an entry has no fingerprint or reason.
    """
    if not path.exists():
        return ()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AccordError(f"{path}: is no TOML: {error}; mend it.") from None
    entries = data.get("accepted", [])
    if not isinstance(entries, list) or data.keys() - {"accepted"}:
        raise AccordError(f"{path}: holds something else than `[[accepted]]` entries; remove it.")
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, start=1))


def _entry(path: Path, number: int, entry: object) -> Accepted:
    known = dict.fromkeys(_TEXTS, str) | {"expires": dt.date}
    if not isinstance(entry, dict) or entry.keys() - known.keys():
        raise AccordError(f"{path}: entry {number} has other keys than {', '.join(known)}; remove them.")
    for key, kind in known.items():
        if key in entry and not isinstance(entry[key], kind):
            raise AccordError(f"{path}: entry {number}: `{key}` is no {kind.__name__}; mend it.")
    if not entry.get("fingerprint") or not entry.get("reason", "").strip():
        raise AccordError(f"{path}: entry {number} has no `fingerprint` or no `reason`; write why it is accepted.")
    expires = entry.get("expires")
    day = expires.date() if isinstance(expires, dt.datetime) else expires
    return Accepted(
        **{key: str(entry.get(key, "")) for key in _TEXTS},
        expires=day,
    )


def apply(report: Report, accepted: Iterable[Accepted], *, today: dt.date) -> Report:
    """`report` with accepted findings turned into notes that say so; an expired entry fails.

    The finding of an expired entry is an error; one that was looked for and not found any more is a warning that names
    the entry. The verdict of the report is what is left: an accepted break no longer decides it.
    """
    known = {entry.fingerprint: entry for entry in accepted}
    over = [entry for entry in known.values() if entry.expires is not None and entry.expires < today]
    gone = [entry for entry in over if _is_gone(report, entry)]
    findings = (
        *(_accept(finding, known.get(finding.fingerprint), today) for finding in report.findings),
        *map(_outdated, gone),
    )
    verdicts = {finding.verdict for finding in findings}
    left = next((word for word in ("breaking", "undecided") if word in verdicts), "compatible")
    return replace(report, findings=findings, verdict=left if report.verdict else "")


def _accept(finding: Finding, entry: Accepted | None, today: dt.date) -> Finding:
    if entry is None:
        return finding
    ticket = f" ({entry.ticket})" if entry.ticket else ""
    if entry.expires is not None and entry.expires < today:
        note = f"accepted until {entry.expires}{ticket}, which is over: {entry.reason}"
        return replace(finding, severity=Severity.ERROR, notes=(*finding.notes, note))
    note = f"accepted{ticket}: {entry.reason}"
    verdict = "accepted" if finding.verdict else ""
    return replace(finding, severity=Severity.NOTE, verdict=verdict, notes=(*finding.notes, note))


def _outdated(entry: Accepted) -> Finding:
    return Finding(
        code="accepted-expired",
        severity=Severity.WARNING,
        message=f"`{entry.fingerprint}` was accepted until {entry.expires} and is not found any more; remove it with "
        "`--prune`.",
        operation=entry.operation,
        pointer=entry.fingerprint,
        notes=(f"reason: {entry.reason}",),
    )


def updated(report: Report, accepted: Iterable[Accepted], *, reason: str) -> tuple[Accepted, ...]:
    """`accepted` and one entry more for each error or warning of `report` that has none; none is removed."""
    kept = tuple(accepted)
    known = {entry.fingerprint for entry in kept}
    new: dict[str, Accepted] = {}
    for part in report.parts or (report,):
        for item in part.findings:
            if item.severity is not Severity.NOTE and item.fingerprint not in known:
                entry = Accepted(
                    fingerprint=item.fingerprint,
                    reason=reason,
                    verb=part.verb,
                    operation=item.operation,
                    code=item.code,
                )
                new.setdefault(item.fingerprint, entry)
    return kept + tuple(new[fingerprint] for fingerprint in sorted(new))


def pruned(report: Report, accepted: Iterable[Accepted]) -> tuple[Accepted, ...]:
    """`accepted` without the entries whose finding `report` looked for and did not find.

    What was not observed is not fixed: an entry of another verb, or of an operation and code that are not in
    `report.observed`, stays, and so does every entry of a run that was interrupted.
    """
    return tuple(entry for entry in accepted if not _is_gone(report, entry))


def _is_gone(report: Report, entry: Accepted) -> bool:
    """Whether `report` looked for the finding of `entry` and did not find it."""
    parts = report.parts or (report,)
    if any(finding.fingerprint == entry.fingerprint for part in parts for finding in part.findings):
        return False
    places = {(entry.operation, ""), (entry.operation, entry.code)}
    return any(
        part.verb == entry.verb and not part.interrupted and not part.observed.isdisjoint(places) for part in parts
    )


def written(accepted: Iterable[Accepted]) -> str:
    """`accepted` as the text of the file, in order of fingerprint."""
    blocks = []
    for entry in sorted(accepted, key=lambda item: item.fingerprint):
        lines = ["[[accepted]]", f"fingerprint = {_quoted(entry.fingerprint)}", f"reason = {_quoted(entry.reason)}"]
        told = ((key, getattr(entry, key)) for key in _TEXTS[2:])
        lines += [f"{key} = {_quoted(value)}" for key, value in told if value]
        if entry.expires is not None:
            lines.append(f"expires = {entry.expires.isoformat()}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
