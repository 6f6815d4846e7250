"""How a value is written into a request, by place, style and media type; copied into each generated `client.py`."""

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pydantic

_SEPARATORS: Mapping[str, str] = types.MappingProxyType({"spaceDelimited": " ", "pipeDelimited": "|"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A parameter as the contract describes it: where and how its value is written (OpenAPI 3.1 section 4.8.12)."""

    name: str
    where: str
    style: str
    explode: bool
    media_type: str = ""


def _plain(value: Any) -> Any:
    """`value` as JSON: models as the objects they are."""
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    """A scalar as a parameter or a form writes it; what is none as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def body_of(body: Any, media_type: str) -> dict[str, Any]:
    """`body` as the arguments of `requests` that write it in `media_type`; a model, plain JSON, or bytes."""
    if body is None:
        return {}
    plain = _plain(body)
    kind = media_type.partition(";")[0].strip()
    if kind == "multipart/form-data":
        parts = [(name, _part(name, item)) for name, item in _fields(plain)]
        return {"files": parts} if parts else {"data": b"--empty--\r\n", "boundary": "; boundary=empty"}
    if kind == "application/x-www-form-urlencoded":
        return {"data": [(name, _text(item)) for name, item in _fields(plain)] or b""}
    return {"data": plain if isinstance(plain, bytes) else json.dumps(plain, ensure_ascii=False).encode()}


def _part(name: str, item: Any) -> tuple[str | None, bytes | str]:
    """A part of a form: bytes are a file, anything else is a field."""
    return (name, item) if isinstance(item, bytes) else (None, _text(item))


def _fields(plain: Any) -> list[tuple[str, Any]]:
    return [
        (name, item)
        for name, held in plain.items()
        for item in (held if isinstance(held, list) and not any(isinstance(each, dict) for each in held) else [held])
    ]


Written = tuple[str, list[tuple[str, str]], dict[str, str], list[tuple[str, str]]]


def written(path: str, values: Sequence[tuple[Place, Any]]) -> Written:
    """The path, query pairs, headers and cookies that hold `values`; None is left out."""
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    cookies: list[tuple[str, str]] = []
    for place, given in values:
        if given is None:
            continue
        value = _text(_plain(given)) if place.media_type else _plain(given)
        if place.where == "path":
            segment = _in_path(place, value)
            if segment in {"", ".", ".."}:  # any HTTP client would make another path of it
                raise ValueError(f"{place.name} is {segment!r}, which no path can carry")
            path = path.replace("{" + place.name + "}", segment)
        elif place.where == "query":
            query += _in_query(place, value)
        elif place.where == "header":
            headers[place.name] = _joined(place, value)
        else:
            cookies += [(name, quote(text)) for name, text in _in_query(place, value)]
    return path, query, headers, cookies


def _joined(place: Place, value: Any, *, escape: Any = str, separator: str = ",") -> str:
    if isinstance(value, dict):
        between = "=" if place.explode else ","
        joiner = separator if place.explode else ","
        return joiner.join(f"{escape(name)}{between}{escape(_text(item))}" for name, item in value.items())
    if isinstance(value, list):
        return (separator if place.explode else ",").join(escape(_text(item)) for item in value)
    return str(escape(_text(value)))


def _segment(text: str) -> str:
    return quote(text, safe="")


def _in_path(place: Place, value: Any) -> str:
    if place.style == "label":
        return "." + _joined(place, value, escape=_segment, separator=".")
    if place.style == "matrix":
        if place.explode and isinstance(value, list):
            return "".join(f";{place.name}={_segment(_text(item))}" for item in value)
        joined = _joined(place, value, escape=_segment, separator=";")
        return f";{joined}" if place.explode and isinstance(value, dict) else f";{place.name}={joined}"
    return _joined(place, value, escape=_segment)


def _in_query(place: Place, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict) and place.style == "deepObject":
        return [(f"{place.name}[{name}]", _text(item)) for name, item in value.items()]
    if isinstance(value, dict) and place.explode:
        return [(name, _text(item)) for name, item in value.items()]
    if isinstance(value, list) and place.explode:
        return [(place.name, _text(item)) for item in value]
    if isinstance(value, list):
        return [(place.name, _SEPARATORS.get(place.style, ",").join(map(_text, value)))]
    return [(place.name, _joined(place, value))]
