"""A finding's witness made small, first by Hypothesis, then by leaving out one part after the other, and seen again."""

from collections.abc import Iterator
from dataclasses import replace

from accord import answers, checks, encoding, shapes, validation
from accord.asking import Draws, Identity, Search, Seen, Stop, asked, size
from accord.contract import MediaType, Operation, Schema, is_json, media_type_for
from accord.document import Json, join, split, walk
from accord.driving import drive
from accord.exchange import Case, Exchange, header

SLOW = "did not answer"
"""How the failure begins that cost a whole timeout."""

SLOW_SHRINKS = 5
"""So many requests shrink a witness that gets no answer in time: each may cost a whole timeout."""

UNPLACED = frozenset({"no-answer", "server-error", "valid-refused"})
"""Findings about a whole answer: their place is the part of the request that the smallest witness cannot lose."""

PART = 2
"""Hypothesis may spend all but one in so many of the requests that shrinking may cost; the rest is for leaving out."""


def shrink(state: Search, operation: Operation, identity: Identity, draws: Draws) -> None:
    """Make the witness of `identity` as small as its share of requests allows.

    Hypothesis draws the same cases again, known answers unsent, and shrinks the first that shows it.
    """
    seen = state.seen[identity]
    budget = SLOW_SHRINKS if seen.exchange.failure.startswith(SLOW) else state.limits.shrinks
    last = state.transport.sent + budget

    def visit(case: Case) -> bool:
        case = state.prepare(operation, case)
        if case not in state.answers and state.transport.sent >= last - budget // PART:
            raise Stop("the share of Hypothesis is spent")
        return _shows(state, operation, identity, case)

    try:
        drive(draws.strategy, visit, examples=draws.examples, seed=draws.seed, shrink=True)
    except Stop as stop:
        if stop.everything:
            raise
    while any(_shows(state, operation, identity, case) for case in _smaller(operation, seen.exchange, state, last)):
        continue
    if state.transport.sent >= last:
        seen.notes.append("the witness may not be the smallest")
    _confirm(state, operation, seen)
    if not seen.finding.pointer and seen.finding.code in UNPLACED:
        seen.finding = replace(seen.finding, pointer=_place(operation, seen.exchange))


def _place(operation: Operation, exchange: Exchange) -> str:
    """The one property of the body that the smallest witness has and could do without; `""` where there is no such."""
    medium = _medium(operation, exchange)
    value = None if medium is None else answers.sent(operation, exchange)
    if medium is None or medium.schema is None or not isinstance(value, dict):
        return ""
    found = shapes.branches(medium.schema, answers.definitions(medium.schema))
    spare = [name for name in value if not any(name in branch.get("required", ()) for branch in found)]
    return join("", "body", spare[0]) if len(spare) == 1 else ""


def _shows(state: Search, operation: Operation, identity: Identity, case: Case) -> bool:
    """Whether `case` shows `identity`; the smallest that does is kept."""
    exchange, judgement = state.answers.get(case) or asked(state, operation, case)
    seen = state.seen[identity]
    for finding in judgement.findings:
        if finding.identity == identity:
            if size(exchange) < size(seen.exchange):
                seen.finding, seen.exchange = finding, exchange
            return True
    return False


def _smaller(operation: Operation, exchange: Exchange, state: Search, last: int) -> Iterator[Case]:
    """The case of `exchange` with one property or item left out of its JSON body, as valid or invalid as it was."""
    case, medium = exchange.case, _medium(operation, exchange)
    if case is None or medium is None or medium.schema is None:
        return
    try:
        value = encoding.parse_json(exchange.request.body)
    except encoding.DecodeError:
        return
    faults = _faults(medium.schema, value)
    if bool(faults) is case.valid:
        return
    for smaller in without_one(value):
        if state.transport.sent >= last:
            return
        if _faults(medium.schema, smaller) == faults:
            body = encoding.to_json(smaller)
            if len(body) < len(exchange.request.body):
                yield replace(case, request=replace(case.request, body=body))


def _medium(operation: Operation, exchange: Exchange) -> MediaType | None:
    written = header(exchange.request.headers, "Content-Type") or ""
    if operation.body is None or not exchange.request.body or not is_json(written):
        return None
    return media_type_for(operation.body.content, written)


def _faults(schema: Schema, value: Json) -> frozenset[tuple[str, str]]:
    return frozenset((item.keyword, item.pointer) for item in validation.violations(schema, value))


def without_one(value: Json) -> Iterator[Json]:
    """`value` with one property or item left out, the outer ones first."""
    for pointer, part in sorted(walk(value), key=lambda item: item[0].count("/")):
        if isinstance(part, dict):
            yield from (_put(value, split(pointer), {k: v for k, v in part.items() if k != name}) for name in part)
        elif isinstance(part, list):
            yield from (_put(value, split(pointer), part[:index] + part[index + 1 :]) for index in range(len(part)))


def _put(value: Json, tokens: tuple[str, ...], part: Json) -> Json:
    if not tokens:
        return part
    if isinstance(value, dict):
        return {**value, tokens[0]: _put(value[tokens[0]], tokens[1:], part)}
    index = int(tokens[0])
    return [*value[:index], _put(value[index], tokens[1:], part), *value[index + 1 :]]


def _confirm(state: Search, operation: Operation, seen: Seen) -> None:
    if seen.exchange.case is None or state.transport.spent:
        return
    exchange = state.transport.send(seen.exchange.request, seen.exchange.case)
    state.record(exchange)
    findings = checks.run(state.contract, operation, exchange).findings
    if all(finding.identity != seen.finding.identity for finding in findings):
        seen.notes.append("not seen again when the same request was sent once more")
