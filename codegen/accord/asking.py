"""Cases asked of a service and judged, and everything that a search has learned from them."""

import statistics
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from accord import checks
from accord.checks import Judgement
from accord.contract import Contract, Operation, is_json
from accord.coverage import Coverage
from accord.exchange import Case, Exchange, header
from accord.findings import Finding, Unchecked
from accord.transport import UNSENT, Transport

Identity: TypeAlias = tuple[str, str, str, str, str, str]


CLIENT_ERRORS = range(400, 500)

TIMED = 15
"""The times of so many answers say what is usual."""


class Stop(BaseException):
    """The search of one operation, or all of it, is over."""

    def __init__(
        self, reason: str, *, everything: bool = False, unreachable: bool = False, shrinks: bool = False
    ) -> None:
        """Say why, how much ends, and whether shrinking what was found still makes sense."""
        super().__init__(reason)
        self.reason = reason
        self.everything = everything
        self.unreachable = unreachable
        self.shrinks = shrinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a search is: `done` of `total` cases of one phase (valid, invalid) of one operation."""

    operation: str
    phase: str
    done: int
    total: int
    requests: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much to search: cases per operation, half of them invalid; requests that shrinking one finding may cost."""

    examples: int = 100
    shrinks: int = 60
    seed: int = 0
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Draws:
    """Where cases come from: the same three draw the same cases."""

    strategy: Any
    examples: int
    seed: int


@dataclass(slots=True)
class Keys:
    """How often an operation took or refused the key of a conforming request, and whether it answered at all."""

    taken: int = 0
    refused: int = 0
    answered: bool = False


@dataclass(slots=True)
class Seen:
    """A finding as the search goes on: its smallest witness so far, what was sent before it, how often it was seen."""

    finding: Finding
    exchange: Exchange
    earlier: tuple[Exchange, ...] = ()
    count: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Search:
    """Everything a search has learned; whole at any moment, so that an interrupted one can be reported.

    `valid` are the valid cases that were sent, by operation; `refused` counts, by operation and part of the request,
    the invalid cases that the service refused.
    """

    contract: Contract
    transport: Transport
    limits: Limits
    prepare: Callable[[Operation, Case], Case]
    record: Callable[[Exchange], None]
    progress: Callable[[Progress], None]
    seen: dict[Identity, Seen] = field(default_factory=dict)
    answers: dict[Case, tuple[Exchange, Judgement]] = field(default_factory=dict)
    checked: Counter[str] = field(default_factory=Counter)
    unchecked: list[Unchecked] = field(default_factory=list)
    cases: Counter[str] = field(default_factory=Counter)
    exercised: set[str] = field(default_factory=set)
    valid: dict[str, list[Case]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, deque[float]] = field(default_factory=dict)
    keys_refused: int = 0
    keys_taken: int = 0
    silent: int = 0
    unreachable: str = ""


def judged(state: Search, operation: Operation, case: Case) -> tuple[Exchange, Judgement]:
    """The answer to `case` as the caller sends it, and what the checks say; the same request is sent only once."""
    case = state.prepare(operation, case)
    known = state.answers.get(case)
    return known if known is not None else asked(state, operation, case)


def asked(
    state: Search, operation: Operation, case: Case, earlier: tuple[Exchange, ...] = ()
) -> tuple[Exchange, Judgement]:
    """Send `case`, record and judge the answer. Raises Stop when the budget is spent.

    `earlier` are the exchanges of the same sequence, which has no answer in store for another time.
    """
    spent = state.transport.spent
    if spent or state.transport.spent_on(operation.name):
        raise Stop(spent or state.transport.spent_on(operation.name), everything=bool(spent))
    exchange = state.transport.send(case.request, case)
    if exchange.failure.startswith(UNSENT):
        state.unchecked.append(Unchecked(what=operation.name, reason=f"a case {exchange.failure}"))
        judgement = Judgement(findings=(), checked=(), unchecked=())
    else:
        state.record(exchange)
        exchange = _timed(state, operation, exchange)
        judgement = checks.run(state.contract, operation, exchange, earlier)
        state.checked.update(judgement.checked)
        state.unchecked.extend(judgement.unchecked)
        if not case.valid and exchange.response is not None and exchange.response.status in CLIENT_ERRORS:
            state.refused[operation.name, case.part] += 1
    if not case.sequence:
        state.answers[case] = exchange, judgement
    return exchange, judgement


def _timed(state: Search, operation: Operation, exchange: Exchange) -> Exchange:
    """`exchange` with the median time of the answers before it, once there are some."""
    times = state.times.setdefault(operation.name, deque(maxlen=TIMED))
    usual = statistics.median(times) if len(times) == TIMED else 0.0
    if exchange.response is not None:
        times.append(exchange.response.elapsed)
    return replace(exchange, usual=usual) if usual else exchange


def keep(state: Search, exchange: Exchange, judgement: Judgement, earlier: tuple[Exchange, ...] = ()) -> None:
    """Count what was found, each with its smallest witness so far."""
    for finding in judgement.findings:
        seen = state.seen.get(finding.identity)
        if seen is None:
            seen = state.seen[finding.identity] = Seen(finding=finding, exchange=exchange, earlier=earlier)
        elif (len(earlier), size(exchange)) < (len(seen.earlier), size(seen.exchange)):
            seen.finding, seen.exchange, seen.earlier = finding, exchange, earlier
        seen.count += 1


def size(exchange: Exchange) -> tuple[bool, int, bytes]:
    """How simple a witness is: JSON before other media types, then few bytes."""
    request = exchange.request
    written = header(request.headers, "Content-Type") or ""
    length = len(request.url) + sum(len(name) + len(value) for name, value in request.headers) + len(request.body)
    return bool(request.body) and not is_json(written), length, request.body
