"""Contract: what one document promises, with every schema already JSON Schema 2020-12."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from accord.document import Document, Json, join, split
from accord.findings import Unchecked

Schema: TypeAlias = Mapping[str, Any]
"""A JSON Schema 2020-12 object, self-contained: every `$ref` in it is `#/$defs/NAME`, and its `$defs` is the contract's
`definitions` mapping itself, shared and never copied. `{}` accepts everything, `{"not": {}}` nothing."""


class Direction(StrEnum):
    """Who writes the value: a request is written by the client, a response by the server."""

    REQUEST = "request"
    RESPONSE = "response"

    @property
    def other(self) -> "Direction":
        """The direction of who answers."""
        return Direction.RESPONSE if self is Direction.REQUEST else Direction.REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One media type of a body: its name (lower case, parameters kept) and schema; `schema` is None when none is given.

    `encoding` is OpenAPI's, by property; `pointer` leads to this object in the document.
    """

    name: str
    schema: Schema | None = None
    examples: tuple[Json, ...] = ()
    encoding: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    pointer: str = ""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001  IPython's protocol, and Hypothesis's
        """Its name alone: Hypothesis writes what it draws from, and a schema brings every definition along."""
        printer.text(f"MediaType(name={self.name!r})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body: the media types it may be written in, in document order."""

    content: tuple[MediaType, ...]
    required: bool = False
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of an operation; `location` is path, query, header or cookie.

    `media_type` is set when the parameter is described by `content`, and then its value is written in it.
    """

    name: str
    location: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: MappingProxyType({}))
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    media_type: str = ""
    examples: tuple[Json, ...] = ()
    description: str = ""
    deprecated: bool = False
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A documented response header (style is always simple)."""

    name: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: MappingProxyType({}))
    explode: bool = False
    media_type: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One documented response; `status` is as written: `200`, `4XX` or `default`."""

    status: str
    description: str = ""
    content: tuple[MediaType, ...] = ()
    headers: tuple[Header, ...] = ()
    links: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """One way to authenticate, under the name the document gives it.

    `type` is OpenAPI's (apiKey, http, mutualTLS, oauth2, openIdConnect); `location` and `parameter` belong to apiKey,
    `scheme` (lower case: basic, bearer) to http.
    """

    name: str
    type: str
    location: str = ""
    parameter: str = ""
    scheme: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path template, with all that the document promises about it.

    `security` lists alternatives, each a tuple of scheme names that are needed together; `()` alone in it means that
    anonymous calls are allowed, an empty `security` that nothing is wanted. `turned` says that the service calls and
    the client answers: a webhook or a callback.
    """

    method: str
    path: str
    operation_id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[SecurityScheme, ...], ...] = ()
    servers: tuple[str, ...] = ()
    extensions: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    pointer: str = ""
    turned: bool = False

    @property
    def name(self) -> str:
        """`POST /path/`: how reports and options name this operation."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a lowered schema stands in the documents it was read from."""

    uri: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one document promises.

    `definitions` holds every named schema, lowered; where reading and writing differ (readOnly, writeOnly) a name holds
    the response view and `NAMERequest` the request view, and `request_views` maps the first to the second. `origins`
    says where each definition was written. `called` are the webhooks and callbacks that were asked for by name.
    `ledger` names what the document says that accord cannot hold anyone to.
    """

    document: Document
    title: str = ""
    version: str = ""
    servers: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    called: tuple[Operation, ...] = ()
    definitions: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    request_views: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    documents: Mapping[str, Document] = field(default_factory=lambda: MappingProxyType({}))
    ledger: tuple[Unchecked, ...] = ()


@functools.lru_cache(maxsize=1024)
def essence(media_type: str) -> str:
    """`media_type` without parameters, lower case (RFC 9110 section 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


@functools.lru_cache(maxsize=1024)
def is_json(media_type: str) -> bool:
    """Whether bodies of `media_type` are JSON: `application/json`, `text/json`, any `+json` (RFC 6839 section 3.1)."""
    name = essence(media_type)
    return name in {"application/json", "text/json"} or name.endswith("+json")


def response_for(operation: Operation, status: int) -> Response | None:
    """The documented response that covers `status`: exact, then range, then default (OpenAPI 3.1 section 4.8.16)."""
    for key in (str(status), f"{status // 100}XX", "DEFAULT"):
        for response in operation.responses:
            if response.status == key or response.status.upper() == key:
                return response
    return None


def media_type_for(content: tuple[MediaType, ...], media_type: str) -> MediaType | None:
    """The documented media type that covers `media_type`: exact, `type/*`, `*/*` (OpenAPI 3.1 section 4.8.14)."""
    if len(content) == 1 and content[0].name == media_type and ";" not in media_type:
        return content[0]
    name = essence(media_type)
    by_name = {essence(item.name): item for item in reversed(content)}
    for key in (name, name.partition("/")[0] + "/*", "*/*"):
        if key in by_name:
            return by_name[key]
    return None


def locate(contract: Contract, owner: str, schema_pointer: str = "") -> tuple[str, str]:
    """The uri and pointer at which a promise is written.

    `owner` is the `pointer` of an Operation, a MediaType, … (a media type's schema stands at `pointer/schema`);
    `schema_pointer` leads into its schema, or, where it starts with `/$defs/NAME`, into that definition.
    """
    uri, pointer = _parted(owner)
    if schema_pointer.startswith("/$defs/"):
        name, *rest = split(schema_pointer)[1:]
        origin = contract.origins[name]
        return origin.uri, join(origin.pointer, *rest)
    return uri or contract.document.uri, pointer + schema_pointer


def _parted(owner: str) -> tuple[str, str]:
    """The document that `owner` names, if it is another than the first, and the pointer, which may hold `#` too."""
    left, mark, rest = owner.partition("#/")
    elsewhere = left.lower().endswith((".json", ".yaml", ".yml")) or left.startswith(("http:", "https:"))
    return (left, f"/{rest}") if mark and elsewhere else ("", owner)


@functools.lru_cache(maxsize=256)
def variable(scheme: SecurityScheme) -> str:
    """The environment variable that holds the secret of `scheme`.

    An API key: its parameter's name without `X-`, upper snake (`X-CEKURA-API-KEY` → `CEKURA_API_KEY`). Others: the
    scheme's name, upper snake, ending in `_TOKEN`, or in `_BASIC` for basic authentication (`user:password`).
    """
    if scheme.type == "apiKey":
        return _upper_snake(re.sub(r"(?i)^x[-_]", "", scheme.parameter))
    name = _upper_snake(scheme.name)
    ending = "_BASIC" if scheme.scheme == "basic" else "_TOKEN"
    return name if name.endswith(ending) else name + ending


def _upper_snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    snake = re.sub(r"[^A-Za-z0-9]+", "_", spaced).strip("_").upper()
    return f"_{snake}" if snake[:1].isdigit() else snake or "SECRET"
