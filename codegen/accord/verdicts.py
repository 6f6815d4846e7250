"""Verdicts: what a part of a body of recordings shows, as counts that add up to those of the whole.

However a body of recordings is split, the verdicts of its parts, merged in their order, are those of the whole. They
are plain data and can be pickled; operations stand in them by name.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from accord import acceptance, causes, checks, coverage, evidence, streams
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

Line: TypeAlias = tuple[int, bytes] | Damaged
"""A line of bare JSON and its number in the file, or what could not be read."""


@dataclass(slots=True)
class Seen:
    """One cause: the finding and the exchange that shows it in the fewest bytes, where it was first seen, how often."""

    finding: Finding
    operation: str
    exchange: Exchange
    first: str
    count: int = 1


@dataclass(slots=True)
class Verdicts:
    """What some exchanges show: causes by identity, tallies of what was checked and what was not.

    `sequenced` are exchanges that are judged with those before them, which may stand in another part. `valid` counts the
    valid cases by operation, `refused` the invalid ones that were refused by operation and part of the request.
    """

    seen: dict[tuple[str, ...], Seen] = field(default_factory=dict)
    checked: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    operations: dict[str, None] = field(default_factory=dict)
    sequenced: list[Exchange] = field(default_factory=list)
    filtered: bool = False
    reached: coverage.Coverage = field(default_factory=coverage.Coverage)


def of_exchanges(contract: Contract, items: Iterable[Exchange | Damaged], servers: tuple[str, ...] = ()) -> Verdicts:
    """Hold exchanges to `contract`; `servers` are further base URLs of the API.

    What is damaged, calls no operation or cannot be judged is tallied as unchecked, and stops nothing.
    """
    found = Verdicts()
    for item in items:
        if isinstance(item, Damaged):
            _damaged(found, item)
            continue
        found.counts["entries"] += 1
        operation = _meant(contract, item) or matched(contract, item.request, servers)
        if isinstance(operation, str):
            found.counts["unmatched"] += 1
            found.unchecked["exchange", operation] += 1
            continue
        found.counts["matched"] += 1
        if item.case is not None and item.case.sequence:
            found.sequenced.append(item)
        else:
            _hold(found, contract, operation, item)
    return found


def _meant(contract: Contract, exchange: Exchange) -> Operation | None:
    """The operation that the case was made for, whatever method or path a fault gave its request."""
    name = "" if exchange.case is None else exchange.case.operation
    return next((operation for operation in contract.operations if operation.name == name), None) if name else None


def _in_sequence(found: Verdicts, contract: Contract, servers: tuple[str, ...]) -> Verdicts:
    """`found` with the exchanges judged that belong together, each with those of its file and sequence before it."""
    whole = replace(merged([found]), sequenced=[])
    earlier: dict[tuple[str, str], tuple[Exchange, ...]] = {}
    for item in found.sequenced:
        name = (item.source.rpartition(":")[0], "" if item.case is None else item.case.sequence)
        operation = _meant(contract, item) or matched(contract, item.request, servers)
        if isinstance(operation, Operation):
            _hold(whole, contract, operation, item, earlier.get(name, ()))
        earlier[name] = (*earlier.get(name, ()), item)
    return whole


def _damaged(found: Verdicts, item: Damaged) -> None:
    found.counts.update(("entries", "damaged"))
    found.unchecked[item.source, item.reason] += 1


def of_bodies(contract: Contract, name: str, status: int, path: str, lines: Iterable[Line]) -> Verdicts:
    """Hold numbered lines of `path`, each a bare JSON body, to what operation `name` promises to answer with `status`.

    What the accept filter takes needs no further judge; empty lines are nothing. Raises AccordError for a name that
    the contract does not know.
    """
    found, operation = Verdicts(), named(contract, name)
    response = response_for(operation, status)
    medium = None if response is None else media_type_for(response.content, "application/json")
    taken = acceptance.accepts(medium.schema, closed=True) if medium is not None and medium.schema is not None else None
    kind = medium.name if medium is not None and is_json(medium.name) else "application/json"
    passed = 0
    for item in lines:
        if isinstance(item, Damaged):
            _damaged(found, item)
            continue
        number, line = item
        if not line.strip():
            continue
        found.counts["entries"] += 1
        if taken is not None and taken(line):
            passed += 1
            continue
        answer = Response(status=status, headers=(("Content-Type", kind),), body=line.strip())
        request = Request(method=operation.method, url=operation.path)
        _hold(found, contract, operation, Exchange(request=request, response=answer, source=f"{path}:{number}"))
    found.counts["matched"] = found.counts["entries"] - found.counts["damaged"]
    if passed:
        found.filtered = True  # the filter does not say which properties it saw
        found.operations[operation.name] = None
        found.counts["conform"] += passed
        found.checked.update(dict.fromkeys(_BODY_CHECKS, passed))
        found.unchecked["strict-json", _TWICE] += passed
    return found


def named(contract: Contract, name: str) -> Operation:
    """The operation that is called `name`: `POST /path`, its operationId or its path."""
    for operation in contract.operations:
        if name in {operation.name, operation.operation_id, operation.path}:
            return operation
    hint = nearest(name, [text for item in contract.operations for text in (item.name, item.operation_id) if text])
    raise AccordError(
        f"`{contract.document.uri}` has no operation `{name}`" + (f"; did you mean `{hint}`?" if hint else ".")
    )


def _hold(
    found: Verdicts, contract: Contract, operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...] = ()
) -> None:
    """Hold every check against one exchange, and keep the shortest that shows each cause."""
    found.operations[operation.name] = None
    coverage.add(found.reached, operation, exchange)
    if exchange.case is not None and exchange.response is not None:
        found.valid[operation.name] += exchange.case.valid
        refused = not exchange.case.valid and 400 <= exchange.response.status < 500  # noqa: PLR2004  4xx
        found.refused[operation.name, exchange.case.part] += refused
    judgement = streams.judged(contract, operation, exchange, earlier)
    unknown = _UNMEANT if exchange.case is None else frozenset()
    found.checked.update(name for name in judgement.checked if name not in unknown)
    found.unchecked.update((entry.what, entry.reason) for entry in judgement.unchecked)
    found.unchecked.update((name, _NO_CASE) for name in judgement.checked if name in unknown)
    broken = [finding for finding in judgement.findings if finding.code not in unknown]
    found.counts["conform"] += not broken
    for finding in broken:
        _see(found, Seen(finding, operation.name, exchange, exchange.source))


def _see(found: Verdicts, seen: Seen) -> None:
    known = found.seen.get(seen.finding.identity)
    if known is None:
        found.seen[seen.finding.identity] = replace(seen)
        return
    known.count += seen.count
    if _size(seen.exchange) < _size(known.exchange):
        known.finding, known.exchange = seen.finding, seen.exchange


def _size(exchange: Exchange) -> int:
    return 0 if exchange.response is None else len(exchange.response.body)


def merged(parts: Iterable[Verdicts]) -> Verdicts:
    """The verdicts of parts, given in their order, as those of the whole."""
    whole = Verdicts()
    for part in parts:
        for seen in part.seen.values():
            _see(whole, seen)
        whole.checked.update(part.checked)
        whole.unchecked.update(part.unchecked)
        whole.counts.update(part.counts)
        whole.valid.update(part.valid)
        whole.refused.update(part.refused)
        whole.operations |= part.operations
        whole.sequenced += part.sequenced
        whole.filtered = whole.filtered or part.filtered
        coverage.merge(whole.reached, part.reached)
    return whole


def moved(part: Verdicts, lines: int) -> Verdicts:
    """`part` as it is when so many lines of the same file stand before it."""
    seen = {
        identity: replace(item, first=_later(item.first, lines), exchange=_placed(item.exchange, lines))
        for identity, item in part.seen.items()
    }
    unchecked = Counter({(_later(what, lines), reason): count for (what, reason), count in part.unchecked.items()})
    sequenced = [_placed(item, lines) for item in part.sequenced]
    return replace(part, seen=seen, unchecked=unchecked, sequenced=sequenced)


def _placed(exchange: Exchange, lines: int) -> Exchange:
    return replace(exchange, source=_later(exchange.source, lines))


def _later(place: str, lines: int) -> str:
    path, colon, number = place.rpartition(":")
    return f"{path}:{int(number) + lines}" if colon and number.isdecimal() else place


def reported(contract: Contract, part: Verdicts, files: int, servers: tuple[str, ...] = ()) -> Report:
    """The report on what `part` shows of so many files: each cause once, with its witness, the commonest first."""
    found = _in_sequence(part, contract, servers)
    facts = causes.Facts(
        operations=tuple(operation for operation in contract.operations if operation.name in found.operations),
        refused=found.refused,
        valid=found.valid,
    )
    gathered = checks.with_lines(contract, causes.gathered(_findings(contract, found), facts))
    told = sorted(gathered, key=lambda item: (-item.count, item.identity))
    unchecked = tuple(
        Unchecked(what=what, reason=reason, count=count) for (what, reason), count in sorted(found.unchecked.items())
    )
    for operation in contract.operations:
        coverage.expect(found.reached, operation)
    reached = coverage.counts(found.reached)["response properties"]
    names = ("entries", "matched", "unmatched", "damaged", "conform")
    return Report(
        verb="verify",
        findings=tuple(told),
        ledger=Ledger(checked=dict(sorted(found.checked.items())), unchecked=unchecked),
        counts={
            "files": files,
            **{name: found.counts[name] for name in names},
            "operations": f"{len(found.operations)}/{len(contract.operations)}",
            **({"response properties": reached} if not found.filtered else {}),
        },
    )


def _findings(contract: Contract, found: Verdicts) -> Iterator[Finding]:
    by_name = {operation.name: operation for operation in contract.operations}
    for seen in found.seen.values():
        proof = evidence.witness(by_name[seen.operation], seen.finding, seen.exchange)
        notes = (*seen.finding.notes, f"first seen in {seen.first}")
        yield replace(seen.finding, count=seen.count, witness=proof, notes=notes)
