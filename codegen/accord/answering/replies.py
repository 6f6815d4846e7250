"""A reply of the embedded service, and looking into one: its properties by the type their schemas promise."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from accord import synthesis
from accord.contract import MediaType, Operation, Response, Schema, essence, is_json
from accord.document import Json
from accord.exchange import Headers
from accord.findings import ABSENT
from accord.messages import encoding
from accord.schemas import kinds
from accord.validity import validation

_DEEPEST = 100
_FRAMING = frozenset({"content-type", "content-length", "transfer-encoding", "connection"})


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


def fitted(schema: Schema, value: Json, changes: Mapping[str, Json]) -> Json:
    """`value` with those of `changes` that its schema speaks of and that keep it valid.

    Objects inside `changes` may lack what only the service writes, such as an id: that is filled in.
    """
    if not isinstance(value, dict) or not changes:
        return value
    declared = members(schema)
    wanted = {name: item for name, item in changes.items() if name in declared}
    if any(isinstance(item, dict | list) for item in wanted.values()):
        definitions = schema.get("$defs", {})
        wanted = {name: _completed(declared[name], definitions, item) for name, item in wanted.items()}
    whole = {**value, **wanted}
    if not wanted or validation.is_valid(schema, whole):
        return whole
    for name, item in wanted.items():
        one = {**value, name: item}
        if validation.is_valid(schema, one):
            value = one
    return value


def _completed(schema: Json, definitions: Mapping[str, Json], value: Json, depth: int = 0) -> Json:
    """`value` with the required properties that its objects lack, and without those that are never answered."""
    if depth > _DEEPEST or not isinstance(value, dict | list) or not isinstance(schema, Mapping):
        return value
    if isinstance(value, list):
        inner = kinds.items(schema, definitions)
        return [_completed(inner, definitions, item, depth + 1) for item in value]
    whole = {**schema, "$defs": definitions}
    lacking = [name for name in required(whole) if name not in value]
    plain = synthesis.plausible(whole) if lacking else {}
    made = {name: plain[name] for name in lacking if isinstance(plain, dict) and name in plain}
    declared = {**members(whole), **dict.fromkeys(_unanswered(schema, definitions), False)}
    kept = {name: item for name, item in value.items() if declared.get(name) is not False}
    return {
        **made,
        **{name: _completed(declared.get(name, True), definitions, item, depth + 1) for name, item in kept.items()},
    }


def _unanswered(schema: Json, definitions: Mapping[str, Json]) -> tuple[str, ...]:
    """The names that `schema` itself forbids: the write-only ones."""
    whole = kinds.follow(schema, definitions)
    parts = whole.get("properties", {}) if isinstance(whole, Mapping) else {}
    return tuple(name for name, part in parts.items() if part is False)


def json_among(content: tuple[MediaType, ...]) -> MediaType | None:
    """The first media type that lets JSON through, ranges such as `*/*` included."""
    return next((item for item in content if is_json(item.name) or _is_range(item)), None)


def json_name(media_type: MediaType) -> str:
    """What `Content-Type` says of JSON under `media_type`."""
    return "application/json" if _is_range(media_type) else media_type.name


def _is_range(media_type: MediaType) -> bool:
    return essence(media_type.name) in {"*/*", "application/*"}


def required_headers(response: Response) -> Headers:
    """The headers that `response` promises to send, with plausible values; those HTTP writes itself left out."""
    return tuple(
        (item.name, _tagged(item.name, _header(synthesis.plausible(item.schema))))
        for item in response.headers
        if item.required and item.name.lower() not in _FRAMING
    )


def tagged(response: Response, headers: Headers, value: Json) -> Headers:
    """`headers` of an answer with `value`, an entity tag among them one that no other value has."""
    rules = [item.schema for item in response.headers if item.name.lower() == "etag"]
    tag = f'"{hashlib.sha256(encoding.to_json(value)).hexdigest()[:16]}"'
    if not all(validation.is_valid(rule, tag) for rule in rules):
        return headers
    return tuple((name, tag if name.lower() == "etag" else text) for name, text in headers)


def _tagged(name: str, text: str) -> str:
    """An entity tag between its quotation marks (RFC 9110 section 8.8.3), any other header as it is."""
    return f'"{text}"' if name.lower() == "etag" and '"' not in text else text


def _header(value: Json) -> str:
    if isinstance(value, list):
        return ",".join(map(encoding.to_text, value))
    text = encoding.to_text("" if value is ABSENT else value)
    return text if text.isascii() and text.isprintable() else encoding.to_json(text).decode("latin-1")
