"""What the shop does wrong with a reply, with what it is given, and where it falls over."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from html import escape
from typing import Any

from .keeping import Reply
from .reading import Call

Alter = Callable[[Call, Reply], None]


def fields(**changes: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What changes those fields of a body that are there."""

    def change(body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return {name: changes[name](item) if name in changes else item for name, item in body.items()}

    return change


def texts(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    """What changes every text of a body."""

    def inner(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: inner(item) for name, item in value.items()}
        if isinstance(value, list):
            return [inner(item) for item in value]
        return change(value) if isinstance(value, str) else value

    return inner


def on_text(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: change(value) if isinstance(value, str) else value


KEPT: Mapping[str, tuple[tuple[str, ...], Callable[[Any], Any]]] = {
    "trims-name": (("createItem", "replaceItem", "changeItem"), fields(name=on_text(str.strip))),
    "cuts-description-at-255": (("createItem", "replaceItem", "changeItem"), fields(description=on_text(lambda text: text[:255]))),
    "folds-email": (("createCustomer", "changeCustomer"), fields(email=on_text(str.lower))),
    "stock-through-float": (("createItem", "replaceItem", "changeItem"), fields(stock=lambda value: int(float(value)))),
    "loses-astral": (("addReview",), fields(text=on_text(lambda text: "".join(char if ord(char) < 0x10000 else "?" for char in text)))),
    "composes-unicode": (("createItem", "changeItem"), fields(name=on_text(lambda text: unicodedata.normalize("NFC", text)))),
    "escapes-html": (("addReview",), fields(text=on_text(lambda text: escape(text, quote=False)))),
    "empties-to-null": (("createItem", "changeItem", "replaceItem"), fields(description=lambda value: value or None)),
    "zero-price-to-default": (("createItem", "replaceItem"), fields(price=lambda value: value or Decimal("9.99"))),
    "sorts-tags": (("createItem", "replaceItem", "changeItem"), fields(tags=sorted)),
    "lowers-attribute-names": (("createItem", "replaceItem", "changeItem"), fields(attributes=lambda value: {name.lower(): item for name, item in value.items()})),
    "false-to-default": (("createCustomer",), fields(newsletter=lambda value: value or True)),
    "rounds-price": (("createItem",), fields(price=lambda value: value if value == int(value) else round(value, 1))),
    "strips-control": (("placeOrder",), fields(note=on_text(lambda text: "".join(char for char in text if char >= " ")))),
    "joins-lines": (("addReview",), fields(text=on_text(lambda text: text.replace("\r\n", "\n")))),
    "plus-to-space": (("createCustomer",), fields(email=on_text(lambda text: text.replace("+", " ") if "+" in text else text))),
    "moment-loses-zone": (("placeOrder",), fields(ship_at=on_text(lambda text: text[:19].upper() + "Z"))),
    "preferences-flattened": (("createCustomer", "changeCustomer"), fields(preferences=lambda value: {name: json.dumps(item, default=float) if isinstance(item, dict) else item for name, item in value.items()})),
    "last-line-lost": (("placeOrder", "fillCart"), fields(lines=lambda value: value[:-1] if len(value) > 9 else value)),
    "quantity-capped": (("placeOrder", "fillCart"), fields(lines=lambda value: [{**line, "quantity": min(line["quantity"], 50)} for line in value])),
    "card-number-masked": (("placeOrder",), fields(payment=lambda value: {**value, "number": "0" * len(value["number"])} if "number" in value else value)),
}  # fmt: skip
"""What becomes of a body before it is kept: the operations, and the change."""


def every_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from every_text(item)


def body_of(*operations: str) -> Callable[[Callable[[dict[str, Any]], object]], Callable[[Call], bool]]:
    def bind(test: Callable[[dict[str, Any]], object]) -> Callable[[Call], bool]:
        return lambda call: call.operation in operations and isinstance(call.body, dict) and bool(test(call.body))

    return bind


def query(name: str, test: Callable[[Any], object]) -> Callable[[Call], bool]:
    return lambda call: name in call.parameters and bool(test(call.parameters[name]))


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(value, dict | list) else 0


ITEMS = ("createItem", "replaceItem", "changeItem")
CRASHES: Mapping[str, Callable[[Call], bool]] = {
    "quote-in-search": query("q", lambda text: "'" in text),
    "percent-in-search": query("q", lambda text: "%" in text),
    "offset-beyond-32-bits": query("offset", lambda number: number >= 2**31),
    "id-beyond-64-bits": query("item_id", lambda number: number >= 2**63),
    "five-tags": query("tag", lambda tags: len(tags) == 5),
    "sort-within-category": lambda call: call.parameters.get("sort") == "price" and call.parameters.get("category") == "games",
    "null-byte-in-name": body_of(*ITEMS)(lambda body: "\0" in body.get("name", "")),
    "astral-in-review": body_of("addReview")(lambda body: any(ord(char) > 0xFFFF for char in body.get("text", ""))),
    "long-note": body_of("placeOrder")(lambda body: len(body.get("note") or "") > 255),
    "urgent-without-note": body_of("placeOrder")(lambda body: body.get("priority") == "high" and body.get("note", "") is None),
    "gift-on-invoice": body_of("placeOrder")(lambda body: body.get("gift") is True and body["payment"]["kind"] == "invoice"),
    "stock-beyond-32-bits": body_of(*ITEMS)(lambda body: body.get("stock", 0) >= 2**31),
    "empty-tags": body_of(*ITEMS)(lambda body: body.get("tags") == []),
    "empty-attribute-name": body_of(*ITEMS)(lambda body: "" in body.get("attributes", {})),
    "dollar-attribute-name": body_of(*ITEMS)(lambda body: any(name.startswith("$") or "." in name for name in body.get("attributes", {}))),
    "deep-preferences": body_of("createCustomer", "changeCustomer")(lambda body: depth(body.get("preferences", {})) > 16),
    "brace-in-street": body_of("createCustomer", "changeCustomer")(lambda body: "{" in body.get("address", {}).get("street", "")),
    "backslash-in-nickname": body_of("createCustomer", "changeCustomer")(lambda body: "\\" in (body.get("nickname") or "")),
    "leap-day": body_of("createCustomer", "changeCustomer")(lambda body: str(body.get("birthday"))[5:] == "02-29"),
    "address-without-zip-in-us": body_of("createCustomer", "changeCustomer")(lambda body: body.get("address", {}).get("country") == "US" and "zip" not in body["address"]),
    "same-sku-twice": body_of("placeOrder", "fillCart")(lambda body: len({line["sku"] for line in body["lines"]}) < len(body["lines"])),
    "inactive-with-stock": body_of(*ITEMS)(lambda body: body.get("active") is False and body.get("stock", 0) > 0),
    "change-without-name": body_of("changeCustomer")(lambda body: "name" not in body and "email" not in body),
    "zero-in-price": body_of("changeItem")(lambda body: body.get("price") == 0),
    "year-before-1900": body_of("createCustomer", "changeCustomer")(lambda body: str(body.get("birthday") or "2000")[:4] < "1900"),
    "non-latin-search": query("q", lambda text: any(ord(char) > 0xFF for char in text)),
    "newline-in-review": body_of("addReview")(lambda body: "\n" in body.get("text", "")),
    "lone-surrogate": body_of("createItem", "createCustomer", "placeOrder")(lambda body: any("\ud800" <= char <= "\udfff" for text in every_text(body) for char in text)),
}  # fmt: skip
"""When the shop falls over."""


def changed(*operations: str, **changes: Callable[[Any], Any]) -> Alter:
    """A change of fields of the answer."""

    def alter(call: Call, reply: Reply) -> None:
        if call.operation in operations and reply.status < 300 and isinstance(reply.value, dict):
            reply.value = fields(**changes)(reply.value)

    return alter


def whole(*operations: str) -> Callable[[Callable[[Any], Any]], Alter]:
    def bind(change: Callable[[Any], Any]) -> Alter:
        def alter(call: Call, reply: Reply) -> None:
            if call.operation in operations and reply.status < 300:
                reply.value = change(reply.value)

        return alter

    return bind


def attribute(test: Callable[[Call, Reply], object], **changes: Any) -> Alter:
    def alter(call: Call, reply: Reply) -> None:
        if test(call, reply):
            for name, value in changes.items():
                setattr(reply, name, value(reply) if callable(value) else value)

    return alter


def on(*operations: str) -> Callable[[Call, Reply], bool]:
    return lambda call, reply: call.operation in operations and reply.status < 300


def status(code: int) -> Callable[[Call, Reply], bool]:
    return lambda _call, reply: reply.status == code


def without(name: str) -> Callable[[Reply], dict[str, str]]:
    return lambda reply: {key: value for key, value in reply.headers.items() if key != name}


def text_of(reply: Reply) -> str:
    return json.dumps(reply.value, default=lambda value: int(value) if value == int(value) else float(value))
