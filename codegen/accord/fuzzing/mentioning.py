"""Sequences about things that a body names: one is made, named in the request of another operation, and read again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from accord import histories
from accord.contract import Operation, Parameter, is_json
from accord.document import Json
from accord.exchange import Case, Exchange
from accord.filters import names_another
from accord.findings import ABSENT
from accord.fuzzing.connecting import Places, leads, placed, value_of
from accord.fuzzing.picking import by_weight, fullest
from accord.fuzzing.stepping import Cases, Sequence, Step
from accord.messages import encoding
from accord.schemas import kinds
from accord.validity import validation

_ACTS = frozenset({"POST", "PUT", "PATCH"})

Fresh: TypeAlias = Callable[[Operation], Places | None]
"""Makes a thing for an operation that reads it; where that is, None where none could be made."""


def mentioned(chosen: tuple[Operation, ...], cases: Cases, fresh: Fresh) -> Iterator[Sequence]:
    """For each operation whose body names things that another one reads: one is made, read, named, and read again.

    Where the body can say that nothing shall be done, that is then said with something else that could be.
    """
    for act in (item for item in chosen if item.method in _ACTS):
        for read in (item for item in chosen if item.method == "GET" and not act.path.startswith(item.path)):
            wanted = _last(read)
            if wanted is None or leads(act, read):
                continue
            if any(_with(act, case, wanted) for case in cases(act)):
                steps = tuple(_steps(read, act, wanted, cases, fresh))
                yield Sequence(name=f"{act.name} of {read.path}", steps=steps)


def _last(read: Operation) -> Parameter | None:
    """The parameter that ends the path of `read`."""
    last = read.path.rstrip("/").rpartition("/")[2]
    return next((item for item in read.parameters if item.location == "path" and last == f"{{{item.name}}}"), None)


def _steps(read: Operation, act: Operation, wanted: Parameter, cases: Cases, fresh: Fresh) -> Iterator[Step]:
    there: list[Places] = []

    def looked(_earlier: tuple[Exchange, ...]) -> Case | None:
        there.extend(filter(None, [] if there else [fresh(read)]))
        found = by_weight(cases(read)) if there else []
        return placed(read, found[0], there[0]) if found else None

    def options(*, dry: bool) -> list[Case]:
        named_ = (_with(act, case, wanted, there[0][wanted.name]) for case in by_weight(cases(act)))
        found = [case for case in named_ if case is not None]
        once = [case for case in found if len(list(_places(value_of(case.request.body), wanted))) == 1]
        found = once or found
        return [case for case in (_flagged(act, case, dry=dry) for case in found) if case is not None] or found

    def done(_earlier: tuple[Exchange, ...]) -> Case | None:
        return fullest(found) if (found := options(dry=False)) else None

    def tried(earlier: tuple[Exchange, ...]) -> Case | None:
        said = next(_said(value_of(item.request.body), wanted) for item in earlier if item.request.body)
        found = options(dry=True)
        return max(found, key=lambda case: _other(said, case, wanted)) if found else None

    look = Step(operation=read, case=looked, may_lack=True)
    yield from (look, Step(operation=act, case=done, may_lack=True), look)
    if any(_flagged(act, case, dry=True) for case in cases(act)):
        yield from (Step(operation=act, case=tried, may_lack=True), look)


def _said(body: Json, wanted: Parameter) -> Mapping[str, Json]:
    """What `body` says beside the first name of a thing like `wanted`; nothing where it names none."""
    if isinstance(body, dict) and wanted.name in body and _is_like(body[wanted.name], wanted):
        return body
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return next((said for part in parts if (said := _said(part, wanted))), {})


def _other(said: Mapping[str, Json], case: Case, wanted: Parameter) -> int:
    """How much `case` says beside the name of the thing that is not as it was `said`."""
    now = _said(value_of(case.request.body), wanted)
    return sum(name in said and said[name] != part for name, part in now.items())


def _with(act: Operation, case: Case, wanted: Parameter, value: Json = ABSENT) -> Case | None:
    """`case` with `value`, or what is there, wherever its body names a thing like `wanted`; None where it does not."""
    body = value_of(case.request.body)
    found = list(_places(body, wanted))
    return _written(act, case, _put(body, wanted, found[0] if value is ABSENT else value)) if found else None


def _places(body: Json, wanted: Parameter, *, top: bool = True) -> Iterator[Json]:
    """What `body` names things like `wanted` by, in its parts, or anywhere where the name says of what it is the id."""
    if isinstance(body, dict):
        if wanted.name in body and _is_like(body[wanted.name], wanted) and not (top and names_another(wanted.name)):
            yield body[wanted.name]
        for part in body.values():
            yield from _places(part, wanted, top=False)
    elif isinstance(body, list):
        for part in body:
            yield from _places(part, wanted, top=False)


def _is_like(value: Json, wanted: Parameter) -> bool:
    """Whether `value` has the form of `wanted`, which not everything has."""
    narrow = "pattern" in wanted.schema or wanted.schema.get("format") == "uuid" or names_another(wanted.name)
    return narrow and not histories.is_identity(wanted.name) and validation.is_valid(wanted.schema, value)


def _put(body: Json, wanted: Parameter, value: Json) -> Json:
    if isinstance(body, dict):
        held = {name: _put(part, wanted, value) for name, part in body.items()}
        here = wanted.name in body and _is_like(body[wanted.name], wanted)
        return {**held, wanted.name: value} if here else held
    return [_put(part, wanted, value) for part in body] if isinstance(body, list) else body


def _flagged(act: Operation, case: Case, *, dry: bool) -> Case | None:
    """`case` saying whether nothing shall be done; None where nothing can say so."""
    medium = act.body.content[0] if act.body is not None else None
    schema = (medium.schema if medium is not None else None) or {}
    declared = kinds.properties(schema, schema.get("$defs", {}))
    name = next((item for item in declared if histories.is_dry(item)), "")
    return _written(act, case, {**value_of(case.request.body), name: dry}) if name else None


def _written(act: Operation, case: Case, body: Json) -> Case | None:
    """`case` with `body`, which has to conform, in JSON."""
    medium = act.body.content[0] if act.body is not None else None
    if medium is None or not is_json(medium.name) or not validation.is_valid(medium.schema or {}, body):
        return None
    return replace(case, request=replace(case.request, body=encoding.to_json(body)))
