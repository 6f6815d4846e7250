"""Checks: one promise each, held against one exchange. Every other file here declares one as `CHECK`."""

import functools
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from accord import lines
from accord.collection import Declared, collect
from accord.contract import Contract, Direction, MediaType, Operation, essence, locate
from accord.exchange import Exchange
from accord.findings import Claim, Finding, Location, Severity, Unchecked


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A broken promise: what is, what was promised, where.

    `pointer` leads into the answer's body, or, for the request, is `/PART/…`. `owner` is the `pointer` of the object of
    the contract that promises (default: the operation), `schema_pointer` leads into its schema. `claim` says it as
    data, for whoever asks again. `severity` is for one that weighs less than its check.
    """

    message: str
    promise: str
    pointer: str = ""
    owner: str = ""
    schema_pointer: str = ""
    media_type: str = ""
    direction: Direction = Direction.RESPONSE
    claim: Claim | None = None
    severity: Severity | None = None


def broken_property(
    message: str, promise: str, medium: MediaType | None, claim: Claim, severity: Severity | None = None
) -> Broken:
    """A broken promise about a property of an answer in `medium`, if that is documented: what `claim` points at."""
    return Broken(
        message=message,
        promise=promise,
        pointer=claim.pointer,
        owner=medium.pointer if medium is not None else "",
        schema_pointer="/schema" if medium is not None else "",
        media_type=essence(medium.name) if medium is not None else "",
        claim=claim,
        severity=severity,
    )


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Why a promise could not be held against this exchange, or not the `whole` of it."""

    reason: str
    whole: bool = True


Outcome: TypeAlias = Broken | NotChecked
Judge: TypeAlias = Callable[[Operation, Exchange, tuple[Exchange, ...]], Iterator[Outcome]]


def any_answer(exchange: Exchange) -> bool:
    """Whether there is an answer to judge."""
    return exchange.response is not None


def always(_exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    """Whatever was sent before."""
    return True


def nothing_more(_operation: Operation, _exchange: Exchange) -> Hashable:
    """Nothing else decides."""
    return None


EVERYTHING = "everything"
"""What a check is told by that has to see each exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One promise. `judge` takes operation, exchange, and the earlier exchanges of the same sequence.

    `concerns` says which exchanges the promise is about at all, `follows` whether what was sent before in the same
    sequence gives it something to compare with. One that `needs_case` is not checked where it is not
    known what the request was meant to be. Where this check finds something broken, those it `overrides` stay silent
    about the same exchange: they would tell the same cause again. One that `reads_body` is not checked where the
    recording lost the answer's body.

    `told_by` gives what decides this check about an exchange that stands alone and has no case, besides its operation,
    method, status and media type, where the accept filter takes its body as one that is valid and has only documented
    names, each once and one at least: something of its answer's headers, or EVERYTHING where more of it may decide.
    Without it every such exchange is held to the check.
    """

    severity: Severity
    judge: Judge
    concerns: Callable[[Exchange], bool] = any_answer
    follows: Callable[[Exchange, tuple[Exchange, ...]], bool] = always
    needs_case: bool = False
    overrides: tuple[str, ...] = ()
    reads_body: bool = False
    told_by: Callable[[Operation, Exchange], Hashable] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the checks say about one exchange: findings without a line, names of the checks held, and those not."""

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    unchecked: tuple[Unchecked, ...]


@functools.cache
def declared() -> Mapping[str, Declared[Check]]:
    """Every check by the code users see: accord's own, then those of a project."""
    return MappingProxyType({**collect("accord.checks", "CHECK", Check), **_added})


_added: dict[str, Declared[Check]] = {}


def add(name: str, doc: str, check: Check) -> None:
    """Hold `check`, a project's own, from now on."""
    _added[name] = Declared(name, doc, check)
    declared.cache_clear()


def added() -> frozenset[str]:
    """The codes of a project's own checks."""
    return frozenset(_added)


def run(
    contract: Contract,
    operation: Operation,
    exchange: Exchange,
    earlier: tuple[Exchange, ...] = (),
    only: frozenset[str] | None = None,
) -> Judgement:
    """Hold every check against one exchange; each finding is there once, and lacks its line until `with_lines`.

    `only` are the names of checks, where not all are wanted.
    """
    broken: dict[str, list[Broken]] = {}
    checked: list[str] = []
    unchecked: list[Unchecked] = []
    for name, declaration in declared().items():
        check = declaration.value
        if only is not None and name not in only:
            continue
        if check.needs_case and exchange.case is None and exchange.response is not None:
            unchecked.append(Unchecked(what=name, reason="the recording does not say what the request was meant to be"))
            continue
        if not check.concerns(exchange) or not check.follows(exchange, earlier):
            continue
        if check.reads_body and exchange.response is not None and exchange.response.lost:
            unchecked.append(Unchecked(what=name, reason=exchange.response.lost))
            continue
        outcomes = tuple(check.judge(operation, exchange, earlier))
        if not outcomes:
            checked.append(name)
            continue
        unchecked += [Unchecked(what=name, reason=item.reason) for item in outcomes if isinstance(item, NotChecked)]
        broken[name] = [item for item in outcomes if isinstance(item, Broken)]
        if broken[name] or not any(isinstance(item, NotChecked) and item.whole for item in outcomes):
            checked.append(name)
    silent = {other for name, items in broken.items() if items for other in declared()[name].value.overrides}
    found = [
        _finding(contract, operation, exchange, name, item)
        for name, items in broken.items()
        if name not in silent
        for item in items
    ]
    findings = tuple({finding.identity: finding for finding in reversed(found)}.values())[::-1]
    return Judgement(findings=findings, checked=tuple(checked), unchecked=tuple(unchecked))


def _finding(contract: Contract, operation: Operation, exchange: Exchange, name: str, broken: Broken) -> Finding:
    uri, pointer = locate(contract, broken.owner or operation.pointer, broken.schema_pointer)
    return Finding(
        code=name,
        severity=broken.severity or declared()[name].value.severity,
        message=broken.message,
        promise=broken.promise,
        operation=operation.name,
        direction=broken.direction,
        status="" if exchange.response is None else str(exchange.response.status),
        media_type=broken.media_type,
        pointer=broken.pointer,
        location=Location(uri=uri, pointer=pointer),
        claim=broken.claim,
    )


def by_name(held: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """How often each check was held, whatever the operation, in order of name."""
    counts: Counter[str] = Counter()
    for (_, name), count in held.items():
        counts[name] += count
    return dict(sorted(counts.items()))


def observed(contract: Contract, held: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Where what was looked for, as a Report says it; what every operation was held to was looked for everywhere."""
    found = frozenset(held)
    names = {name for _, name in found}
    every = [operation.name for operation in contract.operations]
    return found | {("", name) for name in names if all((operation, name) in found for operation in every)}


def with_lines(contract: Contract, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """`findings` with the line of each location, every document read once."""
    return lines.with_lines((contract.document, *contract.documents.values()), findings)
