"""A request in the making: parameters and body drawn, then written with its credentials."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.contract import MediaType, Operation, Parameter, Schema, is_json
from accord.document import Json
from accord.exchange import Case, Headers, Request
from accord.messages import encoding, parameters, routing
from accord.network.credentials import Credentials, credentials
from accord.schemas import kinds
from accord.strategies.building import from_schema
from accord.strategies.driving import given
from accord.strategies.fault import whole
from accord.validity import validation

_Values = Mapping[tuple[str, str], Json]
_Pinned = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The parts of a request before they are put together.

    `given` are the credentials, None the right ones; `more_query` is put behind the query as it is; `path` and `method`
    are others than the operation's where they are not empty.
    """

    operation: Operation
    values: _Values
    content_type: str = ""
    body: bytes = b""
    given: Credentials | None = None
    method: str = ""
    path: str = ""
    more_query: str = ""


def drafts(operation: Operation, pinned: Mapping[str, Json]) -> SearchStrategy[Draft]:
    """Conforming requests of `operation` in parts; `pinned` gives parameters and body properties by name."""
    written = st.fixed_dictionaries(
        {key_of(item): _parameter(item, pinned) for item in operation.parameters if item.required},
        optional={
            key_of(item): drawn
            for item in operation.parameters
            if not item.required and not (drawn := _parameter(item, pinned)).is_empty
        },
    )
    body = operation.body
    if body is None:
        return st.builds(lambda values: Draft(operation=operation, values=values), written)
    bodies = [_bodies(media_type, pinned) for media_type in body.content if encoding.can_encode(media_type)]
    options = [drawn for drawn in bodies if not drawn.is_empty]
    if not body.required:
        options.append(st.just(("", b"")))
    return st.builds(
        lambda values, content: Draft(operation=operation, values=values, content_type=content[0], body=content[1]),
        written,
        st.one_of(options) if options else st.nothing(),
    )


def key_of(parameter: Parameter) -> tuple[str, str]:
    """Location and name: what tells one parameter from another."""
    return (parameter.location, parameter.name)


def _parameter(parameter: Parameter, pinned: Mapping[str, Json]) -> SearchStrategy[Any]:
    if parameter.name in pinned:
        return st.just(pinned[parameter.name])
    drawn = from_schema(parameter.schema)
    fitting = [value for value in parameter.examples if validation.is_valid(parameter.schema, value)]
    if fitting and parameter.location == "path":
        return st.sampled_from(fitting)  # what else is asked is asked of a thing that exists
    options = drawn | st.sampled_from(fitting) if fitting else drawn
    return options.filter(given(survives, parameter))


def survives(parameter: Parameter, value: Json) -> bool:
    """Whether `value` can be written into a request and read back the same."""
    if value == "" and parameter.location == "header":
        return not parameter.required  # many a reader takes it for none
    read = read_back(parameter, value)
    return read is not UNWRITABLE and read == value and _is_typed_alike(read, value)


def _is_typed_alike(read: Json, value: Json) -> bool:
    """Whether two equal values have the same types throughout: in a text, `1.0` is no integer."""
    if isinstance(value, list):
        return isinstance(read, list) and all(map(_is_typed_alike, read, value))
    if isinstance(value, dict):
        return isinstance(read, dict) and all(_is_typed_alike(read[name], item) for name, item in value.items())
    return type(read) is type(value)


UNWRITABLE: Json = object()
"""What reading back gives when a value cannot be written at all."""


def read_back(parameter: Parameter, value: Json) -> Json:
    """What a service reads when `value` is written as `parameter`; `UNWRITABLE` when HTTP cannot carry it."""
    alone = Operation(
        method="GET", path=f"/{{{parameter.name}}}" if parameter.location == "path" else "/", parameters=(parameter,)
    )
    encoded = parameters.encode_parameters(alone, {key_of(parameter): value})
    if not _is_http(encoded):
        return UNWRITABLE
    places = routing.match_path(alone.path, encoded.path)
    if places is None:
        return UNWRITABLE
    cookie = (("Cookie", _cookie(encoded.cookies)),) if encoded.cookies else ()
    try:
        read = parameters.decode_parameters(alone, places, encoded.query, (*encoded.headers, *cookie))
    except encoding.DecodeError:
        return UNWRITABLE
    return read.get(key_of(parameter), UNWRITABLE)


def _is_http(written: parameters.Encoded) -> bool:
    segments = written.path.split("/")
    texts = [value for _, value in written.headers]
    legal = all(text and text.isascii() and text.isprintable() and text == text.strip() for text in texts)
    return legal and not any(
        part in {".", "..", "%2E", "%2E%2E"} or "%2F" in part or "%5C" in part or "%00" in part for part in segments
    )


def _cookie(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}={value}" for name, value in pairs)


def _bodies(media_type: MediaType, pinned: Mapping[str, Json]) -> SearchStrategy[tuple[str, bytes]]:
    return body_values(media_type, pinned).map(lambda value: written(media_type, value))


def body_values(media_type: MediaType, pinned: Mapping[str, Json]) -> SearchStrategy[Json]:
    """Valid values that `media_type` can carry, the author's examples among them."""
    schema = media_type.schema or {}
    drawn = from_schema(schema)
    fitting = [value for value in media_type.examples if validation.is_valid(schema, value)]
    options = drawn | st.sampled_from(fitting) if fitting else drawn
    if pinned:
        options = options.map(given(pin, suited(schema, pinned))).filter(
            lambda value: validation.is_valid(schema, value)
        )
    return options if is_json(media_type.name) else options.filter(lambda value: reads_as(media_type, value) == value)


def suited(schema: Schema, pinned: _Pinned) -> _Pinned:
    """`pinned` as the properties of `schema` can have them: text as what it says in JSON where that alone is valid.

    What is valid either way for none of them is left out.
    """
    definitions = schema.get("$defs", {})
    declared = kinds.properties(schema, definitions)
    found: dict[str, Json] = {}
    for name, value in pinned.items():
        asked = whole(declared.get(name, True), definitions)
        options = [option for option in (value, *_said(value)) if validation.is_valid(asked, option)]
        if options:
            found[name] = options[0]
    return found


def _said(value: Json) -> Iterator[Json]:
    with suppress(encoding.DecodeError):
        yield from (encoding.parse_json(text.encode()) for text in (value,) if isinstance(text, str))


def pin(pinned: _Pinned, value: Json) -> Json:
    """`value` with those of its properties that are `pinned`, also in the objects of its arrays."""
    if not isinstance(value, dict):
        return value
    return {name: pinned.get(name, _pin_items(pinned, part)) for name, part in value.items()}


def _pin_items(pinned: _Pinned, part: Json) -> Json:
    return [pin(pinned, item) for item in part] if isinstance(part, list) else part


def written(media_type: MediaType, value: Json) -> tuple[str, bytes]:
    """`Content-Type` and bytes of `value`."""
    body, content_type = encoding.encode_body(media_type, value)
    return content_type, body


def reads_as(media_type: MediaType, value: Json) -> Json:
    """What a reader makes of `value` once it is written; `UNWRITABLE` when it cannot be.

    The fields of a form are read one by one, and what each is read as is kept: it is asked for again and again.
    """
    if not is_form(media_type) or not isinstance(value, dict) or not _is_small(value):
        return _read(media_type, value)
    found: dict[str, Json] = {}
    for name, part in value.items():
        read = _field(media_type, name, part)
        if read is UNWRITABLE:
            return UNWRITABLE
        found.update(read)
    return found


def _read(media_type: MediaType, value: Json) -> Json:
    try:
        body, content_type = encoding.encode_body(media_type, value)
        return encoding.decode_body(media_type, content_type, body)
    except ValueError:
        return UNWRITABLE


def is_form(media_type: MediaType) -> bool:
    """Whether bodies of `media_type` are fields by their names."""
    return media_type.name.startswith((encoding.FORM, encoding.MULTIPART))


_FEW = 200
_MOST_READ = 65_536
_PLAIN_NAME = re.compile(r"[\w.$-]+")
_fields: dict[tuple[int, str, bytes], tuple[MediaType, Json]] = {}


def _is_small(value: Mapping[str, Json]) -> bool:
    """Whether the fields of a form say together what each says alone."""
    sizes = (len(part) if isinstance(part, list) else 1 for part in value.values())
    return 0 < len(value) <= _FEW and sum(sizes) <= _FEW and all(map(_PLAIN_NAME.fullmatch, value))


def _field(media_type: MediaType, name: str, part: Json) -> Json:
    key = (id(media_type), name, encoding.to_json(part))
    known = _fields.get(key)
    if known is None or known[0] is not media_type:
        if len(_fields) >= _MOST_READ:
            _fields.clear()
        known = _fields[key] = (media_type, _read(media_type, {name: part}))
    return known[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a case is meant to be, in the words of `exchange.Case`."""

    valid: bool = False
    fault: str = ""
    part: str = ""
    pointer: str = ""
    description: str = ""
    doubtful: bool = False


CONFORMS = Meant(valid=True)


def case(draft: Draft, meant: Meant = CONFORMS) -> Case:
    """`draft` put together with its credentials, and what it is meant to be."""
    operation = draft.operation
    encoded = parameters.encode_parameters(operation, draft.values)
    given = credentials(operation) if draft.given is None else draft.given
    cookies = (*encoded.cookies, *given.cookies)
    queries = (encoded.query, *(_pair(name, text) for name, text in given.query), draft.more_query)
    query = "&".join(filter(None, queries))
    path = draft.path or encoded.path
    headers: Headers = (
        *given.headers,
        *encoded.headers,
        *((("Cookie", _cookie(cookies)),) if cookies else ()),
        *((("Content-Type", draft.content_type),) if draft.content_type else ()),
    )
    request = Request(
        method=draft.method or operation.method,
        url=f"{path}?{query}" if query else path,
        headers=headers,
        body=draft.body,
        secrets=given.secrets,
    )
    return Case(
        operation=operation.name,
        request=request,
        valid=meant.valid,
        fault=meant.fault,
        part=meant.part,
        pointer=meant.pointer,
        description=meant.description,
        doubtful=meant.doubtful,
    )


def _pair(name: str, text: str) -> str:
    """A pair of a query; the place of a secret stays as it is."""
    return f"{quote(name)}={text if '$' in text else quote(text)}"
