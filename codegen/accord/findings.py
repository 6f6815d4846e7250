"""Findings about an API, the witnesses that prove them, and the ledger of what was and was not checked."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: an error fails a run by default, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class _Absent:
    """The type of ABSENT."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT = _Absent()
"""No value at all, where None would be JSON's null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A broken promise as plain data, so that an answer can be held to it again without the contract.

    `kind` is one that `claims` knows; `pointer` leads into the answer's body, items as `*`, or names a header; `value`
    is what the kind compares with. What an answer of another status says is of no concern to a claim about a body.
    """

    kind: str
    pointer: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A path segment (counted from 0) that holds what an earlier answer had: which (from 0), and where in its body.

    A `pointer` of `Location/-1` leads to the last segment of the path in that header.
    """

    segment: int
    answer: int
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWitness:
    """The request that shows a finding: secrets stand as `$NAME`, the body as base64 of its bytes.

    `secrets` are the names that stand in it; `bound` says which parts of the path depend on requests before it.
    """

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body_base64: str = ""
    operation: str = ""
    secrets: tuple[str, ...] = ()
    bound: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The simplest thing that proves a finding: a JSON value, a request, or both; `before` is sent ahead of it."""

    value: object = ABSENT
    request: RequestWitness | None = None
    before: tuple[RequestWitness, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduce:
    """Ways to see a finding again: a shell line, a Python program, a file for pytest; both fail as long as it holds."""

    curl: str = ""
    python: str = ""
    pytest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the promise stands: the document as the user named it, the JSON Pointer, the 1-based line if known."""

    uri: str
    pointer: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is broken about an API.

    Its identity is (code, operation, direction, status, media type, pointer), array items of the pointer as `*`.
    `message` says what is; `promise` what was promised; `count` how often it was seen.
    """

    code: str
    severity: Severity
    message: str
    promise: str = ""
    operation: str = ""
    direction: str = ""
    status: str = ""
    media_type: str = ""
    pointer: str = ""
    location: Location | None = None
    witness: Witness | None = None
    reproduce: Reproduce | None = None
    claim: Claim | None = None
    verdict: str = ""
    count: int = 1
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str, str, str, str]:
        """What makes this finding the same one in the next run."""
        return (self.code, self.operation, self.direction, self.status, self.media_type, self.pointer)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits, the same between runs and machines."""
        return hashlib.sha256(json.dumps(self.identity).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A ledger entry: something that was not checked, and why."""

    what: str
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What was checked, counted by name, and what was not."""

    checked: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def nothing_checked(self) -> bool:
        """Whether the run proved nothing."""
        return not any(self.checked.values())


def tally(entries: Iterable[Unchecked]) -> tuple[Unchecked, ...]:
    """`entries` with the same `what` and `reason` counted as one, in order of first appearance."""
    counts: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.what, entry.reason)
        counts[key] = counts.get(key, 0) + entry.count
    return tuple(Unchecked(what=what, reason=reason, count=count) for (what, reason), count in counts.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verb found: findings, the ledger, counts.

    `counts` are what a person wants in the summary line (operations, cases, checks, coverage as `seen/all`).
    `notes` are remarks on how the run was started, which the command line prints to stderr; `parts` the reports that
    this one puts together. `observed` says what was looked at: an operation ("" for what belongs to none) and the code
    of what was looked for there ("" for everything). Only there does the absence of a finding say that it is gone.
    """

    verb: str
    findings: tuple[Finding, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    counts: Mapping[str, int | str] = field(default_factory=lambda: MappingProxyType({}))
    verdict: str = ""
    unreachable: str = ""
    interrupted: bool = False
    notes: tuple[str, ...] = ()
    parts: tuple["Report", ...] = ()
    observed: frozenset[tuple[str, str]] = frozenset()


def together(verb: str, parts: Iterable[Report]) -> Report:
    """The reports of several verbs, or of one verb on several contracts, as one; the only part is itself.

    After a part that was interrupted no more are taken.
    """
    every: list[Report] = []
    for part in parts:
        every.append(part)
        if part.interrupted:
            break
    if len(every) == 1 and every[0].verb == verb:
        return every[0]
    checked: Counter[str] = Counter()
    counts: dict[str, int | str] = {}
    for part in every:
        checked.update(part.ledger.checked)
        for name, count in part.counts.items():
            known, key = counts.get(f"{part.verb} {name}"), f"{part.verb} {name}"
            counts[key] = known + count if isinstance(known, int) and isinstance(count, int) else count
    return Report(
        verb=verb,
        findings=tuple(finding for part in every for finding in part.findings),
        ledger=Ledger(checked=checked, unchecked=tally(entry for part in every for entry in part.ledger.unchecked)),
        counts=counts,
        unreachable=next((part.unreachable for part in every if part.unreachable), ""),
        interrupted=any(part.interrupted for part in every),
        notes=tuple(dict.fromkeys(note for part in every for note in part.notes)),
        parts=tuple(every),
    )


def exit_code(report: Report, fail_on: Iterable[str] = ("error",)) -> int:
    """0 nothing that fails the run, 1 findings, 2 nothing was checked, 3 unreachable, 130 interrupted.

    Where several hold, 130 > 2 > 3 > 1 > 0, except that an unreachable other side explains why nothing was checked.

    Errors fail the run, unless `fail_on` holds `never`. It may name more that does: severities (each covers the graver
    ones), verdicts, and `unchecked`.
    """
    names = tuple(fail_on)
    if report.parts:
        codes = {exit_code(part, names) for part in report.parts}
        return next((code for code in (130, 2, 3, 1) if code in codes), 0)
    if report.interrupted:
        return 130
    if report.unreachable:
        return 3
    if report.ledger.nothing_checked:
        return 2
    grave = [str(severity) for severity in Severity]
    limit = -1 if "never" in names else max((grave.index(name) for name in names if name in grave), default=0)
    failing = any(grave.index(finding.severity) <= limit or finding.verdict in names for finding in report.findings)
    return 1 if failing or ("unchecked" in names and report.ledger.unchecked) else 0
