"""accord diff: two revisions compared as sets of messages, every break proved by a witness."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from accord import comparing, loading, pairing, rules
from accord.comparing import Comparison, Site
from accord.contract import Contract, Direction, Operation, locate
from accord.document import Document, join
from accord.errors import AccordError
from accord.findings import Finding, Ledger, Location, Report, RequestWitness, Severity, Witness, tally
from accord.pairing import Key, Revision
from accord.rules import BREAKS, Change, Operations
from accord.witness import Proved, Refuted, Verdict

_FEW = 3
_MANY = 3
_SEVERITIES = {"breaking": Severity.ERROR, "undecided": Severity.WARNING, "compatible": Severity.NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """`operations` limits it, by `METHOD /path`, operationId or path; `open_world` has senders invent names."""

    operations: tuple[str, ...] = ()
    open_world: bool = False


def diff(baseline: Document, current: Document, options: DiffOptions | None = None) -> Report:
    """What changed from `baseline` to `current` and who breaks, one finding a cause and direction.

    Raises DocumentError where no contract can be made of one of them, AccordError for an operation that neither has.
    """
    options = options or DiffOptions()
    revisions = pairing.revision(baseline), pairing.revision(current)
    keys = _wanted(revisions, options.operations)
    differing = pairing.changed(*revisions) & keys
    bare = not revisions[0].operations and not revisions[1].operations
    common = differing & revisions[0].names.keys() & revisions[1].names.keys()
    before, after = (
        loading.load(document, operations=None if bare else _named(revision, common))
        for document, revision in zip((baseline, current), revisions, strict=True)
    )
    pairs = tuple(_pairs(revisions, (before, after), sorted(differing)))
    comparison = comparing.comparison(before, after, open_world=options.open_world)
    findings = [*_operation_findings(pairs, (before, after)), *_schema_findings(comparison, pairs, bare=bare)]
    findings.sort(key=lambda item: (list(Severity).index(item.severity), item.operation, item.code, item.pointer))
    ledger = Ledger(
        checked={"operations": len(keys), "components": len(revisions[0].components.keys() | revisions[1].components)},
        unchecked=tally((*before.ledger, *after.ledger)),
    )
    return Report(
        verb="diff",
        findings=(*_summary(findings), *findings),
        ledger=ledger if keys or not options.operations else Ledger(),
        counts={
            "operations": len(keys),
            "changed": len(differing),
            "world": "open" if options.open_world else "closed",
        },
        verdict=_overall(findings),
    )


def _wanted(revisions: tuple[Revision, Revision], names: tuple[str, ...]) -> frozenset[Key]:
    every = frozenset(revisions[0].operations) | frozenset(revisions[1].operations)
    if not names:
        return every
    found: set[Key] = set()
    for name in names:
        met = {key for key in every if any(name in _names(revision, key) for revision in revisions)}
        if not met:
            raise AccordError(f"No operation of either document is named `{name}`.")
        found |= met
    return frozenset(found)


def _names(revision: Revision, key: Key) -> tuple[str, ...]:
    name = revision.names.get(key, "")
    return (name, name.partition(" ")[2], str(revision.raw.get(key, {}).get("operationId", ""))) if name else ()


def _named(revision: Revision, keys: frozenset[Key]) -> tuple[str, ...]:
    return tuple(revision.names[key] for key in sorted(keys) if key in revision.names)


def _pairs(
    revisions: tuple[Revision, Revision], contracts: tuple[Contract, Contract], keys: list[Key]
) -> Iterator[Operations]:
    loaded = tuple({operation.name: operation for operation in contract.operations} for contract in contracts)
    for key in keys:
        before, after = (
            known.get(revision.names[key]) or _outline(revision.names[key]) if key in revision.names else None
            for known, revision in zip(loaded, revisions, strict=True)
        )
        yield Operations(
            before=before,
            after=after,
            raw_before=revisions[0].raw.get(key, {}),
            raw_after=revisions[1].raw.get(key, {}),
        )


def _outline(name: str) -> Operation:
    """An operation that one document alone has: that it is there is all that matters."""
    method, _, path = name.partition(" ")
    return Operation(method=method, path=path, pointer=join("", "paths", path, method.lower()))


def _operation_findings(pairs: tuple[Operations, ...], contracts: tuple[Contract, Contract]) -> Iterator[Finding]:
    groups: dict[tuple[str, ...], list[tuple[Change, Operation, Contract]]] = {}
    for pair in pairs:
        operation = pair.after or pair.before
        if operation is not None:
            contract = contracts[1 if pair.after else 0]
            for name, change in rules.operation_changes(pair):
                alone = operation.name if name.startswith("operation-") else ""
                cause = (name, change.message, str(change.direction), str(change.effect), alone)
                groups.setdefault(cause, []).append((change, operation, contract))
    for (name, *_), members in groups.items():
        yield _operation_finding(name, members)


def _operation_finding(name: str, members: list[tuple[Change, Operation, Contract]]) -> Finding:
    """The finding for one change of one operation, or for the same change of several."""
    change, operation, contract = members[0]
    breaks = change.effect is BREAKS[change.direction]
    verdict = ("breaking" if change.proved else "undecided") if breaks else "compatible"
    uri, pointer = locate(contract, change.pointer)
    shown = RequestWitness(method=operation.method, path=operation.path)
    names = list(dict.fromkeys(item.name for _, item, _ in members))
    several = len(names) > 1
    return Finding(
        code=name,
        severity=_SEVERITIES[verdict],
        message=f"{f'{len(names)} operations' if several else f'`{operation.name}`'}: {change.message}.",
        operation="" if several else operation.name,
        direction=change.direction,
        status=change.status,
        media_type=change.media_type,
        pointer=change.message if several else change.pointer,
        location=Location(uri=uri, pointer=pointer),
        witness=Witness(request=shown) if verdict == "breaking" else None,
        verdict=verdict,
        count=len(names),
        notes=_reach(names),
    )


def _reach(names: list[str]) -> tuple[str, ...]:
    rest = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return (f"reaches: {len(names)} operations: {', '.join(names[:_FEW])}{rest}",) if len(names) > 1 else ()


def _schema_findings(comparison: Comparison, pairs: tuple[Operations, ...], *, bare: bool) -> Iterator[Finding]:
    sites = tuple(site for pair in pairs for site in comparing.sites(pair.before, pair.after))
    causes, own = comparing.causes(comparison, sites)
    if bare:
        causes = {(name, direction): () for name in comparing.shared(comparison) for direction in Direction}
    for (name, direction), reached in sorted(causes.items()):
        before, after = comparing.views(comparison, name, direction)
        changes = comparing.explain(before, after)
        if changes:
            verdict = comparing.judge(comparison, direction, before, after)
            if reached and isinstance(verdict, Refuted) and not comparing.shows(comparison, reached):
                verdict = comparing.UNPROVED
            place = Location(uri=comparison.after.document.uri, pointer=f"/components/schemas/{name}")
            yield _schema_finding(verdict, direction, changes, place, (f"component `{name}`", reached))
    for site in own:
        changes = comparing.explain(site.before, site.after)
        uri, pointer = locate(comparison.after, site.pointer)
        place = Location(uri=uri, pointer=pointer)
        verdict = comparing.judge(comparison, site.direction, site.before, site.after)
        yield _schema_finding(verdict, site.direction, changes, place, (site.what, (site,)))


def _schema_finding(
    verdict: Verdict,
    direction: Direction,
    changes: tuple[tuple[str, Change], ...],
    place: Location,
    subject: tuple[str, tuple[Site, ...]],
) -> Finding:
    what, reached = subject
    word = "compatible" if isinstance(verdict, Proved) else "breaking" if isinstance(verdict, Refuted) else "undecided"
    leading = [item for item in changes if item[1].effect is BREAKS[direction]] or list(changes)
    chosen = leading if word != "compatible" else list(changes)
    told = "; ".join(f"{change.pointer or 'it'}: {change.message}" for _, change in chosen[:_MANY])
    more = f"; and {len(chosen) - _MANY} changes more" if len(chosen) > _MANY else ""
    names = list(dict.fromkeys(site.operation for site in reached))
    notes: tuple[str, ...] = () if isinstance(verdict, Proved | Refuted) else (f"undecided: {verdict.reason}",)
    single = reached[0] if len(names) == 1 and len(reached) == 1 else None
    return Finding(
        code=chosen[0][0] if chosen else "schema",
        severity=_SEVERITIES[word],
        message=f"{what} as a {direction}: {told}{more}.",
        operation=names[0] if len(names) == 1 else "",
        direction=direction,
        status=single.status if single else "",
        media_type=single.media_type if single else "",
        pointer=place.pointer,
        location=place,
        witness=Witness(value=verdict.witness) if isinstance(verdict, Refuted) else None,
        verdict=word,
        count=max(1, len(names)),
        notes=(*notes, *_reach(names)),
    )


def _overall(findings: list[Finding]) -> str:
    verdicts = {finding.verdict for finding in findings}
    return next((word for word in ("breaking", "undecided") if word in verdicts), "compatible")


def _summary(findings: list[Finding]) -> Iterator[Finding]:
    """One note in front where one kind of change accounts for most of what breaks."""
    breaking = [item for item in findings if item.verdict == "breaking"]
    groups: dict[tuple[str, str], list[Finding]] = {}
    for item in breaking:
        if item.pointer.startswith("/components/schemas/"):
            groups.setdefault((item.code, item.direction), []).append(item)
    for (code, direction), members in sorted(groups.items()):
        places = {item.pointer for item in members}
        if len(places) < max(5, len(breaking) / 2):
            continue
        dropped = [item for item in members if "`required` was dropped" in item.message]
        words = f"`{code}` changed in {len(places)} components"
        if dropped:
            words = f"`required` was dropped from {len({item.pointer for item in dropped})} components"
        yield Finding(
            code="one-cause",
            severity=Severity.NOTE,
            message=f"One switch was flipped: {words} ({len(members)} of {len(breaking)} breaking findings).",
            direction=direction,
            pointer=json.dumps([code, direction]),
            verdict="breaking",
        )
