"""What a document states outright, and the service refuses: members, nulls, flags, examples, bounds, media types.

Where a contract says less than its service wants, most refusals are the contract's own fault. Not that of a value which
it names: a request that was taken is sent once more with nothing changed but that value. It is refused for the value
alone when the one before is taken again and no request with that value ever was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.contract import MediaType, Operation, Schema, essence, is_json, media_type_for, response_for
from accord.document import Json, at, join, split, walk
from accord.exchange import SUCCESS, Case, header
from accord.findings import ABSENT, Finding
from accord.fuzzing import reducing, sightings
from accord.fuzzing.asking import Search, asked
from accord.fuzzing.connecting import value_of
from accord.fuzzing.shrinking import NOT_MINIMISED
from accord.fuzzing.taking import enough, keep
from accord.messages import encoding, parameters
from accord.messages.answers import shown, starred
from accord.messages.routing import match_path
from accord.repro.claims import places
from accord.strategies.drafts import reads_as
from accord.validity import validation
from accord.validity.asserting import identity

REFUSALS = frozenset({400, 415, 422})
"""Statuses that speak of what was sent."""

MOST = 60
"""So many statements of one operation are held to."""

LONGEST = 4096
"""Texts of a bound up to here are sent."""

_CODE = "valid-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A value that the document names for one place of a request: the request with it, one without, and what names it.

    In a body `tokens` lead to it, where the request that was taken has another one `instead`.
    """

    case: Case
    taken: Case
    pointer: str
    value: Json
    keyword: str
    tokens: tuple[str, ...] = ()
    instead: Json = ABSENT


def hold(state: Search, operation: Operation) -> None:
    """Hold `operation`, where it refuses conforming requests with a status that is not documented, to its document."""
    refusals = {status for status in state.valid.get(operation.name, {}).values() if status in REFUSALS}
    if not any(response_for(operation, status) is None for status in refusals):
        return
    for statement in _statements(operation, _taken(state, operation))[:MOST]:
        case = state.prepare(operation, statement.case)
        if _known(state, operation, case) not in REFUSALS or _was_taken(state, operation, statement):
            continue
        if _status(state, operation, statement.taken) in SUCCESS and _status(state, operation, case) in REFUSALS:
            _found(state, operation, replace(statement, case=case))


def _taken(state: Search, operation: Operation) -> list[Case]:
    """The requests that were taken, those without a body or in JSON alone, that which says most first."""
    known = state.valid.get(operation.name, {}).items()
    taken = [case for case, status in known if status in SUCCESS and (not case.request.body or _is_json(case))]

    def weight(case: Case) -> tuple[int, int]:
        value = value_of(case.request.body) if case.request.body else {}
        return -(len(value) if isinstance(value, dict) else 0) - case.request.url.count("="), len(case.request.body)

    return sorted(taken, key=weight)


def _is_json(case: Case) -> bool:
    return is_json(header(case.request.headers, "Content-Type") or "")


def _statements(operation: Operation, taken: list[Case]) -> list[Statement]:
    return [
        *(each for case in taken[:1] for each in _of_body(operation, case)),
        *_of_media_types(operation, taken),
        *(each for case in taken[:1] for each in _of_query(operation, case)),
    ]


def _of_body(operation: Operation, taken: Case) -> Iterator[Statement]:
    written = header(taken.request.headers, "Content-Type") or ""
    medium = media_type_for(operation.body.content, written) if operation.body is not None else None
    value = value_of(taken.request.body) if taken.request.body else ABSENT
    if medium is None or medium.schema is None or value is ABSENT:
        return
    told = set()
    for tokens, part, keyword, named in _parts_named(medium.schema, value):
        whole, place = reducing.put(value, tokens, named), starred(join("", *tokens), value)
        if (place, identity(named)) in told or not validation.is_valid(medium.schema, whole):
            continue
        told.add((place, identity(named)))
        yield Statement(
            case=reducing.with_body(taken, written, encoding.to_json(whole)),
            taken=taken,
            pointer=join("", "body", *split(place)),
            value=named,
            keyword=keyword,
            tokens=tokens,
            instead=part,
        )


def _parts_named(schema: Schema, value: Json) -> Iterator[tuple[tuple[str, ...], Json, str, Json]]:
    """Where a part of `value` could have another value that the schema names: its tokens, itself, keyword, value."""
    for pointer, part in walk(value):
        tokens = split(pointer)
        for rule in reducing.rules_at(schema, tokens, value) if tokens else ():
            other = (item for item in _named(rule, part) if identity(item[1]) != identity(part))
            yield from ((tokens, part, keyword, named) for keyword, named in other)


def _named(rule: Schema, part: Json) -> Iterator[tuple[str, Json]]:
    """The values that `rule` names, with the keyword that does; those of a text's length are made of `part`."""
    kind = rule.get("type", ())
    kinds = (kind,) if isinstance(kind, str) else kind
    yield from (("enum", member) for member in rule.get("enum", ()))
    yield from ((keyword, rule[keyword]) for keyword in ("const", "default", "example") if keyword in rule)
    yield from (("examples", value) for value in rule.get("examples", ()) if isinstance(rule["examples"], list))
    yield from (("type", None) for name in kinds if name == "null")
    yield from (("type", value) for value in (True, False) if "boolean" in kinds)
    yield from ((keyword, rule[keyword]) for keyword in ("minimum", "maximum") if keyword in rule)
    if isinstance(part, str) and "maxLength" in rule and rule["maxLength"] <= LONGEST:
        yield "maxLength", (part or "a").ljust(rule["maxLength"], (part or "a")[-1])
    if isinstance(part, str) and rule.get("minLength"):
        yield "minLength", part[: rule["minLength"]]


def _of_media_types(operation: Operation, taken: list[Case]) -> Iterator[Statement]:
    for medium in operation.body.content if operation.body is not None else ():
        if is_json(medium.name) or not encoding.can_encode(medium):
            continue
        for case in taken:
            value = value_of(case.request.body) if case.request.body else ABSENT
            if value is ABSENT or not _survives(medium, value):
                continue
            body, content_type = encoding.encode_body(medium, value)
            changed = reducing.with_body(case, content_type, body)
            yield Statement(
                case=changed, taken=case, pointer="/media-type", value=essence(medium.name), keyword="content"
            )
            break


def _survives(medium: MediaType, value: Json) -> bool:
    return medium.schema is not None and validation.is_valid(medium.schema, value) and reads_as(medium, value) == value


def _of_query(operation: Operation, taken: Case) -> Iterator[Statement]:
    found = match_path(operation.path, taken.request.url.partition("?")[0])
    for item in operation.parameters if found is not None else ():
        if item.location != "query" or found is None:
            continue
        alone = replace(operation, parameters=(item,))
        for keyword, named in (*_named(item.schema, ""), *(("example", value) for value in item.examples)):
            if not validation.is_valid(item.schema, named):
                continue
            written = parameters.encode_parameters(alone, {(item.location, item.name): named})
            case = reducing.with_parameter(taken, item, written, found)
            yield Statement(case=case, taken=taken, pointer=join("", "query", item.name), value=named, keyword=keyword)


def _was_taken(state: Search, operation: Operation, statement: Statement) -> bool:
    """Whether the service ever took a request that has the value in the same place."""
    answers = state.valid[operation.name].items()
    return any(status in SUCCESS and _has(case, statement) for case, status in answers)


def _has(case: Case, statement: Statement) -> bool:
    """Whether `case` has the value of `statement` in the same place."""
    part, *tokens = split(statement.pointer)
    if part == "media-type":
        return bool(essence(header(case.request.headers, "Content-Type") or "") == statement.value)
    if part == "query":
        pairs = statement.case.request.url.partition("?")[2].split("&")
        mine = {pair for pair in pairs if pair.partition("=")[0] == tokens[0]}
        return mine <= set(case.request.url.partition("?")[2].split("&"))
    value = value_of(case.request.body) if case.request.body and _is_json(case) else ABSENT
    wanted = identity(statement.value)
    return value is not ABSENT and any(identity(item) == wanted for item in places(value, tuple(tokens)))


def _status(state: Search, operation: Operation, case: Case) -> int:
    exchange, judgement = asked(state, operation, case)
    others = tuple(finding for finding in judgement.findings if finding.code != _CODE)
    keep(state, exchange, replace(judgement, findings=others))
    return 0 if exchange.response is None else exchange.response.status


def _found(state: Search, operation: Operation, statement: Statement) -> None:
    """Keep the refusal of `statement`, its request as small as one that differs from a taken one in nothing else."""
    last = state.transport.sent + state.limits.shrinks - 1
    case, minimal = _smaller(state, operation, statement, last)
    exchange, judgement = asked(state, operation, case)
    finding = next((item for item in judgement.findings if item.code == _CODE), None)
    if finding is None:
        return
    told = replace(
        finding,
        message=f"{shown(statement.value)} in `{statement.pointer}` was refused with status {finding.status}, though "
        f"`{statement.keyword}` names it and the same request was taken without it",
        promise="a request is accepted for what the document names",
        pointer=statement.pointer,
    )
    seen = next((item for item in state.sightings.seen if _explains(statement, item, told)), None)
    if seen is None:
        seen = sightings.Seen(identity=told.identity, finding=told, exchange=exchange, count=1)
        state.sightings.seen.append(seen)
    seen.finding, seen.exchange, seen.earlier, seen.shrunk, seen.stated = told, exchange, (), True, True
    seen.parts = frozenset({statement.pointer})
    seen.notes[:] = [] if minimal else [NOT_MINIMISED]
    enough(state)


def _explains(statement: Statement, seen: sightings.Seen, told: Finding) -> bool:
    """Whether `seen` is the refusal of the same value, found in another way."""
    alike = (seen.finding.code, seen.finding.operation) == (told.code, told.operation)
    case = seen.exchange.case
    return alike and case is not None and seen.parts <= {statement.pointer} and _has(case, statement)


def _smaller(state: Search, operation: Operation, statement: Statement, last: int) -> tuple[Case, bool]:
    """The smallest request that is refused, and taken with another value in its place; whether all was tried."""
    here, tried = statement.case, set[Case]()
    while statement.tokens:
        before = here
        for reduction in reducing.reductions(operation, before):
            case = state.prepare(operation, reduction.case)
            other = _without(operation, case, statement)
            if case in tried or other is None:
                continue
            tried.add(case)
            if state.transport.sent + 1 >= last:
                return here, False
            if _known(state, operation, case) in REFUSALS and _known(state, operation, other) in SUCCESS:
                here = case
                break
        if here == before:
            break
    return here, True


def _known(state: Search, operation: Operation, case: Case) -> int:
    return state.valid[operation.name].get(case) or _status(state, operation, case)


def _without(operation: Operation, case: Case, statement: Statement) -> Case | None:
    """`case` with what the request that was taken had in the place of the value; None where either is not there."""
    written = header(case.request.headers, "Content-Type") or ""
    medium = media_type_for(operation.body.content, written) if operation.body is not None else None
    value = value_of(case.request.body) if is_json(written) else ABSENT
    try:
        there = at(value, join("", *statement.tokens))
    except (KeyError, IndexError, TypeError):
        return None
    whole = reducing.put(value, statement.tokens, statement.instead)
    if identity(there) != identity(statement.value) or medium is None or medium.schema is None:
        return None
    return (
        reducing.with_body(case, written, encoding.to_json(whole))
        if validation.is_valid(medium.schema, whole)
        else None
    )
