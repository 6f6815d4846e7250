"""Faults below the JSON value: bytes that are no JSON, and JSON that readers part over."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from accord.contract import MediaType
from accord.document import Json
from accord.messages.encoding import DecodeError, encode_body, parse_json, to_json
from accord.schemas import kinds
from accord.validity import validation

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d.*")
LEAP_SECOND = "2016-12-31T23:59:60Z"
"""A point in time that RFC 3339 knows (section 5.7) and many clocks do not."""

_MARK = "every byte stands here"
"""What is replaced by bytes once it is written."""

TOO_DEEP = 100_000
"""Brackets that no reader follows."""

DIGITS = 5_000
"""More digits than many a reader turns into a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Bytes of a body and what is wrong with them; `doubtful` where the specifications leave it to the reader."""

    fault: str
    description: str
    body: bytes
    doubtful: bool = False


def malformed(value: Json) -> Iterator[Framing]:
    """Bodies near the JSON text of `value` that no strict reader takes, the most telling first (RFC 8259)."""
    text = to_json(value)
    found: list[tuple[str, bytes]] = [
        ("is cut short", text[:-1] if len(text) > 1 else b"{"),
        ("is followed by text", text + b" x"),
        ("holds NaN", _member(value, b"NaN", numeric=True)),
        ("is not UTF-8", _member(value, b'"\xff"')),
        ("holds Infinity", _member(value, b"Infinity", numeric=True)),
        ("has a comma after its last member", _after_last(text, b",")),
        ("is followed by a second value", text + text),
        ("holds a control character in a string", _member(value, b'"a\x01b"')),
        ("is a form", b"a=b&c=d"),
        ("is blank", b" "),
        ("holds a word of another language", _member(value, b"True")),
        ("holds half an escape", _member(value, b'"\\u12"')),
        ("holds an unknown escape", _member(value, b'"\\x41"')),
        ("holds a number with a leading zero", _member(value, b"01")),
        ("holds a number that ends in a point", _member(value, b"1.")),
        ("holds a line break in a string", _member(value, b'"a\nb"')),
        ("holds an overlong form of UTF-8", _member(value, b'"\xc0\x80"')),
        ("holds half a surrogate pair in UTF-8", _member(value, b'"\xed\xa0\x80"')),
        ("is cut short in a character", _member(value, b'"\xe2\x82"')),
        ("holds -Infinity", _member(value, b"-Infinity")),
        ("holds `undefined`", _member(value, b"undefined")),
        ("is quoted with apostrophes", text.replace(b'"', b"'") if b'"' in text else b"'a'"),
        ("holds a comment", text + b"/**/"),
        ("is cut in half", text[: len(text) // 2] or b"["),
        ("starts with a guard", b")]}',\n" + text),
        ("is XML", b"<a>1</a>"),
    ]
    for told, body in found:
        if not _is_json(body):
            yield Framing(fault="malformed-json", description=f"the body {told}", body=body)


def contested(value: Json) -> Iterator[Framing]:
    """Bodies near the JSON text of `value` that some readers take and others do not, and nobody may fail over."""
    text = to_json(value)
    yield _doubtful("byte-order-mark", "starts with a byte order mark", b"\xef\xbb\xbf" + text)
    yield _doubtful("utf-16", "is in UTF-16", b"\xff\xfe" + text.decode("utf-8", "replace").encode("utf-16-le"))
    if isinstance(value, dict):
        for name, part in list(value.items())[:3]:
            twice = _after_last(text, b", " + _pair(name, to_json(part)))
            yield _doubtful("duplicate-keys", f"has `{name}` twice", twice)
    for name, part in list(value.items())[:3] if isinstance(value, dict) else ():
        if isinstance(part, str):
            body = to_json({**value, name: f"{part}\ud800"})
            yield _doubtful("lone-surrogate", f"has half a surrogate pair in `{name}`", body)
    if isinstance(value, dict) and value:
        long = _member(value, b"1" * DIGITS, numeric=True)
        yield _doubtful("beyond-digits", f"holds a number of {DIGITS:,} digits", long)
    numbers = [(name, part) for name, part in value.items() if _is_number(part)] if isinstance(value, dict) else []
    for name, _ in numbers[:2]:
        body = _with_raw(value, name, b"1e400")
        yield _doubtful("beyond-double", f"holds a number beyond every double in `{name}`", body)
    for name, part in value.items() if isinstance(value, dict) else ():
        if isinstance(part, str) and _MOMENT.fullmatch(part):
            yield _doubtful("leap-second", f"has a leap second in `{name}`", to_json({**value, name: LEAP_SECOND}))
    deep = b'{"a":' * TOO_DEEP + b"1" + b"}" * TOO_DEEP
    for told, body in (("objects", deep), ("arrays", b"[" * TOO_DEEP + b"]" * TOO_DEEP)):
        yield _doubtful("too-deep", f"is {TOO_DEEP:,} {told} deep", body)


def respelt(value: Json) -> Iterator[tuple[str, bytes]]:
    """Other JSON texts of the same `value`, and what is other in them."""
    yield "with line breaks and spaces", json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "replace")
    yield "with every character escaped", _escaped(value).encode()
    if isinstance(value, dict) and len(value) > 1:
        yield "with its members the other way round", to_json(dict(reversed(value.items())))
    yield "with white space around", b"\r\n\t " + to_json(value) + b" \r\n"
    if isinstance(value, dict):
        for name, part in value.items():
            if _is_number(part) and isinstance(part, int):
                yield f"with an exponent in `{name}`", _with_raw(value, name, f"{part}e0".encode())
                yield f"with a fraction of nothing in `{name}`", _with_raw(value, name, f"{part}.0".encode())


def quoted(name: str) -> str:
    """`name` as it stands in a query."""
    return quote(name, safe="~")


def broken_forms(name: str, body: bytes) -> Iterator[Framing]:
    """Urlencoded bodies whose part `name` is no percent-encoded UTF-8, and `body` with its parts twice."""
    key = quoted(name).encode()
    yield Framing(fault="malformed-form", description="the form holds a byte that is not UTF-8", body=key + b"=%ff")
    yield Framing(fault="malformed-form", description="the form is not ASCII", body=key + b"=\xe9")
    yield _doubtful("duplicate-keys", "has every part twice", body + b"&" + body)


def broken_parts(body: bytes) -> Iterator[Framing]:
    """Multipart bodies that break off, or whose parts have no name."""
    cut = body[: body.rfind(b"--", 0, len(body) - 4)] or body[:-4]
    yield Framing(fault="malformed-multipart", description="the form ends before its last boundary", body=cut)
    if b"; name=" in body:
        nameless = body.replace(b"; name=", b"; nome=", 1)
        yield Framing(fault="malformed-multipart", description="a part of the form has no name", body=nameless)


def files_of_bytes(medium: MediaType, value: Mapping[str, Json]) -> Iterator[tuple[str, str, bytes]]:
    """By the name of each part of a form that is a file: media type and body of `value` with every byte in it."""
    schema = medium.schema or {}
    for name, rule in kinds.properties(schema, schema.get("$defs", {})).items():
        marked = {**value, name: _MARK}
        file = isinstance(rule, Mapping) and (rule.get("format") == "binary" or "contentMediaType" in rule)
        if file and rule.get("contentEncoding", "binary") == "binary" and validation.is_valid(schema, marked):
            body, content_type = encode_body(medium, marked)
            yield name, content_type, body.replace(_MARK.encode(), bytes(range(256)))


def _doubtful(fault: str, told: str, body: bytes) -> Framing:
    return Framing(fault=fault, description=f"the body {told}", body=body, doubtful=True)


def _is_json(body: bytes) -> bool:
    try:
        parse_json(body)
    except DecodeError:
        return False
    return True


def _member(value: Json, raw: bytes, *, numeric: bool = False) -> bytes:
    """The JSON text of `value` with `raw` for one of its parts, a text or, if `numeric`, a number; or for all of it."""
    if isinstance(value, dict) and value:
        texts = [name for name, part in value.items() if isinstance(part, str)]
        numbers = [name for name, part in value.items() if _is_number(part)]
        return _with_raw(value, next(iter((*(numbers if numeric else ()), *texts, *value))), raw)
    if isinstance(value, list) and value:
        return b"[" + raw + b"]"
    return b'{"a": ' + raw + b"}" if isinstance(value, dict) else raw


def _with_raw(value: Mapping[str, Json], name: str, raw: bytes) -> bytes:
    """The JSON text of `value` with `raw` at its end for what `name` holds."""
    parts = [_pair(key, to_json(part)) for key, part in value.items() if key != name]
    return b"{" + b", ".join([*parts, _pair(name, raw)]) + b"}"


def _pair(name: str, raw: bytes) -> bytes:
    return to_json(name) + b": " + raw


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _after_last(text: bytes, more: bytes) -> bytes:
    return text[:-1] + more + text[-1:] if text[-1:] in b"}]" and len(text) > 2 else text + more  # noqa: PLR2004  not empty


def _escaped(value: Json) -> str:
    """The JSON text of `value`, each character of each string by its number."""
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return '"' + "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2)) + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_escaped(name)}: {_escaped(part)}" for name, part in value.items()) + "}"
    return "[" + ", ".join(map(_escaped, value)) + "]" if isinstance(value, list) else json.dumps(value)
