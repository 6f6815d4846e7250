"""`accord verify`: recorded exchanges held to the contract, offline."""

import glob
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from accord import acceptance, checks, coverage, evidence, recordings, streams
from accord.contract import Contract, Operation, is_json, media_type_for, response_for
from accord.document import nearest
from accord.errors import AccordError
from accord.exchange import Exchange, Request, Response
from accord.findings import Finding, Ledger, Report, Unchecked
from accord.matching import matched
from accord.recordings import Damaged

_BODY_CHECKS = ("content-type", "response-body", "status-code", "undocumented-property")
_UNMEANT = frozenset({"echo"})
"""Checks that take the request for one that was meant to be stored as it is: without a case nobody said so."""

_NO_CASE = "the recording does not say what the request was meant to be"
_TWICE = "names written twice are not looked for in bodies that the accept filter takes"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """How to verify. `servers` are further base URLs of the API.

    With `operation` (`POST /path`, operationId or path) the sources are lines of bare JSON bodies, which it answered
    with `status`.
    """

    servers: tuple[str, ...] = ()
    operation: str = ""
    status: int = 200


@dataclass(slots=True)
class _Seen:
    finding: Finding
    operation: Operation
    exchange: Exchange
    first: str
    count: int = 1


@dataclass(slots=True)
class _Run:
    contract: Contract
    seen: dict[tuple[str, ...], _Seen] = field(default_factory=dict)
    checked: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    touched: dict[str, None] = field(default_factory=dict)
    sequences: dict[tuple[str, str], tuple[Exchange, ...]] = field(default_factory=dict)
    filtered: bool = False
    reached: coverage.Coverage = field(default_factory=coverage.Coverage)


def verify(contract: Contract, sources: Iterable[str], options: VerifyOptions | None = None) -> Report:
    """Hold every exchange of `sources` (files, folders, globs) to `contract`: one finding for each cause, counted.

    What is damaged, calls no operation or cannot be judged is in the ledger, and stops nothing. Raises AccordError
    when a source names no file.
    """
    chosen = options or VerifyOptions()
    run = _Run(contract)
    for operation in contract.operations:
        coverage.expect(run.reached, operation)
    bare = _named(contract, chosen.operation) if chosen.operation else None
    for path in _paths(sources):
        run.counts["files"] += 1
        if bare is not None:
            _bodies(run, path, bare, chosen.status)
            continue
        for item in _entries(path):
            _judge(run, item, chosen.servers)
    return _report(run)


def _paths(sources: Iterable[str]) -> Iterator[Path]:
    for source in sources:
        path = Path(source)
        if path.is_dir():
            found = sorted(item for item in path.rglob("*") if item.is_file() and not item.name.startswith("."))
        else:
            found = [path] if path.exists() else [Path(name) for name in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207  the pattern may be absolute
        if not found:
            raise AccordError(f"`{source}` names no recording: there is no such file.")
        yield from found


def _named(contract: Contract, name: str) -> Operation:
    for operation in contract.operations:
        if name in {operation.name, operation.operation_id, operation.path}:
            return operation
    hint = nearest(name, [text for item in contract.operations for text in (item.name, item.operation_id) if text])
    raise AccordError(
        f"`{contract.document.uri}` has no operation `{name}`" + (f"; did you mean `{hint}`?" if hint else ".")
    )


def _entries(path: Path) -> Iterator[Exchange | Damaged]:
    """The entries of one recording; a file that is none is one damaged entry, and so is what ends one early."""
    try:
        yield from recordings.read(path)
    except AccordError as problem:
        yield Damaged(source=str(path), reason=str(problem))


def _judge(run: _Run, item: Exchange | Damaged, servers: tuple[str, ...]) -> None:
    run.counts["entries"] += 1
    if isinstance(item, Damaged):
        run.counts["damaged"] += 1
        run.unchecked[item.source, item.reason] += 1
        return
    operation = _meant(run.contract, item) or matched(run.contract, item.request, servers)
    if isinstance(operation, str):
        run.counts["unmatched"] += 1
        run.unchecked["exchange", operation] += 1
        return
    run.counts["matched"] += 1
    _hold(run, operation, item)


def _meant(contract: Contract, exchange: Exchange) -> Operation | None:
    """The operation that the case was made for, whatever method or path a fault gave its request."""
    name = "" if exchange.case is None else exchange.case.operation
    return next((operation for operation in contract.operations if operation.name == name), None) if name else None


def _hold(run: _Run, operation: Operation, exchange: Exchange) -> None:
    """Hold every check against one exchange, and keep the shortest that shows each cause."""
    run.touched[operation.name] = None
    coverage.add(run.reached, operation, exchange)
    judgement = streams.judged(run.contract, operation, exchange, _earlier(run, exchange))
    unknown = _UNMEANT if exchange.case is None else frozenset()
    run.checked.update(name for name in judgement.checked if name not in unknown)
    run.unchecked.update((entry.what, entry.reason) for entry in judgement.unchecked)
    run.unchecked.update((name, _NO_CASE) for name in judgement.checked if name in unknown)
    findings = [finding for finding in judgement.findings if finding.code not in unknown]
    run.counts["conform"] += not findings
    for finding in findings:
        known = run.seen.get(finding.identity)
        if known is None:
            run.seen[finding.identity] = _Seen(finding, operation, exchange, exchange.source)
            continue
        known.count += 1
        if _size(exchange) < _size(known.exchange):
            known.finding, known.exchange = finding, exchange


def _earlier(run: _Run, exchange: Exchange) -> tuple[Exchange, ...]:
    """The exchanges of the same sequence before this one, where the recording keeps its case."""
    if exchange.case is None or not exchange.case.sequence:
        return ()
    name = (exchange.source.rpartition(":")[0], exchange.case.sequence)
    known = run.sequences.get(name, ())
    run.sequences[name] = (*known, exchange)
    return known


def _size(exchange: Exchange) -> int:
    return 0 if exchange.response is None else len(exchange.response.body)


def _bodies(run: _Run, path: Path, operation: Operation, status: int) -> None:
    """Hold the lines of one file; what the accept filter takes needs no further judge."""
    response = response_for(operation, status)
    medium = None if response is None else media_type_for(response.content, "application/json")
    taken = acceptance.accepts(medium.schema, closed=True) if medium is not None and medium.schema is not None else None
    before = run.counts["entries"]
    name = medium.name if medium is not None and is_json(medium.name) else "application/json"
    passed = 0
    for number, line in _lines(run, path):
        if not line.strip():
            continue
        run.counts["entries"] += 1
        if taken is not None and taken(line):
            passed += 1
            continue
        answer = Response(status=status, headers=(("Content-Type", name),), body=line.strip())
        request = Request(method=operation.method, url=operation.path)
        _hold(run, operation, Exchange(request=request, response=answer, source=f"{path}:{number}"))
    run.counts["matched"] += run.counts["entries"] - before
    if passed:
        run.filtered = True  # the filter does not say which properties it saw
        run.touched[operation.name] = None
        run.counts["conform"] += passed
        run.checked.update(dict.fromkeys(_BODY_CHECKS, passed))
        run.unchecked["strict-json", _TWICE] += passed


def _lines(run: _Run, path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            opener = recordings.unpack(file.read(4))
        with (opener or open)(path, "rb") as lines:
            yield from zip(itertools.count(1), lines, strict=False)
    except (OSError, EOFError) as problem:
        run.counts["damaged"] += 1
        run.counts["entries"] += 1
        run.unchecked[str(path), f"cannot be read: {type(problem).__name__}"] += 1


def _report(run: _Run) -> Report:
    findings = []
    for seen in run.seen.values():
        proof = evidence.witness(seen.operation, seen.finding, seen.exchange)
        notes = (*seen.finding.notes, f"first seen in {seen.first}")
        findings.append(replace(seen.finding, count=seen.count, witness=proof, notes=notes))
    found = sorted(checks.with_lines(run.contract, findings), key=lambda item: (-item.count, item.identity))
    unchecked = tuple(
        Unchecked(what=what, reason=reason, count=count) for (what, reason), count in run.unchecked.items()
    )
    reached = coverage.counts(run.reached)["response properties"]
    names = ("files", "entries", "matched", "unmatched", "damaged", "conform")
    return Report(
        verb="verify",
        findings=tuple(found),
        ledger=Ledger(checked=dict(run.checked), unchecked=unchecked),
        counts={
            **{name: run.counts[name] for name in names},
            "operations": f"{len(run.touched)}/{len(run.contract.operations)}",
            **({"response properties": reached} if not run.filtered else {}),
        },
    )
