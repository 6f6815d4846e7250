"""The search for broken promises: cases are drawn and sent, checks judge, a small witness is kept for each finding."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from accord import checks, coverage, strategies
from accord.checks import Judgement
from accord.contract import Contract, Operation, is_json
from accord.coverage import Coverage
from accord.driving import drive
from accord.exchange import Case, Exchange, header
from accord.findings import Finding, Unchecked
from accord.transport import UNSENT, Transport

Identity: TypeAlias = tuple[str, str, str, str, str, str]

GIVE_UP = 3
"""So many conforming requests refused for their key, or refused connections, in a row say that all will be."""

SILENCE = 5
"""So many requests without an answer in a row end an operation's search."""

SILENT_SHRINKS = 5
"""So many requests shrink a witness that gets no answer in time: each may cost a whole timeout."""

AUTHENTICATION = frozenset({401, 403})


class Stop(BaseException):
    """The search of one operation, or all of it, is over."""

    def __init__(self, reason: str, *, everything: bool = False, unreachable: bool = False) -> None:
        """Say why, and how much ends."""
        super().__init__(reason)
        self.reason = reason
        self.everything = everything
        self.unreachable = unreachable


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
    """How often an operation took or refused the key of a conforming request."""

    taken: int = 0
    refused: int = 0


@dataclass(slots=True)
class Seen:
    """A finding as the search goes on: its smallest witness so far, and how often it was seen."""

    finding: Finding
    exchange: Exchange
    count: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Search:
    """Everything a search has learned; whole at any moment, so that an interrupted one can be reported."""

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
    coverage: Coverage = field(default_factory=Coverage)
    keys_refused: int = 0
    keys_taken: int = 0
    silent: int = 0
    unreachable: str = ""


def search(state: Search, operations: Iterable[Operation]) -> None:
    """Search `operations` one after the other; what is found is in `state`."""
    for operation in operations:
        coverage.expect(state.coverage, operation)
    for operation in operations:
        state.answers.clear()
        state.silent = 0
        try:
            _operation(state, operation)
        except Stop as stop:
            state.unchecked.append(Unchecked(what=operation.name, reason=stop.reason))
            if stop.unreachable:
                state.unreachable = stop.reason
            if stop.everything:
                return


def _operation(state: Search, operation: Operation) -> None:
    values = dict(state.limits.values)
    half = max(state.limits.examples // 2, 1)
    for phase, make in (("valid", strategies.valid_cases), ("invalid", strategies.invalid_cases)):
        draws = Draws(make(operation, values=values), half, _seed(state.limits.seed, operation, phase))
        before = set(state.seen)
        try:
            _sweep(state, operation, phase, draws)
        finally:
            if phase == "valid" and state.cases[phase]:
                state.exercised.add(operation.name)
        queue = [identity for identity in state.seen if identity not in before]
        for identity in queue:
            _shrink(state, operation, identity, draws)


def _sweep(state: Search, operation: Operation, phase: str, draws: Draws) -> None:
    done = 0
    outcome = Keys()

    def visit(case: Case) -> bool:
        nonlocal done
        done += 1
        state.cases[phase] += 1
        exchange, judgement = _judged(state, operation, case)
        coverage.add(state.coverage, operation, exchange)
        _keep(state, exchange, judgement)
        _watch(state, exchange, outcome)
        state.progress(
            Progress(
                operation=operation.name,
                phase=phase,
                done=min(done, draws.examples),
                total=draws.examples,
                requests=state.transport.sent,
                findings=len(state.seen),
            )
        )
        return False

    problem = drive(draws.strategy, visit, examples=draws.examples, seed=draws.seed)
    if problem:
        state.unchecked.append(Unchecked(what=f"{phase} cases of {operation.name}", reason=problem))


def _judged(state: Search, operation: Operation, case: Case) -> tuple[Exchange, Judgement]:
    case = state.prepare(operation, case)
    known = state.answers.get(case)
    return known if known is not None else _asked(state, operation, case)


def _asked(state: Search, operation: Operation, case: Case) -> tuple[Exchange, Judgement]:
    if state.transport.spent:
        raise Stop("the budget of requests is spent: raise it with --max-requests", everything=True)
    exchange = state.transport.send(case.request, case)
    if exchange.failure.startswith(UNSENT):
        state.unchecked.append(Unchecked(what=operation.name, reason=f"a case {exchange.failure}"))
        judgement = Judgement(findings=(), checked=(), unchecked=())
    else:
        state.record(exchange)
        judgement = checks.run(state.contract, operation, exchange)
        state.checked.update(judgement.checked)
        state.unchecked.extend(judgement.unchecked)
    state.answers[case] = exchange, judgement
    return exchange, judgement


def _keep(state: Search, exchange: Exchange, judgement: Judgement) -> None:
    for finding in judgement.findings:
        seen = state.seen.get(finding.identity)
        if seen is None:
            seen = state.seen[finding.identity] = Seen(finding=finding, exchange=exchange)
        elif _size(exchange) < _size(seen.exchange):
            seen.finding, seen.exchange = finding, exchange
        seen.count += 1


def _watch(state: Search, exchange: Exchange, outcome: Keys) -> None:
    """End a search that can learn nothing: nobody answers, or no key is taken."""
    if exchange.response is None:
        state.silent += 1
        gone = exchange.failure.startswith(("refused", "could not be reached", "has a name"))
        if gone and state.silent >= GIVE_UP:
            raise Stop(f"the server {exchange.failure}", everything=True, unreachable=True)
        if state.silent >= SILENCE:
            raise Stop(f"{SILENCE} requests in a row got no answer; the rest was not sent")
        return
    state.silent = 0
    if exchange.case is None or not exchange.case.valid:
        return
    if exchange.response.status in AUTHENTICATION:
        state.keys_refused += 1
        outcome.refused += 1
        if outcome.refused >= GIVE_UP and not outcome.taken:
            raise Stop(f"every conforming request was refused with status {exchange.response.status}")
    else:
        state.keys_taken += 1
        outcome.taken += 1


def _shrink(state: Search, operation: Operation, identity: Identity, draws: Draws) -> None:
    seen = state.seen[identity]
    silent = seen.exchange.failure.startswith("did not answer")
    last = state.transport.sent + (SILENT_SHRINKS if silent else state.limits.shrinks)

    def visit(case: Case) -> bool:
        case = state.prepare(operation, case)
        known = state.answers.get(case)
        if known is None and state.transport.sent >= last:
            raise Stop("the witness may not be the smallest")
        exchange, judgement = known or _asked(state, operation, case)
        for finding in judgement.findings:
            if finding.identity == identity:
                if _size(exchange) < _size(seen.exchange):
                    seen.finding, seen.exchange = finding, exchange
                return True
        return False

    try:
        drive(draws.strategy, visit, examples=draws.examples, seed=draws.seed, shrink=True)
    except Stop as stop:
        if stop.everything:
            raise
    _confirm(state, operation, seen)


def _confirm(state: Search, operation: Operation, seen: Seen) -> None:
    if seen.exchange.case is None or state.transport.spent:
        return
    exchange = state.transport.send(seen.exchange.request, seen.exchange.case)
    state.record(exchange)
    findings = checks.run(state.contract, operation, exchange).findings
    if all(finding.identity != seen.finding.identity for finding in findings):
        seen.notes.append("not seen again when the same request was sent once more")


def _size(exchange: Exchange) -> tuple[bool, int, bytes]:
    """How simple a witness is: JSON before other media types, then few bytes."""
    request = exchange.request
    written = header(request.headers, "Content-Type") or ""
    length = len(request.url) + sum(len(name) + len(value) for name, value in request.headers) + len(request.body)
    return bool(request.body) and not is_json(written), length, request.body


def _seed(seed: int, operation: Operation, phase: str) -> int:
    """A seed of its own for every operation, so that leaving one out changes no other's cases."""
    return int.from_bytes(hashlib.sha256(f"{seed} {operation.name} {phase}".encode()).digest()[:8])
