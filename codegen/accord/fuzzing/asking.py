"""Cases asked of a service and judged, and everything that a search has learned from them."""

import statistics
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Self

from accord import checks
from accord.checks import Judgement
from accord.contract import Contract, Operation
from accord.document import Json
from accord.exchange import CLIENT_ERRORS, SUCCESS, Case, Exchange, Request
from accord.findings import Unchecked
from accord.fuzzing.connecting import Things, look
from accord.network.hooking import Hook, Visit
from accord.network.transport import UNSENT, Transport
from accord.profiling import coverage
from accord.profiling.coverage import Coverage
from accord.weighing.sightings import Sightings

TIMED = 15
"""The times of so many answers say what is usual."""

PLAN_REQUESTS = 800
"""So many requests of a plan are sent for one operation, unless more are asked for."""

AHEAD = 2
"""Cases that wait for each worker, so that none is idle while answers are judged."""


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
    """How far a search is: `done` of `total` cases of one phase (plan, sequences, valid, invalid) of one operation."""

    operation: str
    phase: str
    done: int
    total: int
    requests: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much to search.

    `examples` are random cases per operation, half of them invalid, after a plan that covers all combinations of
    `strength` partitions, `plan_requests` of it per operation at most (0: no limit); `shrinks` is how many requests
    making one finding small may cost; `stop_after` so many findings the search ends (0: never); `workers` send at the
    same time.
    """

    examples: int = 100
    strength: int = 2
    plan_requests: int = PLAN_REQUESTS
    shrinks: int = 30
    seed: int = 0
    values: tuple[tuple[str, str], ...] = ()
    stop_after: int = 0
    workers: int = 1


@dataclass(slots=True)
class Keys:
    """How an operation answers: its key taken or refused in conforming requests, any answer, how often too late."""

    taken: int = 0
    refused: int = 0
    answered: bool = False
    silent: int = 0
    late: int = 0


@dataclass(slots=True)
class Search:
    """Everything a search has learned; whole at any moment, so that an interrupted one can be reported.

    `checked` counts the checks held by operation and name; `cut` are the operations whose search ended early, `begun`
    the sequences that were sent, `walked` those that need not be sent again. `planned` counts by operation the steps of
    its plan that had their turn, `postponed` has those left for its end; `replanned` are those that have another plan
    since something was learned of them; `sent` counts the sequences sent under one name.
    `valid` has, by operation, the status that each valid case was last answered with; `answers` those of the phase
    under way; `refused` counts, by operation and part of the request, the invalid cases that the service refused;
    `visits` are those of hooks.
    """

    contract: Contract
    transport: Transport
    limits: Limits
    prepare: Callable[[Operation, Case], Case]
    record: Callable[[Exchange], None]
    progress: Callable[[Progress], None]
    hooks: Mapping[str, Hook] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    sightings: Sightings = field(default_factory=Sightings)
    answers: dict[Case, tuple[Exchange, Judgement]] = field(default_factory=dict)
    checked: Counter[tuple[str, str]] = field(default_factory=Counter)
    unchecked: list[Unchecked] = field(default_factory=list)
    cases: Counter[str] = field(default_factory=Counter)
    exercised: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    sent: Counter[str] = field(default_factory=Counter)
    begun: set[str] = field(default_factory=set)
    walked: set[str] = field(default_factory=set)
    planned: dict[str, int] = field(default_factory=dict)
    postponed: dict[str, list[Case]] = field(default_factory=dict)
    replanned: set[str] = field(default_factory=set)
    valid: dict[str, dict[Case, int]] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, deque[float]] = field(default_factory=dict)
    keys: dict[str, Keys] = field(default_factory=dict)
    things: Things = field(default_factory=Things)
    unreachable: str = ""


class Crew:
    """Workers that send the cases of one operation; answers are taken in the order of the cases, whoever was faster.

    With one worker, each case is answered before the next is sent.
    """

    def __init__(self, state: Search, operation: Operation, take: Callable[[Exchange, Judgement], None]) -> None:
        """Nothing is sent yet; `take` gets every answer with what the checks say."""
        self._state = state
        self._operation = operation
        self._take = take
        self._put: set[Case] = set()
        self._pool = ThreadPoolExecutor(state.limits.workers) if state.limits.workers > 1 else None
        self._waiting: deque[Future[Exchange]] = deque()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def put(self, case: Case) -> None:
        """Send `case`, unless it was sent in this phase. Raises Stop when the budget is spent."""
        state = self._state
        case = state.prepare(self._operation, case)
        if case in self._put:
            return
        self._put.add(case)
        _may_ask(state, self._operation)
        if self._pool is None:
            self._judge(state.transport.send(case.request, case))
            return
        self._waiting.append(self._pool.submit(state.transport.send, case.request, case))
        while len(self._waiting) > AHEAD * state.limits.workers:
            self._judge(self._waiting.popleft().result())

    def _judge(self, exchange: Exchange) -> None:
        judgement = judged(self._state, self._operation, exchange)
        if exchange.case is not None:
            self._state.answers[exchange.case] = exchange, judgement
        self._take(exchange, judgement)

    def __exit__(self, kind: object, *_: object) -> None:
        """Take the answers that are still to come, unless something went wrong."""
        try:
            while self._waiting and kind is None:
                self._judge(self._waiting.popleft().result())
        finally:
            if self._pool is not None:
                self._pool.shutdown(wait=True, cancel_futures=True)


def _may_ask(state: Search, operation: Operation) -> None:
    spent = state.transport.spent
    if spent or state.transport.spent_on(operation.name):
        raise Stop(spent or state.transport.spent_on(operation.name), everything=bool(spent))


def asked(
    state: Search, operation: Operation, case: Case, earlier: tuple[Exchange, ...] = ()
) -> tuple[Exchange, Judgement]:
    """Send `case`, record and judge the answer. Raises Stop when the budget is spent.

    `earlier` are the exchanges of the same sequence, which has no answer in store for another time.
    """
    _may_ask(state, operation)
    exchange = state.transport.send(case.request, case)
    judgement = judged(state, operation, exchange, earlier)
    if not case.sequence:
        state.answers[case] = exchange, judgement
    return exchange, judgement


def judged(state: Search, operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...] = ()) -> Judgement:
    """What the checks say of an exchange, which is recorded; of one that was never sent nothing can be said."""
    if exchange.failure.startswith(UNSENT):
        state.unchecked.append(Unchecked(what=operation.name, reason=f"a case {exchange.failure}"))
        return Judgement(findings=(), checked=(), unchecked=())
    state.record(exchange)
    judgement = checks.run(state.contract, operation, _timed(state, operation, exchange), earlier)
    state.checked.update((operation.name, name) for name in judgement.checked)
    state.unchecked.extend(judgement.unchecked)
    coverage.add(state.coverage, operation, exchange)
    look(state.things, operation, exchange)
    case, response = exchange.case, exchange.response
    if response is not None and operation.name in state.visits and response.status in SUCCESS:
        state.visits[operation.name].exchanges.append(exchange)
    if case is None or response is None:
        return judgement
    if case.valid:
        state.valid.setdefault(operation.name, {})[replace(case, sequence="")] = response.status
    elif response.status in CLIENT_ERRORS:
        state.refused[operation.name, case.part] += 1
    return judgement


def _timed(state: Search, operation: Operation, exchange: Exchange) -> Exchange:
    """`exchange` with the median time of the answers before it, once there are some."""
    times = state.times.setdefault(operation.name, deque(maxlen=TIMED))
    usual = statistics.median(times) if len(times) == TIMED else 0.0
    if exchange.response is not None:
        times.append(exchange.response.elapsed)
    return replace(exchange, usual=usual) if usual else exchange


def values_of(state: Search, operation: Operation) -> dict[str, Json]:
    """The values to use for parameters and properties of `operation` by their name."""
    visit = state.visits.get(operation.name)
    named = {name: value for name, value in state.things.named.items() if name not in _in_path(operation)}
    return {**named, **dict(state.limits.values), **(visit.values if visit is not None else {})}


def _in_path(operation: Operation) -> set[str]:
    return {item.name for item in operation.parameters if item.location == "path"}


def prepared(state: Search, operation: Operation) -> bool:
    """Whether `operation` is ready to be asked: its setup hook, where it has one, has run."""
    hook = state.hooks.get(operation.name)
    if hook is None or operation.name in state.visits:
        return True

    def ask(request: Request) -> Exchange:
        valid = Case(operation=operation.name, request=request, valid=True)
        return state.transport.send(state.prepare(operation, valid).request)

    visit = state.visits[operation.name] = Visit(operation=operation, ask=ask)
    try:
        visit.values.update((hook.setup(visit) if hook.setup is not None else None) or {})
    except Exception as problem:  # noqa: BLE001  a project's own code, whose trouble is told as its own
        reason = f"its setup hook raised {type(problem).__name__}: {problem}"
        state.unchecked.append(Unchecked(what=operation.name, reason=reason))
        return False
    return True


def clean_up(state: Search) -> None:
    """Run the cleanup hook of every operation that was prepared, the last one first."""
    for name, visit in reversed(state.visits.items()):
        cleanup = state.hooks[name].cleanup
        try:
            _ = cleanup(visit) if cleanup is not None else None
        except Exception as problem:  # noqa: BLE001  likewise
            reason = f"its cleanup hook raised {type(problem).__name__}: {problem}"
            state.unchecked.append(Unchecked(what=name, reason=reason))
