"""What was found, one entry a cause: its smallest witness so far, and what else shows it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import parse_qsl

from accord.contract import Operation, essence, is_json, media_type_for
from accord.document import join, split
from accord.exchange import Case, Exchange, Request, header
from accord.findings import Finding
from accord.messages import encoding
from accord.messages.answers import definitions
from accord.schemas import shapes

Identity: TypeAlias = tuple[str, str, str, str, str, str]

UNPLACED = frozenset({"no-answer", "server-error", "valid-refused"})
"""Findings about a whole answer: their place is the part of the request that the smallest witness cannot lose."""

_PART = re.compile(rb'(?i)form-data; *name="([^"]*)"')

KEPT = 200
"""So many exchanges are kept of one finding, to tell its causes apart."""


@dataclass(slots=True)
class Seen:
    """A finding as the search goes on: its smallest witness so far, what was sent before it, how often it was seen.

    `identity` is the finding's when it was found; `parts`, once it is small, what its request cannot lose. `others` are
    exchanges that show the same, as long as it is not known what they have in common. It is `stated` where the document
    names the value that is refused.
    """

    identity: Identity
    finding: Finding
    exchange: Exchange
    earlier: tuple[Exchange, ...] = ()
    count: int = 0
    shrunk: bool = False
    parts: frozenset[str] = frozenset()
    stated: bool = False
    others: list[tuple[Exchange, Finding]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sightings:
    """Every cause that was found, in order."""

    seen: list[Seen] = field(default_factory=list)
    by_identity: dict[Identity, list[Seen]] = field(default_factory=dict)


def keep(found: Sightings, exchange: Exchange, finding: Finding, earlier: tuple[Exchange, ...] = ()) -> None:
    """Count `finding` with the cause that explains it, whose witness it may be; else it is a new one.

    What weighs more is never told as what weighs less, however it was seen before.
    """
    known = found.by_identity.setdefault(finding.identity, [])
    seen = next((item for item in known if not item.shrunk or item.parts <= present(exchange)), None)
    if seen is None:
        seen = Seen(identity=finding.identity, finding=finding, exchange=exchange, earlier=earlier)
        known.append(seen)
        found.seen.append(seen)
    elif finding.severity.rank < seen.finding.severity.rank and not seen.stated:
        seen.finding, seen.exchange, seen.earlier = finding, exchange, earlier
        seen.shrunk, seen.parts, seen.notes = False, frozenset(), []
    elif not seen.shrunk and _weight(finding, exchange, earlier) < _weight(seen.finding, seen.exchange, seen.earlier):
        seen.finding, seen.exchange, seen.earlier = finding, exchange, earlier
    seen.count += 1
    if not seen.shrunk and finding.code in UNPLACED and len(seen.others) < KEPT:
        seen.others.append((exchange, finding))


def _weight(finding: Finding, exchange: Exchange, earlier: tuple[Exchange, ...]) -> tuple[object, ...]:
    return finding.severity.rank, len(earlier), size(exchange)


def size(exchange: Exchange) -> tuple[bool, bool, int, bytes]:
    """How simple a witness is: conforming before faulty, JSON before other media types, then few bytes."""
    request = exchange.request
    written = header(request.headers, "Content-Type") or ""
    length = len(request.url) + sum(len(name) + len(value) for name, value in request.headers) + len(request.body)
    faulty = exchange.case is not None and not exchange.case.valid
    return faulty, bool(request.body) and not is_json(written), length, request.body


def place(operation: Operation, exchange: Exchange) -> frozenset[str]:
    """What the smallest witness cannot lose though it need not be there: its fault, else properties of its body."""
    if exchange.case is not None and not exchange.case.valid:
        return frozenset({_fault(exchange.case)})
    written = header(exchange.request.headers, "Content-Type") or ""
    medium = media_type_for(operation.body.content, written) if operation.body is not None else None
    if medium is None or medium.schema is None:
        return frozenset()
    rules = shapes.branches(medium.schema, definitions(medium.schema))
    wanted = {join("", "body", name) for rule in rules for name in rule.get("required", ())}
    return frozenset(present(exchange) - wanted)


def present(exchange: Exchange) -> frozenset[str]:
    """What there is in a request: the properties at the top of its body, and its fault."""
    faults = {_fault(exchange.case)} if exchange.case is not None and not exchange.case.valid else set()
    return frozenset(faults | {join("", "body", name) for name in named(exchange.request)})


def named(request: Request) -> frozenset[str]:
    """The properties at the top of a request's body."""
    return frozenset(_names(essence(header(request.headers, "Content-Type") or ""), request.body))


def _names(media_type: str, body: bytes) -> Iterable[str]:
    if media_type == "application/x-www-form-urlencoded":
        return [name for name, _ in parse_qsl(body.decode("latin-1"), keep_blank_values=True)]
    if media_type.startswith("multipart/"):
        return [name.decode("utf-8", "replace") for name in _PART.findall(body)]
    try:
        value = encoding.parse_json(body) if is_json(media_type) else None
    except encoding.DecodeError:
        return ()
    return value if isinstance(value, dict) else ()


def _fault(case: Case) -> str:
    tokens = ("*" if token.isdigit() else token for token in split(case.pointer))
    return join("", case.part, *tokens, case.fault)


def settle(found: Sightings, operation: Operation, seen: Seen, begun: Exchange) -> None:
    """Name what `seen`, now small, cannot lose; what was seen without that has a cause of its own.

    `begun` is the exchange that it was made from, which it explains in any case: so each cause leaves fewer to explain.
    """
    seen.shrunk = True
    if seen.finding.code not in UNPLACED or seen.finding.pointer or seen.earlier:
        return
    seen.parts = place(operation, seen.exchange)
    if len(seen.parts) == 1:
        seen.finding = replace(seen.finding, pointer=next(iter(seen.parts)))
    others, seen.others = [item for item in seen.others if item[0] is not begun], []
    seen.count -= len(others)
    for exchange, finding in others:
        keep(found, exchange, finding)
