"""Operations that differ in nothing but method, path and answers: what is planned for one is planned for all of them.

A document of hundreds of operations has far fewer sets of parameters and bodies. What is asked of the first operation
of each is translated for the others, and only when somebody looks at it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, overload

from accord.contract import MediaType, Operation, Parameter, Schema
from accord.document import Json
from accord.exchange import Case
from accord.strategies.merging import key_of
from accord.strategies.rows import Row
from accord.strategies.strangers import of_answers
from accord.strategies.valid_steps import wanted_media

_VARIABLE = re.compile(r"\{([^{}/]+)\}")

Likeness: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a plan, the stage that it belongs to, and the rows that it writes: a partition a factor."""

    case: Case
    stage: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps(Sequence[Step]):
    """Steps that were made for operation `one`, each translated for `other`, which is like it, when it is looked at."""

    made: tuple[Step, ...]
    one: Operation
    other: Operation

    def __len__(self) -> int:
        """How many there are."""
        return len(self.made)

    @overload
    def __getitem__(self, at: int) -> Step: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Step]: ...
    def __getitem__(self, at: int | slice) -> Step | Sequence[Step]:
        """One step, or those of a slice, which stay as they are until looked at."""
        if isinstance(at, slice):
            return Steps(self.made[at], self.one, self.other)
        step = self.made[at]
        return replace(step, case=_translated(step.case, self.one, self.other))

    def __iter__(self) -> Iterator[Step]:
        """All of them, in order."""
        return map(self.__getitem__, range(len(self)))

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all of them, for which nothing is translated."""
        return tuple(row for step in self.made for row in step.rows)


def likeness(operation: Operation) -> Likeness:
    """What two operations share exactly if the same may be asked of both, but for method and path."""
    body = operation.body
    media = body.content if body is not None else ()
    schemas = [*(item.schema for item in operation.parameters), *(item.schema or {} for item in media)]
    shared = {id(schema["$defs"]) for schema in schemas if "$defs" in schema}
    return (
        tuple(_parameter(item) for item in operation.parameters),
        None if body is None else (body.required, tuple(map(_medium, media))),
        tuple((name, key_of(value)) for name, value in of_answers(operation)) if media else (),
        wanted_media(operation),
        operation.security,
        tuple(sorted(shared)),
        "" if _is_plain(operation) else operation.path,
    )


def _own(schema: Schema | None) -> str:
    return key_of({key: value for key, value in (schema or {}).items() if key != "$defs"})


def _parameter(item: Parameter) -> Likeness:
    ways = (item.style, item.explode, item.allow_reserved, item.media_type)
    return (item.name, item.location, item.required, ways, _own(item.schema), key_of(list(item.examples)))


def _medium(item: MediaType) -> Likeness:
    written: Mapping[str, Json] = dict(item.encoding)
    return (item.name, item.schema is None, _own(item.schema), key_of(list(item.examples)), key_of(written))


def _is_plain(operation: Operation) -> bool:
    """Whether each segment of the path is a text or one parameter, and each parameter stands there once."""
    segments = [part for part in operation.path.split("/") if "{" in part or "}" in part]
    names = sorted(item.name for item in operation.parameters if item.location == "path")
    found = [match[1] if (match := _VARIABLE.fullmatch(part)) else "" for part in segments]
    return sorted(found) == names


def _translated(case: Case, one: Operation, other: Operation) -> Case:
    """How a case of `one` reads as one of `other`; those of `other` stay."""
    if case.operation == other.name:
        return case
    path, mark, query = case.request.url.partition("?")
    written = dict(zip(one.path.split("/"), path.split("/"), strict=True)) if "{" in one.path else {}
    parts = (written[part] if _VARIABLE.fullmatch(part) else part for part in other.path.split("/"))
    request = replace(case.request, method=other.method, url="/".join(parts) + mark + query)
    return replace(case, operation=other.name, request=request)
