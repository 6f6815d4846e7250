"""What changed between two documents, as findings: one a cause and direction, with the operations it reaches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from accord import loading
from accord.changes import comparing, discriminators
from accord.changes.telling import summary, told_operations, told_schemas
from accord.contract import Contract, Operation
from accord.document import Document, Json, escape, nearest, unescape
from accord.errors import AccordError
from accord.findings import Finding, Ledger, Report, Severity, Unchecked, tally
from accord.revisions import renaming
from accord.revisions.texts import Key, Revision, changed, reached, revision
from accord.rules import Operations


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """`operations` limits it, by `METHOD /path`, operationId or path; `open_world` has senders invent names."""

    operations: tuple[str, ...] = ()
    open_world: bool = False


def compare(
    baseline: Document,
    current: Document,
    options: DiffOptions | None = None,
    known: tuple[Revision, Revision] | None = None,
) -> Report:
    """What changed from `baseline` to `current` and who breaks, one finding a cause and direction.

    `known` are the texts of both documents, where they are at hand.
    Raises DocumentError where no contract can be made of one of them, AccordError for an operation that neither has.
    """
    options = options or DiffOptions()
    documents, notes = _tolerated((baseline, current))
    revisions = known or (revision(documents[0]), revision(documents[1]))
    renamed = renaming.renamed(documents[0], documents[1])
    if renamed:
        documents = renaming.applied(documents[0], renamed), documents[1]
        revisions = revision(documents[0]), revisions[1]
    keys = _wanted(revisions, options.operations)
    differing = changed(*revisions) & keys
    bare = not revisions[0].operations and not revisions[1].operations
    before, after = _loaded(documents, revisions, None if bare else differing)
    pairs = tuple(_pairs(revisions, (before, after), sorted(differing)))
    comparison = comparing.comparison(before, after, open_world=options.open_world)
    findings = [*told_operations(pairs, (before, after)), *told_schemas(comparison, pairs, bare=bare)]
    components = _components(revisions, keys, limited=bool(options.operations))
    findings += renaming.told(
        {old: new for old, new in renamed.items() if f"schemas/{escape(new)}" in components}, current
    )
    findings += discriminators.told(*documents, [unescape(name.removeprefix("schemas/")) for name in components])
    findings.sort(key=lambda item: (list(Severity).index(item.severity), item.operation, item.code, item.pointer))
    checked = {"operations": len(keys), "components": len(components)}
    return Report(
        verb="diff",
        findings=(*summary(findings), *findings),
        ledger=Ledger(checked=checked, unchecked=_gathered((*notes, *before.ledger, *after.ledger))),
        counts={
            "operations": len(keys),
            "changed": len(differing),
            "world": "open" if options.open_world else "closed",
        },
        verdict=_overall(findings),
        observed=_observed(revisions, keys, limited=bool(options.operations)),
    )


def _loaded(
    documents: tuple[Document, Document], revisions: tuple[Revision, Revision], differing: frozenset[Key] | None
) -> tuple[Contract, Contract]:
    """Both contracts, limited to the operations of `differing` that both have; None for everything."""
    common = None if differing is None else differing & revisions[0].names.keys() & revisions[1].names.keys()
    names = (None if common is None else _named(side, common) for side in revisions)
    before, after = (loading.load(each, operations=wanted) for each, wanted in zip(documents, names, strict=True))
    return before, after


def _components(revisions: tuple[Revision, Revision], keys: frozenset[Key], *, limited: bool) -> frozenset[str]:
    """The components that were compared: those of both, or those that the operations of `keys` use."""
    return frozenset(name for side in revisions for name in (reached(side, keys) if limited else side.components))


def _observed(
    revisions: tuple[Revision, Revision], keys: frozenset[Key], *, limited: bool
) -> frozenset[tuple[str, str]]:
    names = {name for side in revisions for name in _named(side, keys)}
    return frozenset((name, "") for name in (names if limited else names | {""}))


def _tolerated(documents: tuple[Document, Document]) -> tuple[tuple[Document, Document], tuple[Unchecked, ...]]:
    """Both documents, an empty one as a contract without operations, and what the ledger says of it."""
    notes = []
    found = []
    for document in documents:
        if document.data in (None, {}):
            notes.append(Unchecked(what="document", reason=f"{document.uri} is empty: it has no operation"))
            document = replace(document, data=_EMPTY)  # noqa: PLW2901  read as what it stands for
        found.append(document)
    return (found[0], found[1]), tuple(notes)


_EMPTY: Json = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}}


def _wanted(revisions: tuple[Revision, Revision], names: tuple[str, ...]) -> frozenset[Key]:
    every = frozenset(revisions[0].operations) | frozenset(revisions[1].operations)
    if not names:
        return every
    found: set[Key] = set()
    for name in names:
        met = {key for key in every if any(name in _names(side, key) for side in revisions)}
        if not met:
            known = {own for side in revisions for key in every for own in _names(side, key)}
            near = nearest(name, known)
            hint = f"did you mean `{near}`?" if near else "name it as `METHOD /path`, by operationId or by path."
            raise AccordError(f"No operation of either document is named `{name}`; {hint}")
        found |= met | {key for side in revisions for key, owner in side.called.items() if owner in met}
    return frozenset(found)


def _names(revision: Revision, key: Key) -> tuple[str, ...]:
    name = revision.names.get(key, "")
    return (name, name.partition(" ")[2], str(revision.raw.get(key, {}).get("operationId", ""))) if name else ()


def _named(revision: Revision, keys: frozenset[Key]) -> tuple[str, ...]:
    return tuple(revision.names[key] for key in sorted(keys) if key in revision.names)


def _pairs(
    revisions: tuple[Revision, Revision], contracts: tuple[Contract, Contract], keys: list[Key]
) -> Iterator[Operations]:
    loaded = tuple(
        {operation.name: operation for operation in (*contract.operations, *contract.called)} for contract in contracts
    )
    for key in keys:
        before, after = (
            known.get(side.names[key]) or _outline(side, key) if key in side.names else None
            for known, side in zip(loaded, revisions, strict=True)
        )
        yield Operations(
            before=before,
            after=after,
            raw_before=revisions[0].raw.get(key, {}),
            raw_after=revisions[1].raw.get(key, {}),
            wanted_before=revisions[0].raw.get(key, {}).get("security", revisions[0].security),
            wanted_after=revisions[1].raw.get(key, {}).get("security", revisions[1].security),
        )


def _outline(side: Revision, key: Key) -> Operation:
    """An operation that one document alone has: that it is there is all that matters."""
    method, _, path = side.names[key].partition(" ")
    return Operation(method=method, path=path, pointer=side.pointers[key], turned=key in side.called)


def _gathered(entries: Iterable[Unchecked]) -> tuple[Unchecked, ...]:
    """`entries` with those that say the same of several places as one that names the first."""
    first: dict[tuple[str, str], str] = {}
    found = []
    for entry in entries:
        words, _, place = entry.reason.rpartition(" (")
        told = words if words and "#" in place else entry.reason
        where = first.setdefault((entry.what, told), place.removesuffix(")") if told is words else "")
        found.append(replace(entry, reason=f"{told}; first at {where}" if where else told))
    return tally(found)


def _overall(findings: list[Finding]) -> str:
    verdicts = {finding.verdict for finding in findings}
    return next((word for word in ("breaking", "undecided") if word in verdicts), "compatible")
