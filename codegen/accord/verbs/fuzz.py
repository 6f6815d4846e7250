"""`accord fuzz`: valid and invalid requests of every operation, and every answer held to the contract."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from accord import checks, extending, recordings, service
from accord.config import Config
from accord.contract import Contract, Operation
from accord.document import Json, nearest
from accord.errors import AccordError, UnreachableError
from accord.exchange import Exchange, header
from accord.findings import Finding, Ledger, Report, Severity, Unchecked, tally
from accord.fuzzing import futility, learning, planning, retrying, searching, shrinking, things
from accord.fuzzing.asking import PLAN_REQUESTS, Limits, Progress, Search
from accord.network import callers, hooking, transport
from accord.network.callers import Caller
from accord.network.transport import Settings
from accord.profiling import coverage
from accord.repro import reproducing
from accord.weighing import causes
from accord.weighing.sightings import Seen

Value = TypeVar("Value")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SHOWN = 400
"""Characters of an answer that a finding shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzOptions:
    """How to fuzz. `url` None means the embedded service.

    A plan that covers every combination of `strength` partitions comes first, of each operation's the first
    `plan_requests` (0: all of it), then `examples` random cases per
    operation, half of them invalid; `workers` send at the same time. `timeout` is in seconds for each exchange, `rate`
    in requests a second, `max_time` in seconds for the run; `rates` and `budgets` are `rate` and `max_requests` of one
    operation; `stop_after` so many findings it ends (0: never). `hooks` prepare and clean up by operation, found from
    the folder `root`; `values` are ids to use for parameters and
    properties of that name, `allow` names operations that may change something on a host that is not this machine, and
    `repro` is a folder that gets a file for pytest for each finding. `strict` makes an error of a status that any API
    may give and that is not documented.
    """

    url: str | None = None
    examples: int = 100
    seed: int = 0
    timeout: float = 10.0
    rate: float | None = None
    rates: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    max_requests: int | None = None
    budgets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    max_time: float | None = None
    stop_after: int = 0
    strength: int = 2
    plan_requests: int = PLAN_REQUESTS
    workers: int = 1
    hooks: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    root: Path = Path()
    headers: tuple[tuple[str, str], ...] = ()
    operations: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    token_command: str = ""
    record: Path | None = None
    repro: Path | None = None
    strict: bool = False


def from_config(known: Config, given: Mapping[str, Any] = MappingProxyType({})) -> FuzzOptions:
    """The options that `[tool.accord]` describes, each replaced by what is `given` under its name and not empty."""
    if known.extensions:
        extending.extend(known.root / known.extensions)
    said = {
        "url": known.url or None,
        "examples": known.examples,
        "seed": known.seed,
        "timeout": known.timeout,
        "rate": known.rate or None,
        "max_requests": known.max_requests or None,
        "max_time": known.max_time or None,
        "strength": known.strength,
        "plan_requests": known.plan_requests,
        "workers": known.workers or 1,
        "operations": known.operations,
        **{name: value for name, value in given.items() if value not in (None, (), {}, "")},
    }
    said["allow"] = (*known.allow, *said.get("allow", ()))
    said["rates"] = {**known.rates, **said.get("rates", {})}
    said["budgets"] = {**known.budgets, **said.get("budgets", {})}
    said["hooks"], said["root"] = known.hooks, known.root
    said["values"] = {name: str(value) for name, value in {**known.values, **said.get("values", {})}.items()}
    return FuzzOptions(**said)


def fuzz(contract: Contract, options: FuzzOptions, *, progress: Callable[[Progress], None] | None = None) -> Report:
    """Send valid and invalid requests of every operation, and hold each answer to `contract`.

    What is found, also when interrupted or when the service goes away, is in the report. Raises AccordError when the
    run cannot begin: no such operation, no key, no URL.
    """
    chosen = _chosen(contract, options.operations)
    hooks = hooking.from_table(_by_name(contract, options.hooks), options.root)
    caller = callers.from_options(contract, options.headers, options.token_command, embedded=options.url is None)
    used = tuple(callers.keyed(caller, operation) for operation in chosen)
    unkeyed = [item for pair in zip(chosen, used, strict=True) for item in callers.unkeyed(*pair)]
    chosen = used
    with ExitStack() as stack:
        url = stack.enter_context(service.running(contract)) if options.url is None else options.url
        try:
            line = transport.open_transport(_settings(contract, options, caller, url))
        except UnreachableError as problem:
            lost = tuple(Unchecked(what=item.name, reason=str(problem)) for item in chosen)
            return Report(verb="fuzz", ledger=Ledger(unchecked=lost), unreachable=str(problem), notes=caller.warnings)
        stack.callback(line.close)
        record = stack.enter_context(recordings.writing(options.record)) if options.record else _ignore
        state = Search(
            contract=contract,
            transport=line,
            limits=_limits(options),
            prepare=lambda operation, case: callers.present(caller, operation, retrying.own(operation, case)),
            hooks=hooks,
            record=record,
            progress=progress or _ignore,
            unchecked=unkeyed,
        )
        interrupted = _searched(state, chosen, options.allow)
        report = _report(state, chosen, caller, interrupted=interrupted, strict=options.strict)
    if options.repro is not None:
        reproducing.save(report.findings, options.repro)
    return report


def _settings(contract: Contract, options: FuzzOptions, caller: callers.Caller, url: str) -> Settings:
    return Settings(
        base_url=url,
        timeout=options.timeout,
        rate=options.rate,
        rates=_by_name(contract, options.rates),
        max_requests=options.max_requests,
        budgets=_by_name(contract, options.budgets),
        max_time=options.max_time,
        secrets=caller.secrets,
        public=caller.public,
    )


def outline(contract: Contract, options: FuzzOptions) -> tuple[str, ...]:
    """What `fuzz` would send, in lines: operations, their partitions, how many requests. Nothing is sent."""
    return planning.outline(outlined(contract, options))


def outlined(contract: Contract, options: FuzzOptions) -> Mapping[str, Json]:
    """What `outline` says, as a value of JSON."""
    chosen = _chosen(contract, options.operations)
    caller = callers.from_options(contract, options.headers, "", embedded=True)
    aimed = things.foreseen(tuple(callers.keyed(caller, operation) for operation in chosen), options.values)
    return planning.outlined(contract, aimed, _limits(options))


def _limits(options: FuzzOptions) -> Limits:
    return Limits(
        examples=options.examples,
        strength=options.strength,
        plan_requests=options.plan_requests,
        seed=options.seed,
        values=tuple(options.values.items()),
        stop_after=options.stop_after,
        workers=options.workers,
    )


def _by_name(contract: Contract, table: Mapping[str, Value]) -> dict[str, Value]:
    """`table`, which says something of operations however they are called, by the names of operations."""
    for name in table:
        _chosen(contract, (name,))
    return {item.name: value for name, value in table.items() for item in contract.operations if _named(item, (name,))}


def _ignore(_: object) -> None:
    """Take no notice."""


def _chosen(contract: Contract, names: tuple[str, ...]) -> tuple[Operation, ...]:
    """The operations named `POST /path`, by operationId or by path; all when none is named."""
    found = tuple(item for item in contract.operations if not names or _named(item, names))
    for name in names:
        if not any(_named(item, (name,)) for item in contract.operations):
            known = [text for item in contract.operations for text in (item.name, item.operation_id, item.path) if text]
            hint = nearest(name, known)
            raise AccordError(
                f"`{contract.document.uri}` has no operation `{name}`" + (f"; did you mean `{hint}`?" if hint else ".")
            )
    if not found:
        raise AccordError(f"`{contract.document.uri}` has no operation, so there is nothing to fuzz.")
    return found


def _named(operation: Operation, names: Iterable[str]) -> bool:
    return not {operation.name, operation.operation_id, operation.path}.isdisjoint(names)


def _searched(state: Search, chosen: tuple[Operation, ...], allow: tuple[str, ...]) -> bool:
    """Search what may be searched; whether the user interrupted it."""
    permitted: list[Operation] = []
    for operation in chosen:
        if state.transport.loopback or operation.method in SAFE or _named(operation, allow):
            permitted.append(replace(operation, servers=(*operation.servers, state.transport.settings.base_url)))
            continue
        reason = "may change something on a host that is not this machine; permit it with --allow " + (
            operation.operation_id or f"'{operation.name}'"
        )
        state.unchecked.append(Unchecked(what=operation.name, reason=reason))
    try:
        searching.search(state, tuple(permitted))
    except KeyboardInterrupt:
        return True
    return False


def _report(state: Search, chosen: tuple[Operation, ...], caller: Caller, *, interrupted: bool, strict: bool) -> Report:
    nothing, seen = futility.futile(state, chosen)
    facts = learning.facts(state, chosen, strict=strict)
    shown = causes.gathered(_once(map(_finding, seen)), facts)
    settings = state.transport.settings
    again = (reproducing.reproduced(finding, settings.base_url, settings.timeout) for finding in shown)
    findings = checks.with_lines(state.contract, again)
    unchecked = (*state.unchecked, *state.contract.ledger)
    if nothing is not None:
        unchecked = (nothing, *unchecked)
    counts = {
        "operations": f"{len(state.exercised)}/{len(chosen)}",
        "cases": state.cases.total(),
        **state.cases,
        "requests": state.transport.sent,
        "checks": state.checked.total(),
        **coverage.counts(state.coverage),
        "seed": state.limits.seed,
        **coverage.by_operation(state.coverage),
    }
    order = {severity: rank for rank, severity in enumerate(Severity)}
    return Report(
        verb="fuzz",
        findings=tuple(sorted(findings, key=lambda item: (order[item.severity], item.operation))),
        ledger=Ledger(checked={} if nothing else checks.by_name(state.checked), unchecked=tally(unchecked)),
        counts=counts,
        unreachable=state.unreachable,
        interrupted=interrupted,
        notes=caller.warnings,
        observed=_observed(state, futile=nothing is not None),
    )


def _observed(state: Search, *, futile: bool) -> frozenset[tuple[str, str]]:
    """Where what was looked for: nowhere when nothing could be or the service went away, nor where it ended early."""
    whole = () if futile or state.unreachable else state.checked
    return checks.observed(state.contract, (place for place in whole if place[0] not in state.cut))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """`findings` with those that came to the same place counted as one."""
    found: dict[object, Finding] = {}
    for finding in findings:
        known = found.setdefault(finding.identity, finding)
        if known is not finding:
            found[finding.identity] = replace(known, count=known.count + finding.count)
    return list(found.values())


def _finding(seen: Seen) -> Finding:
    """The finding with its witness."""
    return replace(
        seen.finding,
        witness=reproducing.witness(seen.exchange, seen.earlier),
        count=seen.count,
        notes=(*_answer(seen.exchange), *seen.notes, *(() if seen.shrunk else (shrinking.NOT_MINIMISED,))),
    )


def _answer(exchange: Exchange) -> tuple[str, ...]:
    response = exchange.response
    if response is None:
        return ()
    kind = header(response.headers, "Content-Type") or ""
    text = response.body.decode("utf-8", "replace")
    cut = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return (f"answer: {response.status} {response.reason} {kind}".rstrip() + (f" {cut}" if cut else ""),)
