"""An exchange read against its contract: which promise covers the answer, and what the bodies say."""

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TypeVar

from accord.contract import MediaType, Operation, Response, Schema, essence, is_json, media_type_for, response_for
from accord.document import Json, split, walk
from accord.exchange import BODILESS, Exchange, Headers, has_long_head, header
from accord.findings import ABSENT
from accord.messages import encoding
from accord.schemas import shapes

T = TypeVar("T")

_MOST_SCHEMAS = 1024
_selfcontained: dict[int, tuple[Schema, dict[str, Json]]] = {}

WIDEST = 200
"""Characters of a value that a message shows."""


def _once(function: Callable[[Operation, Exchange], T]) -> Callable[[Operation, Exchange], T]:
    """`function`, its last answer kept: many checks ask the same of one exchange before the next one comes."""
    last: list[tuple[Operation, Exchange, T]] = []

    @functools.wraps(function)
    def asked(operation: Operation, exchange: Exchange) -> T:
        for known, seen, answer in last:
            if known is operation and seen is exchange:
                return answer
        answer = function(operation, exchange)
        last[:] = [(operation, exchange, answer)]
        return answer

    return asked


@_once
def promised(operation: Operation, exchange: Exchange) -> Response | None:
    """The documented response that covers the answer's status; of a path that is not its own an operation has none."""
    if exchange.response is None or (
        is_elsewhere(exchange) and exchange.response.status >= HTTPStatus.MULTIPLE_CHOICES
    ):
        return None
    return response_for(operation, exchange.response.status)


def is_elsewhere(exchange: Exchange) -> bool:
    """Whether the case went to another path than the operation's, on purpose."""
    return exchange.case is not None and (exchange.case.part, exchange.case.fault) == ("path", "path")


def is_too_long(exchange: Exchange) -> bool:
    """Whether the request was refused for a length of its line or headers that not every server takes."""
    status = 0 if exchange.response is None else exchange.response.status
    return status in {414, 431} and has_long_head(exchange.request)


_WIDEST = 2**64 - 1
"""The largest number of 64 bits."""

_HUGE = re.compile(r"[=,](?:-|%2D)?[0-9]{20,}(?:[&,]|$)")


def is_huge(exchange: Exchange) -> bool:
    """Whether the request holds a whole number of more than 64 bits, which few readers take (RFC 8259 section 6)."""
    if _HUGE.search(exchange.request.url):
        return True
    try:
        value = parsed(exchange.request.body) if exchange.request.body else None
    except encoding.DecodeError:
        return False
    return any(type(part) is int and abs(part) > _WIDEST for _, part in walk(value))


def content_type(exchange: Exchange) -> str:
    """The answer's `Content-Type`; `""` when there is none."""
    return "" if exchange.response is None else _content_type(exchange.response.headers)


@functools.lru_cache(maxsize=16)
def _content_type(headers: Headers) -> str:
    return header(headers, "Content-Type") or ""


@_once
def media_type(operation: Operation, exchange: Exchange) -> MediaType | None:
    """The documented media type that covers the answer's body."""
    response = promised(operation, exchange)
    return media_type_for(response.content, content_type(exchange)) if response is not None else None


def schema_for(operation: Operation, status: int, name: str) -> Schema | None:
    """The schema that is documented for bodies in media type `name` of answers with `status`."""
    response = response_for(operation, status)
    medium = None if response is None else media_type_for(response.content, name)
    return None if medium is None else medium.schema


def bodiless(exchange: Exchange) -> bool:
    """Whether HTTP allows the answer no body (RFC 9110 section 6.4.1)."""
    status = 0 if exchange.response is None else exchange.response.status
    return exchange.request.method == "HEAD" or status in BODILESS or 100 <= status < 200  # noqa: PLR2004  1xx


@_once
def answered(operation: Operation, exchange: Exchange) -> Json:
    """The value of the answer's body, by the documented media type; ABSENT when it has none that can be read."""
    medium = media_type(operation, exchange)
    if exchange.response is None or medium is None or not exchange.response.body:
        return ABSENT
    return _decoded(medium, content_type(exchange), exchange.response.body)


@_once
def sent(operation: Operation, exchange: Exchange) -> Json:
    """The value of the request's body, by the documented media type; ABSENT when it has none that can be read."""
    medium = asked_in(operation, exchange)
    if medium is None or not exchange.request.body:
        return ABSENT
    return _decoded(medium, header(exchange.request.headers, "Content-Type") or "", exchange.request.body)


@_once
def surprises(operation: Operation, exchange: Exchange) -> bool:
    """Whether the request's body has names that an open schema does not document: a service may refuse those too."""
    medium, value = asked_in(operation, exchange), sent(operation, exchange)
    if medium is None or medium.schema is None or value is ABSENT:
        return False
    return next(shapes.undocumented(value, medium.schema, definitions(medium.schema)), None) is not None


def asked_in(operation: Operation, exchange: Exchange) -> MediaType | None:
    """The documented media type that covers the request's body."""
    written = header(exchange.request.headers, "Content-Type") or ""
    return media_type_for(operation.body.content, written) if operation.body is not None else None


def writable(medium: MediaType | None, name: str) -> tuple[Schema, ...] | None:
    """Every subschema that speaks of the property `name` of a body in `medium`; None where it may not be there."""
    if medium is None or medium.schema is None:
        return None
    names = definitions(medium.schema)
    rules = shapes.children(shapes.top(medium.schema).found, name)
    if not rules or any(rule is False for rule in rules):
        return None
    return tuple(branch for rule in rules for branch in shapes.branches(rule, names))


def comparable(asked: MediaType | None, medium: MediaType | None, name: str) -> bool:
    """Whether the property `name` is the same thing in the request's body and in the answer's."""
    ours, theirs = writable(asked, name), writable(medium, name)
    if ours is None or theirs is None:
        return False
    kinds = shapes.types(ours), shapes.types(theirs)
    if not all(kinds):
        return not any(kinds)  # where one alone says what it is, they are not the same thing
    return bool(kinds[0] & kinds[1])


def _decoded(medium: MediaType, written: str, body: bytes) -> Json:
    try:
        return parsed(body) if is_json(written) else encoding.decode_body(medium, written, body)
    except encoding.DecodeError:
        return ABSENT


@functools.lru_cache(maxsize=16)
def parsed(body: bytes) -> Json:
    """`body` as strict JSON, read once however many checks ask; nobody changes it."""
    return encoding.parse_json(body)


def definitions(schema: Schema) -> Mapping[str, Json]:
    """The named schemas that `schema` refers to."""
    found: Mapping[str, Json] = schema.get("$defs", {})
    return found


def selfcontained(schema: Schema) -> dict[str, Json]:
    """`schema` with those of its named schemas alone that it reaches, made once; nobody changes it."""
    known = _selfcontained.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_selfcontained) >= _MOST_SCHEMAS:
        _selfcontained.clear()
    made = _reaching(schema)
    _selfcontained[id(schema)] = (schema, made)
    return made


def _reaching(schema: Schema) -> dict[str, Json]:
    named, found = definitions(schema), dict[str, Json]()
    waiting: list[Json] = [{key: item for key, item in schema.items() if key != "$defs"}]
    while waiting:
        for _, part in walk(waiting.pop()):
            ref = part.get("$ref") if isinstance(part, Mapping) else None
            name = split(ref.removeprefix("#"))[1] if isinstance(ref, str) and ref.startswith("#/$defs/") else ""
            if name in named and name not in found:
                found[name] = named[name]
                waiting.append(named[name])
    plain = {key: item for key, item in schema.items() if key != "$defs"}
    return {**plain, "$defs": found} if found else plain


def header_value(schema: Schema, text: str, *, as_json: bool = False) -> Json:
    """What a header says by its schema: a list between commas, a number, a text."""
    found = shapes.branches(schema, definitions(schema))
    kinds = shapes.types(found)
    if "array" in kinds:
        items: Schema = next((branch["items"] for branch in found if "items" in branch), {})
        return [header_value(items, part.strip()) for part in text.split(",")] if text else []
    if as_json or kinds & {"number", "boolean"}:
        try:
            return encoding.parse_json(text.encode())
        except encoding.DecodeError:
            return text
    return text


def starred(pointer: str, value: Json) -> str:
    """`pointer` into `value` with the index of every array item as `*`."""
    tokens: list[str] = []
    here = value
    for token in split(pointer):
        is_item = isinstance(here, list)
        tokens.append("*" if is_item else token.replace("~", "~0").replace("/", "~1"))
        try:
            here = here[int(token)] if isinstance(here, list) else here[token]
        except (KeyError, IndexError, ValueError, TypeError):
            here = None
    return "".join(f"/{token}" for token in tokens)


def shown(value: Json) -> str:
    """`value` as JSON, cut where a reader has seen enough."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def listed(names: Iterable[str]) -> str:
    """`names` in backquotes, with commas."""
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def kind(text: str) -> str:
    """The media type in `text`, for a message: without parameters; `no media type` when there is none."""
    return f"`{essence(text)}`" if text else "no media type"
