"""Findings that have one cause, as one finding; and how much it weighs where a contract says less than any service."""

import base64
import functools
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from accord.contract import Operation, response_for
from accord.findings import Finding, Severity
from accord.weighing.sightings import Identity

FLAKY = "flaky: not seen again when the same request was sent once more"
"""What is noted of a finding that did not show again."""

SEVERAL = 4
"""So many kinds of fault, all accepted, or properties, all lost, are one cause: nobody looks at them."""

WIDESPREAD = 3
"""So many operations, and more than half of all, that refuse what conforms: the contract says too little."""

MOST = 0.6
"""A greater share of refused requests says the same of one operation."""

_LOST: Mapping[str, str] = MappingProxyType(
    {
        "echo": "not what was sent",
        "read-back": "not what was sent",
        "replacement": "still there",
        "partial-change": "no more what was sent",
    }
)
"""What is said of several properties that one operation loses, by the check that found it."""

_NO_KEY = frozenset({"security-missing", "security-wrong"})
"""Faults of a key that an operation takes only where it looks at no key."""

_NAMED = 3

_FEW = 4
"""More requests must have been taken to say what all of them have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a run knows beside its findings.

    `refused` counts by operation and part of the request the invalid cases that were refused, `valid` by operation the
    valid cases that were sent, `wanted` has by operation the properties of every body that was taken, some of those
    refused being without. `located` are the findings whose smallest request has something that it cannot lose, `stated`
    those about a value that the document names, `beyond` refusals of things never found or learned not to be taken.
    `strict` weighs every departure from the contract in full.
    """

    operations: tuple[Operation, ...]
    refused: Mapping[tuple[str, str], int]
    valid: Mapping[str, int]
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    located: frozenset[Identity] = frozenset()
    beyond: frozenset[Identity] = frozenset()
    stated: frozenset[Identity] = frozenset()
    strict: bool = False


@dataclass(slots=True)
class Bodies:
    """So many bodies of requests, and the properties that every one of them has."""

    names: frozenset[str] = frozenset()
    count: int = 0


def common(into: Bodies, names: frozenset[str], count: int = 1) -> None:
    """Add bodies that have `names` in common."""
    into.names = into.names & names if into.count else names
    into.count += count


def lacking(taken: Bodies, refused: Bodies) -> tuple[str, ...]:
    """The properties of every body that was taken, some of those refused being without."""
    return tuple(sorted(taken.names - refused.names)) if refused.count and taken.count > _FEW else ()


def gathered(findings: Iterable[Finding], facts: Facts) -> list[Finding]:
    """`findings`, those of one cause as one: in the place of the first, with all their counts."""
    found = [item for item in findings if item.code != "response-time" or _lasts(item)]
    found = [item for item in found if not _is_followed(item, found)]
    found = _together(found, _unlooked(facts), _nothing_refused, SEVERAL)
    found = _together(found, _unlocked(found), _nothing_wanted, 2)
    found = _together(found, _lost, _nothing_kept, SEVERAL)
    if facts.strict:
        found = [replace(item, severity=Severity.ERROR) if item.code == "status-code" else item for item in found]
    else:
        found = _laxly(found, facts)
    return _together(found, _status, _nowhere, 2)


def _is_followed(finding: Finding, found: list[Finding]) -> bool:
    """Whether a `Location` that says the same of two things was followed, and what is there was told."""
    if (finding.code, finding.pointer) != ("location", "/headers/Location") or finding.severity != Severity.ERROR:
        return False
    above = finding.operation.partition(" ")[2]
    others = (item.operation.partition(" ") for item in found if item.code == "location")
    return any(method == "GET" and path.startswith(above) for method, _, path in others)


def _lasts(finding: Finding) -> bool:
    """Whether a slow answer was slow again when its request was sent once more."""
    return FLAKY not in finding.notes and (finding.witness is None or not finding.witness.before)


def _together(
    findings: list[Finding],
    key: Callable[[Finding], str],
    one: Callable[[list[Finding]], Finding],
    least: int,
    only: Container[str] | None = None,
) -> list[Finding]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if name := key(finding):
            groups.setdefault(name, []).append(finding)
    for name, group in groups.items():
        if len(group) < least or (only is not None and name not in only):
            continue
        merged = replace(one(group), count=sum(finding.count for finding in group))
        findings = [merged if item is group[0] else item for item in findings if item is group[0] or item not in group]
    return findings


def _unlooked(facts: Facts) -> Callable[[Finding], str]:
    def key(finding: Finding) -> str:
        part = finding.pointer.split("/")[1] if finding.code == "invalid-accepted" else ""
        return f"{finding.operation} {part}" if part and not facts.refused.get((finding.operation, part)) else ""

    return key


def _nothing_refused(group: list[Finding]) -> Finding:
    first = group[0]
    part = first.pointer.split("/")[1]
    return replace(
        first,
        message=f"Nothing that breaks the contract in the {part} of the request is refused; {len(group)} kinds of "
        f"fault were accepted, the first: {first.message}",
        promise=f"a request that breaks the contract in its {part} is refused",
        pointer=f"/{part}",
    )


def _unlocked(findings: Iterable[Finding]) -> Callable[[Finding], str]:
    """Of keys that one operation takes and must not those that are one cause, since it takes any key, or none."""
    keys = [item for item in findings if item.code == "authentication" and item.pointer.count("/") > 1]
    taken = {_lock(item) for item in keys if item.pointer.rpartition("/")[2] in _NO_KEY}
    return lambda item: _lock(item) if item in keys and _lock(item) in taken else ""


def _lock(finding: Finding) -> str:
    return f"{finding.operation} {finding.pointer.rpartition('/')[0]}"


def _nothing_wanted(group: list[Finding]) -> Finding:
    first = group[0]
    return replace(
        first,
        message=f"Keys are not looked at; {len(group)} kinds of wrong key were accepted, the first: {first.message}",
    )


def _lost(finding: Finding) -> str:
    """Properties of the top that one operation loses the same way."""
    alone = finding.code in _LOST and finding.pointer.count("/") == 1
    return f"{finding.code} {finding.operation} {finding.status} {finding.severity}" if alone else ""


def _nothing_kept(group: list[Finding]) -> Finding:
    first = group[0]
    return replace(
        first,
        message=f"{len(group)} properties are {_LOST[first.code]} ({_some(item.pointer for item in group)}), "
        f"the first: {first.message}",
        pointer="",
    )


def is_undocumented_refusal(finding: Finding, operations: tuple[Operation, ...]) -> bool:
    """Whether a conforming request was refused with a status that is not documented, which weighs less."""
    operation = next((item for item in operations if item.name == finding.operation), None)
    if finding.code != "valid-refused" or operation is None:
        return False
    return response_for(operation, int(finding.status)) is None


def _laxly(findings: list[Finding], facts: Facts) -> list[Finding]:
    """`findings`, refusals that only say how little the contract says as one note."""
    groups: dict[str, list[Finding]] = {}
    for item in findings:
        if item.identity not in facts.stated and is_undocumented_refusal(item, facts.operations):
            groups.setdefault(item.operation, []).append(item)
    if len(groups) >= max(WIDESPREAD, len(facts.operations) // 2 + 1):
        return _together(
            findings, lambda item: "refused" if item in groups.get(item.operation, ()) else "", _too_lax, 1
        )
    usual = {name for name, group in groups.items() if _is_usual(name, group, facts)}
    told = {id(item) for name, group in groups.items() if name not in usual for item in group}
    findings = [_weighed(item, facts) if id(item) in told else item for item in findings]
    lighter = functools.partial(_lighter, facts=facts)
    return _together(
        findings, lambda item: item.operation if item in groups.get(item.operation, ()) else "", lighter, 1, usual
    )


def _weighed(finding: Finding, facts: Facts) -> Finding:
    light = finding.identity in facts.beyond or _changes_nothing(finding)
    return replace(finding, severity=Severity.NOTE if light else Severity.WARNING)


def _changes_nothing(finding: Finding) -> bool:
    """Whether a refused request asks for a change and names none, which many services refuse."""
    asked = None if finding.witness is None else finding.witness.request
    return asked is not None and asked.method == "PATCH" and base64.b64decode(asked.body_base64) in (b"", b"{}")


def _is_usual(name: str, group: list[Finding], facts: Facts) -> bool:
    """Whether conforming requests of one operation were refused for several causes, or most of them for no part."""
    nowhere = [item for item in group if item.identity not in facts.located]
    refused = sum(item.count for item in nowhere)
    if nowhere and facts.wanted.get(name):
        return True
    return len(group) >= SEVERAL or refused > MOST * max(facts.valid.get(name, 0), 1)


def _lighter(group: list[Finding], facts: Facts) -> Finding:
    first = group[0]
    names = facts.wanted.get(first.operation, ())
    return replace(
        first,
        severity=Severity.NOTE,
        message=f"Many conforming requests were refused with status {first.status}, which is not documented: the "
        "contract says less than the service wants" + (f"; every one that was taken has {_some(names)}" * bool(names)),
        pointer="",
    )


def _too_lax(group: list[Finding]) -> Finding:
    first, operations = group[0], len({item.operation for item in group})
    return replace(
        first,
        severity=Severity.NOTE,
        message=f"Conforming requests of {operations} operations were refused with a status that none of them "
        "documents: the contract says less than the service wants",
        notes=(f"in: {_some(item.operation for item in group)}", *first.notes),
        operation="",
        status="",
        pointer="",
    )


def _status(finding: Finding) -> str:
    return f"{finding.status} {finding.severity}" if finding.code == "status-code" else ""


def _nowhere(group: list[Finding]) -> Finding:
    first = group[0]
    return replace(
        first,
        message=f"The answers of {len(group)} operations have status {first.status}, which none of them documents",
        promise="a documented status",
        notes=(f"in: {_some(item.operation for item in group)}", *first.notes),
        operation="",
        location=None if first.location is None else replace(first.location, pointer=""),
    )


def _some(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    shown = ", ".join(f"`{name}`" for name in known[:_NAMED])
    return shown + (f" and {len(known) - _NAMED} more" if len(known) > _NAMED else "")
