"""Parameters ↔ text in path, query, header and cookie, in every style of OpenAPI (3.1 section 4.8.12)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

from accord.contract import Operation, Parameter
from accord.document import Json
from accord.exchange import Headers
from accord.messages.encoding import DecodeError, from_text, parse_json, to_text
from accord.schemas import kinds

_Write = Callable[[str], str]
_RESERVED = ":/?#[]@!$&'()*+,;="
_BETWEEN = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "|", "simple": ",", "label": ",", "matrix": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """The parameters of one request, written: the path with its template filled, the query without `?`, headers."""

    path: str
    query: str = ""
    headers: Headers = ()
    cookies: tuple[tuple[str, str], ...] = ()

    @property
    def target(self) -> str:
        """Path and query, as they stand in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


def encode_parameters(operation: Operation, values: Mapping[tuple[str, str], Json]) -> Encoded:
    """`values`, by (location, name), written as `operation` wants them; a parameter not in `values` is absent."""
    path, query, headers, cookies = operation.path, [], [], []
    for parameter in operation.parameters:
        key = (parameter.location, parameter.name)
        if key not in values:
            continue
        value = values[key]
        if parameter.location == "path":
            path = path.replace("{" + parameter.name + "}", _path(parameter, value))
        elif parameter.location == "query":
            query += _query(parameter, value)
        elif parameter.location == "header":
            headers.append((parameter.name, _simple(parameter, value, str)))
        else:
            cookies.append((parameter.name, ",".join(_flat(value, _percent))))
    return Encoded(path=path, query="&".join(query), headers=tuple(headers), cookies=tuple(cookies))


def _percent(text: str) -> str:
    return quote(text, safe="~", errors="surrogatepass")


def _reserved(text: str) -> str:
    return quote(text, safe=_RESERVED.replace("&", "").replace("#", "").replace("+", "") + "~", errors="surrogatepass")


def _flat(value: Json, write: _Write, *, pairs: str = "") -> list[str]:
    """The members of `value` as texts; an object alternates names and values, or has pairs joined by `pairs`."""
    if isinstance(value, list):
        return [write(to_text(item)) for item in value]
    if isinstance(value, dict):
        texts = [(write(name), write(to_text(item))) for name, item in value.items()]
        return [pairs.join(pair) for pair in texts] if pairs else [text for pair in texts for text in pair]
    return [write(to_text(value))]


def _simple(parameter: Parameter, value: Json, write: _Write) -> str:
    if parameter.media_type:
        return write(to_text(value) if isinstance(value, str) else _json(value))
    return ",".join(_flat(value, write, pairs="=" if parameter.explode else ""))


def _json(value: Json) -> str:
    return to_text([value])[1:-1]


def _path(parameter: Parameter, value: Json) -> str:
    explode = parameter.explode
    if parameter.media_type:
        return _percent(_json(value))
    if parameter.style == "label":
        return "." + ("." if explode else ",").join(_flat(value, _percent, pairs="=" if explode else ""))
    if parameter.style == "matrix":
        name = _percent(parameter.name)
        texts = _flat(value, _percent, pairs="=" if explode else "")
        if explode and isinstance(value, list):
            return "".join(f";{name}={text}" for text in texts)
        return (
            "".join(f";{text}" for text in texts)
            if explode and isinstance(value, dict)
            else f";{name}={','.join(texts)}"
        )
    return _simple(parameter, value, _percent)


def _query(parameter: Parameter, value: Json) -> list[str]:
    name = _percent(parameter.name)
    write = _reserved if parameter.allow_reserved else _percent
    if parameter.media_type:
        return [f"{name}={_percent(_json(value))}"]
    if parameter.style == "deepObject" and isinstance(value, dict):
        return [f"{name}%5B{_percent(key)}%5D={write(to_text(item))}" for key, item in value.items()]
    if parameter.explode and isinstance(value, list):
        return [f"{name}={write(to_text(item))}" for item in value]
    if parameter.explode and isinstance(value, dict):
        return [f"{_percent(key)}={write(to_text(item))}" for key, item in value.items()]
    return [f"{name}={_BETWEEN.get(parameter.style, ',').join(_flat(value, write))}"]


def decode_parameters(
    operation: Operation, found: Mapping[str, str], query: str, headers: Headers
) -> Mapping[tuple[str, str], Json]:
    """The values by (location, name) that a request gives; `found` holds the raw texts in the path template's places.

    What cannot be read as the parameter's type stays text, so that its schema refuses it. Raises DecodeError when the
    query is not percent-encoded UTF-8.
    """
    pairs = _pairs(query)
    cookies = [
        pair.strip().partition("=") for name, value in headers if name.lower() == "cookie" for pair in value.split(";")
    ]
    values: dict[tuple[str, str], Json] = {}
    for parameter in operation.parameters:
        name, location = parameter.name, parameter.location
        if location == "path":
            texts = [found[name]] if name in found else []
        elif location == "header":
            texts = [value for key, value in headers if key.lower() == name.lower()]
        elif location == "cookie":
            texts = [value for key, _, value in cookies if key == name]
        else:
            read = _read_query(parameter, pairs)
            if read:
                values[location, name] = read[0]
            continue
        if texts:
            values[location, name] = _read_text(parameter, texts[0])
    return values


def _pairs(query: str) -> list[tuple[str, str, str]]:
    """Name, decoded value and raw value of each pair of a query."""
    found = []
    for raw in filter(None, query.split("&")):
        name, _, value = raw.partition("=")
        try:
            ((key, text),) = parse_qsl(f"{name or '%00'}={value}", keep_blank_values=True, errors="strict")
        except (UnicodeDecodeError, ValueError):
            raise DecodeError("is not percent-encoded UTF-8") from None
        found.append((key if name else "", text, value))
    return found


def _read_query(parameter: Parameter, pairs: list[tuple[str, str, str]]) -> list[Json]:
    """The value of a query parameter in a list; an empty one when it is absent."""
    name, schema = parameter.name, parameter.schema
    definitions = schema.get("$defs", {})
    allowed = kinds.kinds(schema, definitions)
    texts = [(text, raw) for key, text, raw in pairs if key == name]
    if parameter.media_type:
        return [_parsed(texts[0][0])] if texts else []
    if "object" in allowed and "string" not in allowed and (parameter.style == "deepObject" or parameter.explode):
        declared = kinds.properties(schema, definitions)
        deep = parameter.style == "deepObject"
        members = {
            (key[len(name) + 1 : -1] if deep else key): text
            for key, text, _ in pairs
            if _is_member(key, name, declared, deep=deep)
        }
        if members:
            return [{key: from_text(text, declared.get(key, True), definitions) for key, text in members.items()}]
    if not texts:
        return []
    if "array" in allowed and "string" not in allowed and parameter.explode:
        inner = kinds.items(schema, definitions)
        return [[from_text(text, inner, definitions) for text, _ in texts]]
    between = _BETWEEN.get(parameter.style, ",")
    if "string" not in allowed and allowed & {"array", "object"}:
        raw = texts[0][1].replace("+", "%20")
        return [_members(parameter, [unquote(part) for part in raw.split(between)] if raw else [])]
    return [from_text(texts[0][0], schema, definitions)]


def _is_member(key: str, name: str, declared: Iterable[str], *, deep: bool) -> bool:
    return (key.startswith(f"{name}[") and key.endswith("]")) if deep else key in declared


def _read_text(parameter: Parameter, raw: str) -> Json:
    decode = str if parameter.location == "header" else unquote
    schema = parameter.schema
    definitions = schema.get("$defs", {})
    if parameter.media_type:
        return _parsed(decode(raw))
    between = ","
    if parameter.style == "label":
        raw, between = raw.removeprefix("."), "." if parameter.explode else ","
    elif parameter.style == "matrix":
        raw, between = _unmatrixed(parameter, raw)
    allowed = kinds.kinds(schema, definitions)
    if "string" not in allowed and allowed & {"array", "object"}:
        return _members(parameter, [decode(part) for part in raw.split(between)] if raw else [])
    return from_text(decode(raw), schema, definitions)


def _unmatrixed(parameter: Parameter, raw: str) -> tuple[str, str]:
    allowed = kinds.kinds(parameter.schema, parameter.schema.get("$defs", {}))
    prefix = f";{quote(parameter.name, safe='~')}="
    if parameter.explode and "array" in allowed:
        return ",".join(part.partition("=")[2] for part in raw.split(";")[1:]), ","
    if parameter.explode and "object" in allowed:
        return ",".join(raw.split(";")[1:]), ","
    return raw.removeprefix(prefix), ","


def _members(parameter: Parameter, texts: list[str]) -> Json:
    definitions = parameter.schema.get("$defs", {})
    if "array" in kinds.kinds(parameter.schema, definitions):
        inner = kinds.items(parameter.schema, definitions)
        return [from_text(text, inner, definitions) for text in texts]
    declared = kinds.properties(parameter.schema, definitions)
    pairs = (
        [text.partition("=")[::2] for text in texts]
        if parameter.explode
        else list(zip(texts[::2], texts[1::2], strict=False))
    )
    return {key: from_text(text, declared.get(key, True), definitions) for key, text in pairs}


def _parsed(text: str) -> Json:
    try:
        return parse_json(text.encode("utf-8", "surrogatepass"))
    except DecodeError:
        return text
