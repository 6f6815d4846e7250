"""What a document states outright, and the service refuses: members, nulls, flags, examples, bounds, media types.

Where a contract says less than its service wants, most refusals are the contract's own fault. Not that of a value which
it names: a request that was taken is sent once more with nothing changed but that value. It is refused for the value
alone when the one before is taken again and no request with that value ever was. Of two values that no bound tells
apart, the one that is refused while the other is taken is worth a warning.
"""

from collections.abc import Mapping
from dataclasses import replace

from accord.contract import Operation, Schema, essence, is_json, media_type_for, response_for
from accord.document import Json, at, join, places, split
from accord.exchange import SUCCESS, Case, header
from accord.findings import ABSENT, Finding, Severity, Unchecked
from accord.fuzzing.asking import Search, asked
from accord.fuzzing.connecting import value_of
from accord.fuzzing.hints import is_given
from accord.fuzzing.shrinking import NOT_MINIMISED
from accord.fuzzing.statements import REFUSALS, Statement, is_written_in_json, statements, twins_of
from accord.fuzzing.taking import enough, keep
from accord.messages import encoding
from accord.messages.answers import shown
from accord.validity import validation
from accord.validity.asserting import identity
from accord.weighing import reducing, sightings

MOST = 60
"""So many statements of one operation are held to."""

_CODE = "valid-refused"


def hold(state: Search, operation: Operation) -> None:
    """Hold `operation`, where it refuses conforming requests with a status that is not documented, to its document."""
    refusals = {status for status in state.valid.get(operation.name, {}).values() if status in REFUSALS}
    if not any(response_for(operation, status) is None for status in refusals):
        return
    taken = _taken(state, operation)
    pairs = (each for case in taken[:1] for each in twins_of(operation, case))
    for statement in (*statements(operation, taken)[:MOST], *pairs):
        case = state.prepare(operation, statement.case)
        if _known(state, operation, case) not in REFUSALS:
            continue
        if statement.keyword and _was_taken(state, operation, statement):
            continue
        if _status(state, operation, statement.taken) in SUCCESS and _status(state, operation, case) in REFUSALS:
            needs = _never_taken(state, operation, statement) if statement.keyword else ""
            if needs:
                where = f"{shown(statement.value)} in `{statement.pointer}`"
                reason = f"{where} was refused, and may want `{needs}` beside it, which no request had that was taken"
                state.unchecked.append(Unchecked(what=operation.name, reason=reason))
            else:
                _found(state, operation, replace(statement, case=case))


def _taken(state: Search, operation: Operation) -> list[Case]:
    """The requests that were taken, those without a body or in JSON alone, that which says most first."""
    known = state.valid.get(operation.name, {}).items()
    taken = [
        case for case, status in known if status in SUCCESS and (not case.request.body or is_written_in_json(case))
    ]

    def weight(case: Case) -> tuple[int, int]:
        value = value_of(case.request.body) if case.request.body else {}
        return -(len(value) if isinstance(value, dict) else 0) - case.request.url.count("="), len(case.request.body)

    return sorted(taken, key=weight)


def _was_taken(state: Search, operation: Operation, statement: Statement) -> bool:
    """Whether the service ever took a request that has the value in the same place."""
    answers = state.valid[operation.name].items()
    return any(status in SUCCESS and _has(case, statement) for case, status in answers)


def _never_taken(state: Search, operation: Operation, statement: Statement) -> str:
    """A property beside that of `statement` which no request has that was taken; empty where there is none."""
    schema, value = _schema(operation, statement.case), value_of(statement.case.request.body)
    if schema is None or not statement.tokens:
        return ""
    _part, *tokens = split(statement.pointer)
    rules = reducing.rules_at(schema, statement.tokens[:-1], value)
    known = {name: part for rule in rules for name, part in rule.get("properties", {}).items()}
    answers = state.valid[operation.name].items()
    bodies = [value_of(case.request.body) for case, status in answers if status in SUCCESS and is_written_in_json(case)]
    held = (item for body in bodies if body is not ABSENT for item in places(body, tuple(tokens[:-1])))
    taken = {name for item in held if isinstance(item, dict) for name in item}
    left = (name for name, part in known.items() if name not in taken and not _is_given(name, part))
    return next(left, "")


def _is_given(name: str, part: Json) -> bool:
    """Whether a service gives a property, so that no request needs it."""
    return part is False or is_given(name) or (isinstance(part, Mapping) and part.get("readOnly") is True)


def _schema(operation: Operation, case: Case) -> Schema | None:
    written = header(case.request.headers, "Content-Type") or ""
    medium = media_type_for(operation.body.content, written) if operation.body is not None else None
    return medium.schema if medium is not None and is_json(written) else None


def _has(case: Case, statement: Statement) -> bool:
    """Whether `case` has the value of `statement` in the same place."""
    part, *tokens = split(statement.pointer)
    if part == "media-type":
        written = header(case.request.headers, "Content-Type") or ""
        return essence(written) == essence(statement.value) and (";" in written) >= (";" in statement.value)
    if part == "query":
        pairs = statement.case.request.url.partition("?")[2].split("&")
        mine = {pair for pair in pairs if pair.partition("=")[0] == tokens[0]}
        return mine <= set(case.request.url.partition("?")[2].split("&"))
    value = value_of(case.request.body) if case.request.body and is_written_in_json(case) else ABSENT
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
    told = _told(statement, finding)
    seen = next((item for item in state.sightings.seen if _explains(statement, item, told)), None)
    if seen is None:
        seen = sightings.Seen(identity=told.identity, finding=told, exchange=exchange, count=1)
        state.sightings.seen.append(seen)
    seen.finding, seen.exchange, seen.earlier, seen.shrunk, seen.stated = told, exchange, (), True, True
    seen.parts = frozenset({statement.pointer})
    seen.notes[:] = [] if minimal else [NOT_MINIMISED]
    enough(state)


def _told(statement: Statement, finding: Finding) -> Finding:
    refused = f"{shown(statement.value)} in `{statement.pointer}` was refused with status {finding.status}, though "
    if statement.keyword:
        return replace(
            finding,
            message=f"{refused}`{statement.keyword}` names it and the same request was taken without it",
            promise="a request is accepted for what the document names",
            pointer=statement.pointer,
        )
    return replace(
        finding,
        message=f"{refused}the same request was taken with {shown(statement.instead)}, which is of the same kind and "
        "no shorter",
        promise="a value is accepted where one is that no bound and no format tells from it",
        severity=Severity.WARNING,
        pointer=statement.pointer,
    )


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
