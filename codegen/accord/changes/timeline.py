"""The history of one document in a git repository, as a timeline: what each revision broke, and what came back."""

import datetime as dt
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from accord import fetching
from accord.changes import differences
from accord.document import Document
from accord.errors import AccordError, DocumentError
from accord.findings import Finding, Ledger, Location, Report, Severity, Unchecked, Witness
from accord.revisions.texts import Revision, revision

_FEW = 5
_FIRST = 3
_SEVERITIES = {"breaking": Severity.ERROR, "undecided": Severity.WARNING, "compatible": Severity.NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit that touched the document: its id and date (ISO 8601)."""

    id: str
    date: str

    @property
    def told(self) -> str:
        """Day and short id, as a person reads them."""
        return f"{self.date[:10]} {self.id[:8]}"


@dataclass(slots=True, kw_only=True)
class _Past:
    """What was seen so far: each text that a part had with the commit that last had it, and where parts vanished.

    A part is an operation (`GET /runs`) or a component (`schemas/Run`).
    """

    texts: dict[tuple[str, str], Commit] = field(default_factory=dict)
    gone: dict[str, Commit] = field(default_factory=dict)


def timeline(source: str, *, since: str = "") -> Report:
    """What every revision of `source` (`REPO:path`) after `since` broke, added and took back, oldest first.

    Raises AccordError when `source` is no path of a git repository or `since` no revision of it.
    """
    repository, path = _place(source)
    commits = _commits(repository, path, since)
    ledger: list[Unchecked] = []
    read = (
        (commit, *document) for commit in commits for document in [_read(repository, path, commit, ledger)] if document
    )
    findings = list(_entries(read, ledger))
    breaking = sum(finding.verdict == "breaking" for finding in findings)
    revisions = sum(finding.code == "revision" for finding in findings)
    return Report(
        verb="diff",
        findings=tuple(findings),
        ledger=Ledger(checked={"revisions": revisions}, unchecked=tuple(ledger)),
        counts={"revisions": revisions, "breaking": breaking, "commits": len(commits)},
        verdict=next(
            (word for word in ("breaking", "undecided") if any(item.verdict == word for item in findings)), "compatible"
        ),
    )


def _place(source: str) -> tuple[str, str]:
    repository, colon, path = source.rpartition(":")
    if not colon or not repository or not Path(repository).is_dir():
        raise AccordError(
            f"{source}: is no `REPO:path`; name the folder of a git repository, a colon, and a path in it."
        )
    return repository, path


def _git(repository: str, *words: str) -> bytes:
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(["git", "-C", repository, *words], capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise AccordError("git is not installed; `--history` reads the history with it.") from None
    if done.returncode:
        reason = (
            (done.stderr.decode(errors="replace").splitlines() or ["git failed"])[0].removeprefix("fatal: ").rstrip(".")
        )
        raise AccordError(f"{repository}: git says: {reason}; check the repository and the revision.")
    return done.stdout


def _commits(repository: str, path: str, since: str) -> list[Commit]:
    """The commits that touched `path`, oldest first; the one that `since` had comes first."""
    listed = ["log", "--format=%H %ct", "--reverse"]
    if since:
        known = _git(repository, "rev-parse", "--verify", "--end-of-options", f"{since}^{{commit}}").decode().strip()
        first = _git(repository, "log", "-1", "--format=%H %ct", known, "--", path)
        text = first + _git(repository, *listed, f"{known}..HEAD", "--", path)
    else:
        text = _git(repository, *listed, "HEAD", "--", path)
    lines = [line.split() for line in text.decode().splitlines()]
    found = [Commit(id=name, date=dt.datetime.fromtimestamp(int(at), dt.UTC).isoformat()) for name, at in lines]
    if not found:
        raise AccordError(f"{repository}:{path}: no revision touched it; check the path.")
    return found


def _read(repository: str, path: str, commit: Commit, ledger: list[Unchecked]) -> tuple[Document, int] | None:
    try:
        raw = _git(repository, "cat-file", "blob", f"{commit.id}:{path}")
        return fetching.parse(raw, f"{commit.id[:8]}:{path}"), len(raw)
    except (AccordError, DocumentError) as problem:
        ledger.append(Unchecked(what=f"revision {commit.told}", reason=str(problem)))
        return None


def _entries(read: Iterable[tuple[Commit, Document, int]], ledger: list[Unchecked]) -> Iterator[Finding]:
    past = _Past()
    known: tuple[Document, Revision] | None = None
    for commit, document, size in read:
        try:
            texts = revision(document)
            report = differences.compare(known[0], document, known=(known[1], texts)) if known else None
        except AccordError as problem:
            ledger.append(Unchecked(what=f"revision {commit.told}", reason=str(problem)))
            if known and str(problem).startswith(f"{known[0].uri}:"):
                known = None  # it is the earlier one that cannot be read
            continue
        parts = _parts(texts)
        if known and report:
            yield _entry(commit, size, report, _parts(known[1]), parts)
            yield from _returned(commit, past, _parts(known[1]), parts)
            past.gone.update(dict.fromkeys(_parts(known[1]).keys() - parts.keys(), commit))
        past.texts.update(dict.fromkeys(parts.items(), commit))
        known = document, texts


def _parts(texts: Revision) -> dict[str, str]:
    return {" ".join(key): text for key, text in texts.operations.items()} | dict(texts.components)


def _entry(commit: Commit, size: int, report: Report, before: Mapping[str, str], after: Mapping[str, str]) -> Finding:
    added, removed = (
        [name for name in some if name not in others] for some, others in ((after, before), (before, after))
    )
    tally = {word: sum(item.verdict == word for item in report.findings) for word in _SEVERITIES}
    told = [f"{count} {word}" for word, count in tally.items() if count]
    told += [f"{_counted(names)} {word}" for word, names in (("added", added), ("gone", removed)) if names]
    value = {
        "commit": commit.id,
        "date": commit.date,
        "size": size,
        **tally,
        "added": added,
        "removed": removed,
    }
    return Finding(
        code="revision",
        severity=_SEVERITIES[report.verdict],
        message=f"{commit.told}, {size / 1e6:.2f} MB: {', '.join(told) or 'nothing changed for anybody'}.",
        pointer=commit.id,
        location=Location(
            uri=report.findings[0].location.uri if report.findings and report.findings[0].location else ""
        ),
        witness=Witness(value=value),
        verdict=report.verdict,
        count=max(1, tally["breaking"]),
        notes=_told(report.findings),
    )


def _counted(names: list[str]) -> str:
    """How many operations and components `names` are; an operation is a method and a path."""
    operations = sum(" " in name for name in names)
    counts = (("operation", operations), ("component", len(names) - operations))
    return " and ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts if count)


def _told(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What most of it is, or the first that breaks."""
    found = tuple(findings)
    whole = tuple(item.message for item in found if item.code == "one-cause")
    return whole or tuple(f"breaks: {item.message}" for item in found if item.verdict == "breaking")[:_FIRST]


def _returned(commit: Commit, past: _Past, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Finding]:
    """What this revision took back: parts that say again what they said before, operations that are there again."""
    flaps: dict[str, list[str]] = {}
    first: dict[str, Commit] = {}
    for name, text in after.items():
        earlier = past.texts.get((name, text))
        if earlier is not None and name in before and before[name] != text:
            flaps.setdefault(earlier.id, []).append(name)
            first[earlier.id] = earlier
    for key, names in flaps.items():
        words = f"{len(names)} parts went A → B → A" if len(names) > 1 else f"`{names[0]}` went A → B → A"
        yield _note("flap", commit, key, f"{words}: {commit.told} says again what {first[key].told} said", names)
    again: dict[str, list[str]] = {}
    for name in after.keys() - before.keys():
        if name in past.gone:
            again.setdefault(past.gone[name].id, []).append(name)
            first[past.gone[name].id] = past.gone[name]
    for key, names in sorted(again.items()):
        words = f"{len(names)} parts are" if len(names) > 1 else f"`{names[0]}` is"
        sentence = f"{words} there again in {commit.told}, gone since {first[key].told}"
        yield _note("returned", commit, key, sentence, sorted(names))


def _note(code: str, commit: Commit, other: str, sentence: str, names: list[str]) -> Finding:
    rest = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    value = {"commit": commit.id, "date": commit.date, "since": other, "parts": names}
    return Finding(
        code=code,
        severity=Severity.NOTE,
        message=f"{sentence}.",
        pointer=f"{commit.id} {other}",
        witness=Witness(value=value),
        verdict="compatible",
        count=len(names),
        notes=(f"parts: {', '.join(names[:_FEW])}{rest}",) if len(names) > 1 else (),
    )
