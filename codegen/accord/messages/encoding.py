"""Values ↔ bytes, by media type: JSON, forms, text."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from accord.contract import MediaType, essence, is_json
from accord.document import Json, join
from accord.schemas import kinds

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_MOST_PARTS = 10_000
_MOST_DIGITS = 4300
_DEEPEST = 800
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


class DecodeError(ValueError):
    """The bytes do not say a value; the text completes the sentence `the body …`."""


def can_encode(media_type: MediaType) -> bool:
    """Whether accord can write and read bodies of `media_type`: JSON, both forms, text and raw bytes."""
    name = essence(media_type.name)
    return is_json(name) or name in {FORM, MULTIPART, "application/octet-stream", "*/*"} or _is_text(name)


def _is_text(name: str) -> bool:
    return name.startswith("text/") and name not in {"text/event-stream", "text/xml"}


def encode_body(media_type: MediaType, value: Json) -> tuple[bytes, str]:
    """`value` as bytes, and the `Content-Type` they go with; the same value gives the same bytes.

    In a form every part is text: a list is one part an item, an object JSON text. Raises ValueError for a value that
    the media type cannot say (a form of anything but an object).
    """
    name = essence(media_type.name)
    if name == FORM:
        fields = _fields(media_type, value)
        return "&".join(f"{quote_plus(key)}={quote_plus(text)}" for key, text, _ in fields).encode(), FORM
    if name == MULTIPART:
        return _multipart(_fields(media_type, value))
    if is_json(name) or name == "*/*":
        return to_json(value), media_type.name if name != "*/*" else "application/json"
    if not isinstance(value, str):
        raise ValueError(f"`{name}` says text alone")  # noqa: TRY004  a value, not an argument's type
    return value.encode("latin-1" if name == "application/octet-stream" else "utf-8"), media_type.name


def to_json(value: Json) -> bytes:
    """`value` as JSON text in UTF-8; lone surrogates are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False).encode()


def decode_body(media_type: MediaType, content_type: str, body: bytes) -> Json:
    """The value that `body` says; the parts of a form are read by the schemas of their properties.

    Raises DecodeError when the bytes are not of `content_type`.
    """
    name = essence(content_type) or essence(media_type.name)
    if is_json(name):
        return parse_json(body)
    schema = media_type.schema or {}
    if name == FORM:
        return _object(schema, _urlencoded(body))
    if name == MULTIPART:
        return _object(schema, _parts(content_type, body))
    if name == "application/octet-stream":
        return body.decode("latin-1")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise DecodeError(f"is not UTF-8 at byte {error.start}") from None


def parse_json(body: bytes) -> Json:
    """The value of a JSON text (RFC 8259). Raises DecodeError for what that forbids and Python's reader takes."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise DecodeError("starts with a byte order mark, which JSON must not")
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=_number)
    except UnicodeDecodeError as error:
        raise DecodeError(f"is not UTF-8 at byte {error.start}") from None
    except RecursionError:
        raise DecodeError("is nested too deep to be read") from None
    except json.JSONDecodeError as error:
        raise DecodeError(f"is no JSON: {error.msg} at character {error.pos}") from None
    except DecodeError:
        raise
    except ValueError:
        raise DecodeError("holds a number with too many digits to be read") from None
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _is_deep(value):
        raise DecodeError("is nested too deep to be read")
    return value


def _is_deep(value: Json) -> bool:
    """Whether `value` is nested deeper than Python's own recursion could follow."""
    stack = [(1, value)]
    while stack:
        depth, here = stack.pop()
        if depth > _DEEPEST:
            return True
        inner = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        stack.extend((depth + 1, child) for child in inner if isinstance(child, dict | list))
    return False


def _number(text: str) -> float | int:
    """A number with a fraction or exponent; one beyond every float, which is whole, as the integer it is."""
    found = float(text)
    if math.isfinite(found):
        return found
    exact = Decimal(text, Context(traps=[]))  # NaN where the exponent is beyond Decimal's own
    if not exact.is_finite() or exact.adjusted() >= _MOST_DIGITS:
        raise DecodeError("holds a number with too many digits to be read")
    return int(exact)


def _refuse_constant(name: str) -> Json:
    raise DecodeError(f"holds {name}, which is no JSON number")


class _Repeating(dict[str, Any]):
    """An object with the names that were written twice in it."""

    repeated: tuple[str, ...] = ()


def duplicate_keys(body: bytes) -> tuple[str, ...]:
    """The pointers of names that are written more than once in one object of a JSON text; none if it is no JSON."""

    def note(pairs: list[tuple[str, Json]]) -> _Repeating:
        made = _Repeating(pairs)
        names = [name for name, _ in pairs]
        made.repeated = (
            tuple(dict.fromkeys(name for name in names if names.count(name) > 1)) if len(made) < len(names) else ()
        )
        return made

    try:
        value = json.loads(body, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return ()
    found, stack = [], [("", value)]
    while stack:
        where, here = stack.pop()
        if isinstance(here, _Repeating):
            found += [join(where, name) for name in here.repeated]
            stack += [(join(where, name), child) for name, child in here.items()]
        elif isinstance(here, list):
            stack += [(join(where, index), child) for index, child in enumerate(here)]
    return tuple(sorted(found))


def to_text(value: Json) -> str:
    """`value` as the text of one part of a form or parameter: a string as it is, anything else as JSON."""
    return value if isinstance(value, str) else to_json(value).decode()


def from_text(text: str, schema: Json, definitions: Mapping[str, Json]) -> Json:
    """`text` as the JSON value that `schema` promises there; text where a string may be or nothing else can be read."""
    allowed = kinds.kinds(schema, definitions)
    if "string" in allowed:
        return text
    readable = (read(text) for kind, reads, read in _READERS if kind in allowed and reads(text))
    return next(readable, text)


def _reads_json(text: str) -> bool:
    try:
        return text[:1] in {"{", "["} and parse_json(text.encode("utf-8", "replace")) is not None
    except DecodeError:
        return False


def _reads_number(text: str) -> bool:
    try:
        _number(text)
    except DecodeError:
        return False
    return True


_READERS: tuple[tuple[str, Callable[[str], object], Callable[[str], Json]], ...] = (
    ("integer", lambda text: _INTEGER.fullmatch(text) and len(text) < _MOST_DIGITS, int),
    ("number", lambda text: _NUMBER.fullmatch(text) and _reads_number(text), _number),
    ("boolean", lambda text: text in {"true", "false"}, lambda text: text == "true"),
    ("null", lambda text: text in {"", "null"}, lambda _text: None),
    ("object", _reads_json, lambda text: parse_json(text.encode())),
    ("array", _reads_json, lambda text: parse_json(text.encode())),
)


def _fields(media_type: MediaType, value: Json) -> list[tuple[str, str, str]]:
    """Name, text and `Content-Type` (`""` for plain text) of every part of a form."""
    if not isinstance(value, dict):
        raise ValueError(f"`{media_type.name}` says an object alone")  # noqa: TRY004  a value, not an argument's type
    found = []
    for name, entry in value.items():
        written = media_type.encoding.get(name)
        wanted = written.get("contentType", "") if isinstance(written, dict) else ""
        for item in entry if isinstance(entry, list) else [entry]:
            kind = wanted or ("application/json" if isinstance(item, dict | list) else "")
            found.append((name, to_text(item), str(kind).partition(",")[0].strip()))
    return found


def _multipart(fields: list[tuple[str, str, str]]) -> tuple[bytes, str]:
    contents = [(name, text.encode(), kind) for name, text, kind in fields]
    whole = b"\0".join(content for _, content, _ in contents)
    digest = hashlib.sha256(whole).hexdigest()
    boundary = next(digest[:size] for size in range(16, 65) if digest[:size].encode() not in whole)
    lines = []
    for name, content, kind in contents:
        escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped}"'
        filename = '; filename="part"' if kind and not is_json(kind) and not _is_text(kind) else ""
        extra = f"\r\nContent-Type: {kind}" if kind and kind.isascii() and kind.isprintable() else ""
        lines.append(f"{head}{filename}{extra}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(lines) + f"--{boundary}--\r\n".encode(), f"{MULTIPART}; boundary={boundary}"


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARTS)
    except UnicodeDecodeError:
        raise DecodeError("is not percent-encoded UTF-8") from None
    except ValueError:
        raise DecodeError(f"has more than {_MOST_PARTS:,} parts") from None


def _parts(content_type: str, body: bytes) -> list[tuple[str, str]]:
    from python_multipart import MultipartParser
    from python_multipart.exceptions import FormParserError

    match = re.search(r'boundary=(?:"([^"]+)"|([^;\s]+))', content_type)
    if match is None:
        raise DecodeError("names no multipart boundary")
    parts: list[tuple[bytearray, bytearray]] = []
    finished: list[bool] = []
    parser = MultipartParser(
        (match[1] or match[2]).encode(),
        {
            "on_part_begin": lambda: parts.append((bytearray(), bytearray())),
            "on_header_field": lambda data, start, end: parts[-1][0].extend(b"\n" + data[start:end] + b":"),
            "on_header_value": lambda data, start, end: parts[-1][0].extend(data[start:end]),
            "on_part_data": lambda data, start, end: parts[-1][1].extend(data[start:end]),
            "on_end": lambda: finished.append(True),
        },
    )
    try:
        parser.write(body)
        parser.finalize()
        if not finished:
            raise DecodeError("ends before its last multipart boundary")
        return [(_part_name(bytes(head)), bytes(content).decode("utf-8")) for head, content in parts]
    except FormParserError as error:
        raise DecodeError(f"is no multipart form: {error}") from None
    except UnicodeDecodeError:
        raise DecodeError("holds a part that is not UTF-8") from None


def _part_name(head: bytes) -> str:
    match = re.search(rb'content-disposition:[^\n]*?[;\s]name="([^"]*)"', head, re.IGNORECASE)
    if match is None:
        raise DecodeError("holds a part without a name")
    name = match[1].decode()
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


def _object(schema: Json, pairs: list[tuple[str, str]]) -> dict[str, Json]:
    definitions = schema.get("$defs", {})
    declared = kinds.properties(schema, definitions)
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    return {name: _property(declared.get(name, True), values, definitions) for name, values in texts.items()}


def _property(schema: Json, texts: list[str], definitions: Mapping[str, Json]) -> Json:
    allowed = kinds.kinds(schema, definitions)
    if "array" in allowed and (len(texts) > 1 or "string" not in allowed):
        inner = kinds.items(schema, definitions)
        return [from_text(text, inner, definitions) for text in texts]
    return from_text(texts[-1], schema, definitions)
