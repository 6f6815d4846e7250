"""`accord replay`: the witnesses of a JSON report sent again, and which findings still hold."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from accord import histories
from accord.document import Json
from accord.errors import AccordError, UnreachableError
from accord.exchange import Case, Exchange
from accord.findings import (
    Bound,
    Claim,
    Finding,
    Ledger,
    Location,
    Report,
    RequestWitness,
    Severity,
    Unchecked,
    Witness,
    tally,
)
from accord.network import transport
from accord.network.transport import UNSENT, Settings, Transport
from accord.repro import claims, reproducing

VERSION = 1

GIVE_UP = 3
"""So many refused connections in a row say that all will be."""

_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "proxy-authorization"})
"""Headers that are ours to write, whatever a report says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """Where to send the witnesses, and how; `allow` is as for `fuzz`, by `POST /path` or path."""

    url: str
    timeout: float = 10.0
    rate: float | None = None
    max_requests: int | None = None
    allow: tuple[str, ...] = ()


@dataclass(slots=True)
class _Run:
    line: Transport
    options: ReplayOptions
    holding: list[Finding] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)
    refused: int = 0


def replay(path: Path, options: ReplayOptions) -> Report:
    """Send the witness of each finding of the JSON report at `path` to `options.url`, and keep those that still hold.

    No host is taken from the report, and no secret: `$NAME` is read from the environment. Raises AccordError when the
    file is no such report.
    """
    entries = _entries(path)
    settings = Settings(
        base_url=options.url, timeout=options.timeout, rate=options.rate, max_requests=options.max_requests
    )
    try:
        line = transport.open_transport(settings)
    except UnreachableError as problem:
        return Report(verb="replay", unreachable=str(problem))
    run, interrupted, unreachable = _Run(line, options), False, ""
    try:
        for entry in entries:
            _again(run, entry)
            if run.refused >= GIVE_UP:
                unreachable = f"`{options.url}` does not answer any more"
                break
    except KeyboardInterrupt:
        interrupted = True
    finally:
        line.close()
    counts = {
        "findings": len(entries),
        "still hold": len(run.holding),
        "hold no more": run.checked.total() - len(run.holding),
        "requests": line.sent,
    }
    return Report(
        verb="replay",
        findings=tuple(run.holding),
        ledger=Ledger(checked=dict(run.checked), unchecked=tally(run.unchecked)),
        counts=counts,
        unreachable=unreachable,
        interrupted=interrupted,
        notes=tuple(run.notes),
    )


def _entries(path: Path) -> list[Json]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as problem:
        raise AccordError(f"`{path}` cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping) or found.get("accord") != VERSION or not isinstance(found.get("findings"), list):
        raise AccordError(f"`{path}` is no report of accord in JSON: write one with --format json --output FILE.")
    return list(found["findings"])


def _again(run: _Run, entry: Json) -> None:
    try:
        finding = from_json(entry)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as problem:
        run.unchecked.append(Unchecked(what="a finding", reason=f"is damaged ({type(problem).__name__})"))
        return
    name = f"{finding.code} {finding.operation}"
    reason = _obstacle(run, finding)
    if reason or finding.witness is None or finding.claim is None:
        run.unchecked.append(Unchecked(what=name, reason=reason))
        return
    earlier: tuple[Exchange, ...] = ()
    for step in (*finding.witness.before, finding.witness.request):
        made = _bound(step, earlier) if step is not None else None
        if made is None:
            run.unchecked.append(Unchecked(what=name, reason="the answers before it name no thing to send it to"))
            return
        request = reproducing.request(made)
        case = Case(operation=made.operation, request=request, valid=True)
        earlier = (*earlier, run.line.send(request, case))
        if earlier[-1].failure.startswith(UNSENT):
            run.unchecked.append(Unchecked(what=name, reason=earlier[-1].failure))
            return
    _judged(run, finding, earlier)


def _judged(run: _Run, finding: Finding, exchanges: tuple[Exchange, ...]) -> None:
    last = exchanges[-1]
    run.refused = run.refused + 1 if last.failure.startswith("refused") else 0
    if finding.claim is None:
        return
    kept = claims.holds(finding.claim, finding.status, last, exchanges[:-1])
    if last.response is None and kept is None:
        run.unchecked.append(Unchecked(what=f"{finding.code} {finding.operation}", reason=f"the server {last.failure}"))
        return
    run.checked["witnesses"] += 1
    if kept is False:
        again = reproducing.reproduced(finding, run.options.url, run.options.timeout)
        run.holding.append(again)
        return
    status = "" if kept or last.response is None else f" (status {last.response.status} now)"
    place = f" {finding.pointer}" if finding.pointer else ""
    run.notes.append(f"holds no more: {finding.code} {finding.operation}{place}{status} [{finding.fingerprint}]")


def _obstacle(run: _Run, finding: Finding) -> str:
    """Why the witness of `finding` is not sent; `""` where it is."""
    witness = finding.witness
    if witness is None or witness.request is None or finding.claim is None:
        return "the report holds no request that shows it"
    if finding.claim.kind not in claims.KINDS:
        return f"claims of kind `{finding.claim.kind}` are not known here"
    for step in (*witness.before, witness.request):
        if not step.path.startswith("/"):
            return "its request goes to no path"
        if run.line.loopback or step.method in histories.SAFE:
            continue
        path = step.operation.partition(" ")[2]
        if not _fits(step.path, path) or {step.operation, path}.isdisjoint(run.options.allow):
            return f"may change something on a host that is not this machine; permit it with --allow '{step.operation}'"
    return ""


def _fits(path: str, template: str) -> bool:
    """Whether `path` is one of `template`, so that what is allowed is what is sent."""
    given, named = path.partition("?")[0].strip("/").split("/"), template.strip("/").split("/")
    return len(given) == len(named) and all(
        part == name or name.startswith("{") for part, name in zip(given, named, strict=True)
    )


def _bound(step: RequestWitness, earlier: tuple[Exchange, ...]) -> RequestWitness | None:
    """`step` with what its path takes from the answers before it; None where they do not have it."""
    path = reproducing.rebound(step.path, step.bound, dict(enumerate(earlier)))
    return None if path is None else replace(step, path=path, bound=())


def from_json(entry: Mapping[str, Json]) -> Finding:
    """The finding that the JSON report, version 1, wrote as `entry`; KeyError, TypeError, ValueError for none."""
    place, again = entry.get("location"), entry.get("replay") or {}
    claim, steps = again.get("claim"), []
    if claim is not None:
        steps = list(_steps([*again["before"], {**entry["witness"]["request"], **again}]))
    return Finding(
        code=str(entry["code"]),
        severity=Severity(entry["severity"]),
        message=str(entry["message"]),
        operation=str(entry["operation"]),
        direction=str(again.get("direction", "")),
        status=str(entry["status"]),
        media_type=str(again.get("media_type", "")),
        pointer=str(entry["pointer"]),
        location=Location(uri=str(place["uri"]), line=place.get("line")) if place else None,
        witness=Witness(request=steps[-1], before=tuple(steps[:-1])) if steps else None,
        claim=Claim(kind=str(claim["kind"]), pointer=str(claim["pointer"]), value=claim["value"]) if claim else None,
        count=int(entry["count"]),
    )


def _steps(entries: list[Json]) -> Iterator[RequestWitness]:
    for entry in entries:
        base64.b64decode(entry["body_base64"], validate=True)
        yield RequestWitness(
            method=str(entry["method"]),
            path=str(entry["path"]),
            headers=tuple((str(name), str(text)) for name, text in entry["headers"] if name.lower() not in _OWN),
            body_base64=str(entry["body_base64"]),
            operation=str(entry["operation"]),
            secrets=tuple(map(str, entry["secrets"])),
            bound=tuple(
                Bound(segment=int(segment), answer=int(answer), pointer=str(pointer))
                for segment, answer, pointer in entry["bound"]
            ),
        )
