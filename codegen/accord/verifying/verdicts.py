"""Verdicts: recordings held to a contract, a part at a time as tallies, and the whole as a report."""

import gc
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from accord import checks
from accord.contract import Contract, Operation
from accord.document import nearest
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.findings import Finding, Ledger, Report, Severity
from accord.messages.matching import matched
from accord.profiling import coverage, unseen
from accord.recordings import Block, Damaged, Line
from accord.verifying import evidence, lanes, outcomes, passing, sequences, tallies, unplaced, watching
from accord.verifying.holding import hold
from accord.verifying.passing import Ways
from accord.verifying.tallies import Seen, Verdicts, merged, moved
from accord.verifying.unplaced import Parts
from accord.verifying.watching import Watch
from accord.weighing import causes
from accord.weighing.causes import Bodies

__all__ = ["Verdicts", "meant", "merged", "moved", "named", "of_bodies", "of_exchanges", "reported"]

_FIRST = 3
_UNCOLLECTED = 10_000


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage less often meanwhile: values of JSON have no cycles, and each look passes over all that wait."""
    known = gc.get_threshold()
    if known[0]:
        gc.set_threshold(max(known[0], _UNCOLLECTED), *known[1:])
    try:
        yield
    finally:
        gc.set_threshold(*known)


@_seldom_collected()
def of_exchanges(
    contract: Contract, items: Iterable[Exchange | Damaged], servers: tuple[str, ...] = (), *, profiled: bool = False
) -> Verdicts:
    """Hold exchanges to `contract`; `servers` are further base URLs of the API. With a profile where it is wanted.

    What is damaged, calls no operation or cannot be judged is tallied as unchecked, and stops nothing.
    """
    found, watch = Verdicts(), Watch() if profiled else None
    known, waiting = passing.ways(contract, servers), iter(items)
    while chunk := list(itertools.islice(waiting, passing.TOGETHER)):
        pairs = list(_counted(found, known, chunk))
        told = passing.passed(known, found, watch, pairs)
        for at, (operation, item) in enumerate(pairs):
            by = told.get(at)
            if at not in told or (by is not None and not passing.is_told(known, found, watch, item, by)):
                _hold(found, watch, contract, operation, item)
    outcomes.settle(known.outcomes, found)
    if watch is not None:
        found.profile = watching.finished(watch)
    return found


def _counted(found: Verdicts, known: Ways, items: Iterable[Exchange | Damaged]) -> Iterator[tuple[Operation, Exchange]]:
    """The exchanges that called an operation, with it; those that did not, and what is none, are tallied."""
    for item in items:
        if isinstance(item, Damaged):
            tallies.damage(found, item.source, item.reason)
            continue
        intended = None if item.case is None else meant(known.contract, item)
        operation = intended or passing.called(known, item.request)
        found.counts["entries"] += 1
        if isinstance(operation, str):
            tallies.stray(found, operation)
        else:
            found.counts["matched"] += 1
            yield operation, item


def _hold(found: Verdicts, watch: Watch | None, contract: Contract, operation: Operation, item: Exchange) -> None:
    """Hold the checks against an exchange, unless it belongs to a sequence and has to wait for the others."""
    if watch is not None:
        watching.exchange(watch, operation, item)
    if item.case is not None and item.case.sequence:
        found.sequenced.append(item)
    else:
        hold(found, contract, operation, item)


@_seldom_collected()
def of_bodies(
    contract: Contract, name: str, status: int, path: str, lines: Iterable[Line | Block], *, profiled: bool = False
) -> Verdicts:
    """Hold numbered lines of `path`, each a bare JSON body, to what operation `name` promises to answer with `status`.

    Empty lines are nothing. Raises AccordError for a name that the contract does not know.
    """
    return lanes.of_bodies(contract, named(contract, name), status, path, lines, profiled=profiled)


def meant(contract: Contract, exchange: Exchange) -> Operation | None:
    """The operation that the case was made for, whatever method or path a fault gave its request."""
    name = "" if exchange.case is None else exchange.case.operation
    return next((operation for operation in contract.operations if operation.name == name), None) if name else None


def named(contract: Contract, name: str) -> Operation:
    """The operation that is called `name`: `POST /path`, its operationId or its path."""
    for operation in contract.operations:
        if name in {operation.name, operation.operation_id, operation.path}:
            return operation
    hint = nearest(name, [text for item in contract.operations for text in (item.name, item.operation_id) if text])
    raise AccordError(
        f"`{contract.document.uri}` has no operation `{name}`" + (f"; did you mean `{hint}`?" if hint else ".")
    )


def _in_sequence(found: Verdicts, contract: Contract, servers: tuple[str, ...]) -> Verdicts:
    """`found` with the exchanges judged that belong together, each with those of its file and sequence before it."""
    whole = replace(merged([found]), sequenced=[])

    def called(item: Exchange) -> Operation | str:
        return meant(contract, item) or matched(contract, item.request, servers)

    sequences.judge(whole, contract, found.sequenced, called)
    return whole


def reported(
    contract: Contract, part: Verdicts, files: int, servers: tuple[str, ...] = (), min_coverage: float | None = None
) -> Report:
    """The report on what `part` shows of so many files: each cause once, with its witness, the gravest first.

    `min_coverage` is the percentage of documented response properties that a profiled part has to show.
    """
    found = _in_sequence(part, contract, servers)
    seen = _causes(contract, found)
    facts = causes.Facts(
        operations=tuple(operation for operation in contract.operations if operation.name in found.operations),
        refused=found.refused,
        valid=found.valid,
        wanted={name: causes.lacking(found.taken.get(name, Bodies()), some) for name, some in found.declined.items()},
        located=frozenset(item.finding.identity for item, parts in seen if parts),
    )
    gathered = checks.with_lines(contract, causes.gathered(_findings(contract, found, seen), facts))
    told = sorted(gathered, key=_rank)
    names = ("entries", "matched", "unmatched", "damaged", "conform")
    cover = None if found.profile is None else unseen.covered(contract, found.profile)
    gate = [] if cover is None or min_coverage is None else _too_little(contract, cover, min_coverage)
    gated = set() if min_coverage is None else {(_called(contract), "coverage")}
    return Report(
        verb="verify",
        findings=(*gate, *told),
        ledger=Ledger(checked=checks.by_name(found.checked), unchecked=tallies.unchecked(found)),
        counts={
            "files": files,
            **{name: found.counts[name] for name in names},
            "operations": f"{len(found.operations)}/{len(contract.operations)}",
            **_covered(contract, found, cover),
        },
        observed=checks.observed(contract, found.checked) | gated,
    )


def _rank(finding: Finding) -> tuple[int, int, tuple[str, ...]]:
    """The gravest first, of those the commonest."""
    return (finding.severity.rank, -finding.count, finding.identity)


def _covered(contract: Contract, found: Verdicts, cover: unseen.Cover | None) -> dict[str, str]:
    """How many documented properties were seen: at any depth where there is a profile, else at the top of answers."""
    if cover is not None:
        return {"response properties": f"{cover.seen}/{cover.total}", "coverage": f"{cover.percent:.1f} %"}
    if found.filtered:
        return {}
    for operation in contract.operations:
        coverage.expect(found.reached, operation)
    return {"response properties": str(coverage.counts(found.reached)["response properties"])}


def _too_little(contract: Contract, cover: unseen.Cover, wanted: float) -> list[Finding]:
    if cover.percent >= wanted:
        return []
    first = [item.pointer for item in cover.unseen if item.what == "property"]
    names = ", ".join(f"`{pointer}`" for pointer in first[:_FIRST])
    return [
        Finding(
            code="coverage",
            severity=Severity.ERROR,
            message=f"The recordings show {cover.seen} of {cover.total} documented response properties"
            f" ({cover.percent:.1f} %); not seen are {names}"
            + (f" and {len(first) - _FIRST} more" if len(first) > _FIRST else ""),
            promise=f"at least {wanted:g} %",
            operation=_called(contract),
        )
    ]


def _called(contract: Contract) -> str:
    return contract.title or contract.document.uri


def _causes(contract: Contract, found: Verdicts) -> list[tuple[Seen, Parts]]:
    """Each cause with what its smallest request cannot lose, where that is known."""
    by_name = {operation.name: operation for operation in contract.operations}
    causes: list[tuple[Seen, Parts]] = []
    for identity, seen in found.seen.items():
        known = list(unplaced.placed(by_name[seen.operation], found.unplaced.get(identity, {})))
        rest = seen.count - sum(shown.count for shown, _ in known)
        for shown, parts in known:
            more, rest = rest, 0
            causes.append((Seen(shown.finding, seen.operation, shown.exchange, shown.first, shown.count + more), parts))
        if not known:
            causes.append((seen, frozenset()))
    return causes


def _findings(contract: Contract, found: Verdicts, causes: Iterable[tuple[Seen, Parts]]) -> Iterator[Finding]:
    by_name = {operation.name: operation for operation in contract.operations}
    listed, tags = (unseen.members(contract), unseen.tags(contract)) if found.seen else (frozenset(), frozenset())
    for seen, _ in causes:
        proof = evidence.witness(by_name[seen.operation], seen.finding, seen.exchange, listed, tags)
        notes = (*seen.finding.notes, f"first seen in {seen.first}")
        yield replace(seen.finding, count=seen.count, witness=proof, notes=notes)
