"""Requests read by hand: the key, parameters as text, bodies as JSON or forms."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

MISSING: Any = object()
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
DIGITS = 4300

SHOP_KEY, STAFF, SESSION = "shop-secret-1", "staff-secret-1", "session-secret-1"
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"

ROUTES: dict[tuple[str, ...], dict[str, str]] = {
    ("items",): {"GET": "listItems", "POST": "createItem"},
    ("items", "{item_id}"): {"GET": "getItem", "PUT": "replaceItem", "PATCH": "changeItem", "DELETE": "deleteItem"},
    ("items", "{item_id}", "reviews"): {"GET": "listReviews", "POST": "addReview"},
    ("customers",): {"POST": "createCustomer"},
    ("customers", "{customer_id}"): {"GET": "getCustomer", "PATCH": "changeCustomer", "DELETE": "deleteCustomer"},
    ("orders",): {"GET": "listOrders", "POST": "placeOrder"},
    ("orders", "{order_id}"): {"GET": "getOrder"},
    ("orders", "{order_id}", "cancel"): {"POST": "cancelOrder"},
    ("cart",): {"GET": "getCart", "PUT": "fillCart"},
}

LOCKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("createItem", "replaceItem", "changeItem", "deleteItem", "createCustomer"), ("shop_key",)),
    **dict.fromkeys(("addReview", "placeOrder"), ("shop_key", "staff")),
    **dict.fromkeys(("getCustomer", "changeCustomer", "deleteCustomer", "listOrders", "getOrder", "cancelOrder"), ("staff",)),
    **dict.fromkeys(("getCart", "fillCart"), ("session",)),
}  # fmt: skip
"""The ways into each operation, any one of which will do."""

MEDIA: dict[str, tuple[str, ...]] = {"addReview": ("application/json", FORM, PARTS)}


class RefusedError(Exception):
    """The request cannot be served: a status and a reason."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, dict(headers or {})


@dataclass
class Call:
    """One request to an operation, read."""

    operation: str
    parameters: dict[str, Any] = field(default_factory=dict)
    body: Any = MISSING
    text: str = ""


def route(path: str) -> tuple[dict[str, str], dict[str, str]]:
    """The operations on `path` by method, and the texts in its places."""
    parts = path.split("/")[1:]
    for shape, methods in ROUTES.items():
        if len(shape) == len(parts) and all(part and known in ("{" in known and known, part) for known, part in zip(shape, parts, strict=True)):  # fmt: skip
            return methods, {known[1:-1]: unquote(part) for known, part in zip(shape, parts, strict=True) if "{" in known}  # fmt: skip
    raise RefusedError(404, "There is nothing here.")


def cookies(header: str) -> dict[str, str]:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return {name: value for name, _, value in reversed(list(pairs))}


def unlocked(operation: str, headers: Mapping[str, str], query: str, fault: str) -> bool:
    """Whether one of the ways into `operation` is open to these headers."""
    ways = LOCKS.get(
        operation, ("shop_key",) if fault == "key-wanted-everywhere" and operation == "listReviews" else ()
    )
    if fault == "open-create" and operation == "createCustomer":
        return True
    if fault == "open-delete" and operation == "deleteItem":
        return True
    if fault == "open-orders" and operation == "getOrder":
        return True
    if fault == "second-way-closed":
        ways = ways[:1]
    return not ways or any(_fits(way, headers, query, fault) for way in ways)


def _fits(way: str, headers: Mapping[str, str], query: str, fault: str) -> bool:
    if way == "shop_key":
        return _key(headers.get("X-Shop-Key", ""), "X-Shop-Key" in headers, query, fault)
    if way == "session":
        given = cookies(headers.get("Cookie", "")).get("session", "")
        return given == SESSION or (fault == "any-session" and bool(given))
    word, _, token = headers.get("Authorization", "").partition(" ")
    if fault == "any-token" and word.lower() == "bearer" and token:
        return True
    if fault == "token-in-any-scheme" and token == STAFF:
        return True
    return word.lower() == "bearer" and token == STAFF


def _key(given: str, there: bool, query: str, fault: str) -> bool:  # noqa: FBT001  a fact of the request
    if fault == "key-by-prefix" and given and SHOP_KEY.startswith(given):
        return True
    if fault == "key-with-tail" and given.startswith(SHOP_KEY):
        return True
    if fault == "key-in-any-case" and given.lower() == SHOP_KEY.lower():
        return True
    if fault == "empty-key" and there and not given:
        return True
    if fault == "key-in-query" and dict(parse_qsl(query)).get("X-Shop-Key") == SHOP_KEY:
        return True
    return given == SHOP_KEY


def values(wanted: Mapping[tuple[str, str], tuple[str, Any]], places: Mapping[str, str], query: str, headers: Any) -> dict[str, Any]:  # fmt: skip
    """The parameters of a call that are there, each held to its rule."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise RefusedError(400, "The query is not percent-encoded UTF-8.") from None
    jar = cookies(headers.get("Cookie", ""))
    found: dict[str, Any] = {}
    for (location, name), (kind, rule) in wanted.items():
        texts = [value for key, value in pairs if key == name] if location == "query" else []
        if location != "query":
            source: Mapping[str, str] = {"path": places, "cookie": jar, "header": headers}[location]
            texts = [source[name]] if source.get(name) is not None else []
        if texts:
            found[name] = texts if kind == "list" else typed(kind, texts[0])
            if reason := rule(found[name]):
                raise RefusedError(400, f"{name} {reason}")
    return found


def typed(kind: str, value: str) -> Any:
    if kind == "whole" and WHOLE.fullmatch(value) and len(value) < DIGITS:
        return int(value)
    return value == "true" if kind == "flag" and value in {"true", "false"} else value


def body(operation: str, kind: str, content: bytes, fault: str) -> Any:
    """The value of a body; RefusedError when its media type or its bytes will not do."""
    name, _, rest = kind.partition(";")
    name = name.strip().lower()
    charset = re.search(r'charset="?([\w-]+)', rest)
    if fault == "takes-any-media-type" and name.startswith("text/"):
        name = "application/json"
    if fault == "wants-no-charset" and charset:
        raise RefusedError(415, "The media type is not taken.")
    known = name in MEDIA.get(operation, ("application/json",))
    if not known or (charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}):
        raise RefusedError(415, "The media type is not taken.")
    try:
        if name == FORM:
            return form(parse_qsl(content.decode("ascii"), keep_blank_values=True, errors="strict"))
        return read_parts(kind, content) if name == PARTS else read_json(content, fault)
    except (ValueError, RecursionError):
        raise RefusedError(400, "The body cannot be read.") from None


def read_json(content: bytes, fault: str) -> Any:
    text = content.decode("utf-8", "replace" if fault == "takes-broken-utf-8" else "strict")
    constant = (lambda _name: 0) if fault == "takes-nan" else refuse
    if fault == "takes-trailing-text":
        decoder = json.JSONDecoder(parse_float=exact, parse_constant=constant)
        return decoder.raw_decode(text.lstrip())[0]
    return json.loads(text, parse_float=exact, parse_constant=constant)


def exact(text: str) -> Decimal:
    found = Decimal(text)
    if found.adjusted() >= DIGITS:
        raise ValueError(text)
    return found


def refuse(name: str) -> Any:
    raise ValueError(name)


def form(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    kinds = {"stars": "whole", "anonymous": "flag"}
    return {name: typed(kinds.get(name, "text"), value) for name, value in pairs}


def read_parts(kind: str, content: bytes) -> dict[str, Any]:
    named = re.search(r'boundary="?([^";]+)', kind)
    mark = b"--" + (named[1].encode() if named else b"")
    chunks = (b"\r\n" + content).split(b"\r\n" + mark)
    if not named or chunks[-1].strip() != b"--":
        raise ValueError(kind)
    pairs = []
    for chunk in chunks[1:-1]:
        head, _, inner = chunk.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if not name:
            raise ValueError(head)
        pairs.append((name[1].decode(), inner.decode("utf-8")))
    return form(pairs)


@functools.cache
def allowed(path: str) -> str:
    """The methods on `path`, for `Allow`."""
    return ", ".join(route(path)[0])
