"""A reply of the embedded service, and looking into one: its properties by the type their schemas promise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from accord import kinds
from accord.contract import Operation, Schema, is_json
from accord.document import Json
from accord.exchange import Headers
from accord.findings import ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the service is about to answer: a JSON `value`, or the bytes of `body` when they are given."""

    status: int
    value: Json = ABSENT
    media_type: str = "application/json"
    headers: Headers = ()
    body: bytes | None = None


def success(operation: Operation) -> Schema | None:
    """The schema of the first JSON answer that `operation` documents for success."""
    for response in sorted(operation.responses, key=lambda response: response.status):
        if response.status.startswith("2") or response.status == "default":
            for media_type in response.content:
                if is_json(media_type.name) and media_type.schema is not None:
                    return media_type.schema
    return None


def members(schema: Schema | None) -> dict[str, Json]:
    """The properties of the objects that `schema` promises, with their schemas."""
    return {} if schema is None else kinds.properties(schema, schema.get("$defs", {}))


def required(schema: Schema | None) -> tuple[str, ...]:
    """The names that `schema` requires, through `$ref` and `allOf`."""
    if schema is None:
        return ()
    definitions = schema.get("$defs", {})
    return tuple(dict.fromkeys(_required(schema, definitions, 0)))


def _required(schema: Json, definitions: Mapping[str, Json], depth: int) -> Iterator[str]:
    schema = kinds.follow(schema, definitions)
    if isinstance(schema, Mapping) and depth < 20:  # noqa: PLR2004  deeper than any composition
        yield from schema.get("required", ())
        for part in schema.get("allOf", ()):
            yield from _required(part, definitions, depth + 1)


def of_kind(schema: Schema | None, *names: str) -> tuple[str, ...]:
    """The properties that hold one of the JSON types `names`, and no other type but null."""
    definitions = {} if schema is None else schema.get("$defs", {})
    wanted = frozenset(names)
    return tuple(
        name
        for name, part in members(schema).items()
        if (allowed := kinds.kinds(part, definitions) - {"null"}) and allowed <= wanted
    )


def with_keyword(schema: Schema | None, fits: Callable[[Mapping[str, Json]], bool]) -> tuple[str, ...]:
    """The properties whose own schema, `$ref` followed, `fits`."""
    definitions = {} if schema is None else schema.get("$defs", {})
    found = {name: kinds.follow(part, definitions) for name, part in members(schema).items()}
    return tuple(name for name, part in found.items() if isinstance(part, Mapping) and fits(part))
