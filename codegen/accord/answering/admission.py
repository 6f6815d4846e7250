"""What a contract refuses of a request, part by part, and what it reads from one it lets in."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from accord.contract import Contract, MediaType, Operation, Schema, SecurityScheme, media_type_for, response_for
from accord.document import Json, split
from accord.exchange import Headers, header
from accord.findings import ABSENT
from accord.messages import encoding, parameters
from accord.messages.routing import operations_at
from accord.validity import validation


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """What is let through of what does not conform; nothing, unless it is said.

    `overlooks` names parts that are not looked at: security, body, parameters. `coerces` makes another value of the
    body's before it is held to its schema; `forgives` says of a broken promise, with the whole value, that it counts
    for nothing.
    """

    overlooks: frozenset[str] = frozenset()
    coerces: Callable[[Schema, Json], Json] = lambda _schema, value: value
    forgives: Callable[[validation.Violation, Json], bool] = lambda _violation, _value: False


STRICT = Leniency()

_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
_BAD = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came in: the raw path, the query without `?`."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A request that conforms: its operation, texts in the path, parameters by (location, name), the body's value."""

    operation: Operation
    places: Mapping[str, str]
    parameters: Mapping[tuple[str, str], Json]
    value: Json = ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that does not conform: the statuses that would say so, best first, and the reasons by property.

    `operation` is None when no operation is on this path; `allow` names the methods that are.
    """

    statuses: tuple[int, ...]
    reasons: tuple[tuple[str, str], ...]
    operation: Operation | None = None
    allow: tuple[str, ...] = ()


def admit(
    contract: Contract, incoming: Incoming, keys: Mapping[str, str], leniency: Leniency = STRICT
) -> Admitted | Refused:
    """`incoming` held to `contract`; `keys` gives the secret each security scheme wants, by the scheme's name."""
    found = operations_at(contract, incoming.path)
    if not found:
        return Refused(statuses=(404,), reasons=(("", "Nothing is here."),))
    pair = next(((item, places) for item, places in found if item.method == incoming.method), None)
    if pair is None:
        allow = tuple(item.method for item, _ in found)
        text = f"The method {incoming.method} is not allowed here."
        telling = next((item for item, _ in found if response_for(item, HTTPStatus.METHOD_NOT_ALLOWED)), found[0][0])
        return Refused(statuses=(405,), reasons=(("", text),), operation=telling, allow=allow)
    operation, places = pair
    if "security" not in leniency.overlooks and not _may(operation, incoming, keys):
        return Refused(statuses=(401, 403), reasons=(("", "The key is missing or wrong."),), operation=operation)
    return _parts(operation, places, incoming, leniency)


def _may(operation: Operation, incoming: Incoming, keys: Mapping[str, str]) -> bool:
    return not operation.security or any(
        all(_holds(scheme, incoming, keys.get(scheme.name, "")) for scheme in schemes) for schemes in operation.security
    )


def _holds(scheme: SecurityScheme, incoming: Incoming, key: str) -> bool:
    if scheme.type == "mutualTLS":
        return True
    if scheme.type == "apiKey":
        return _api_key(scheme, incoming) == key
    given = header(incoming.headers, "Authorization") or ""
    word, _, token = given.partition(" ")
    if scheme.scheme == "basic":
        try:
            return word.lower() == "basic" and base64.b64decode(token, validate=True).decode() == key
        except ValueError:  # no base64, or no UTF-8 inside
            return False
    return word.lower() == "bearer" and token == key


def _api_key(scheme: SecurityScheme, incoming: Incoming) -> str | None:
    if scheme.location == "header":
        return header(incoming.headers, scheme.parameter)
    if scheme.location == "query":
        return dict(parse_qsl(incoming.query, keep_blank_values=True)).get(scheme.parameter)
    cookies = (pair.strip().partition("=") for pair in (header(incoming.headers, "Cookie") or "").split(";"))
    return next((value for name, _, value in cookies if name == scheme.parameter), None)


def _parts(
    operation: Operation, places: Mapping[str, str], incoming: Incoming, leniency: Leniency
) -> Admitted | Refused:
    try:
        values = parameters.decode_parameters(operation, places, incoming.query, incoming.headers)
    except encoding.DecodeError as problem:
        return Refused(statuses=_BAD, reasons=(("", f"The query {problem}."),), operation=operation)
    reasons = []
    for item in operation.parameters:
        key = (item.location, item.name)
        if key in values:
            found = validation.violations(item.schema, values[key])
            broken = next((broken for broken in found if not leniency.forgives(broken, values[key])), None)
            reasons += [(item.name, broken.message)] if broken else []
        elif item.required:
            reasons.append((item.name, f"`{item.name}` is missing"))
    if reasons and leniency.overlooks.isdisjoint({"body", "parameters"}):
        nowhere = all(name in places for name, _ in reasons)  # a path that leads to nothing may be told as such
        statuses = (*_BAD, HTTPStatus.NOT_FOUND) if nowhere else _BAD
        return Refused(statuses=statuses, reasons=tuple(reasons), operation=operation)
    body = _body(operation, incoming, leniency)
    if isinstance(body, Refused):
        return body
    return Admitted(operation=operation, places=places, parameters=values, value=body)


def _body(operation: Operation, incoming: Incoming, leniency: Leniency) -> Json | Refused:
    body = operation.body
    written = header(incoming.headers, "Content-Type") or ""
    if body is None or (not incoming.body and not written):
        if body is not None and body.required and "body" not in leniency.overlooks:
            return Refused(statuses=_BAD, reasons=(("", "The body is missing."),), operation=operation)
        return ABSENT
    media_type = media_type_for(body.content, written)
    charset = re.search(r'charset="?([^";\s]+)', written, re.IGNORECASE)
    if media_type is None or (charset and charset[1].lower() not in _CHARSETS):
        text = f"The media type {written or 'that is not named'} is not taken here."
        return Refused(statuses=(415, *_BAD), reasons=(("", text),), operation=operation)
    if not encoding.can_encode(media_type):
        return ABSENT
    return _value(operation, media_type, incoming, written, leniency)


def _value(
    operation: Operation, media_type: MediaType, incoming: Incoming, written: str, leniency: Leniency
) -> Json | Refused:
    try:
        value = encoding.decode_body(media_type, written, incoming.body)
    except encoding.DecodeError as problem:
        return Refused(statuses=_BAD, reasons=(("", f"The body {problem}."),), operation=operation)
    schema = media_type.schema
    if schema is None:
        return value
    value = leniency.coerces(schema, value)
    if "body" in leniency.overlooks or validation.is_valid(schema, value):
        return value
    broken = [
        ((split(item.pointer) or ("",))[0], item.message)
        for item in validation.violations(schema, value)
        if not leniency.forgives(item, value)
    ]
    if not broken:
        return value
    return Refused(statuses=_BAD, reasons=tuple(broken), operation=operation)
