"""The values that stand for the partitions of a scalar: boundaries of every bound, the plain, the empty, the long."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from types import MappingProxyType

from accord.document import Json
from accord.strategies.drawing import few
from accord.strategies.merging import matches
from accord.strategies.scalars import text

ANY = ("string", "integer", "number", "boolean", "object", "array", "null")
"""The types of a value whose schema names none."""

_FEW_TYPES = 4

LONGEST = 70_000
"""Characters of the longest text that is sent for a bound's sake."""

_TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date-time": (
            *("2026-01-15T09:30:00Z", "2024-02-29T23:59:59.999+05:30", "1969-12-31T00:00:00-08:00"),
            *("9999-12-31T23:59:59Z", "2026-01-15t09:30:00z", "2026-01-15T23:30:00+14:00"),
        ),
        "date": ("2026-01-15", "2024-02-29", "0001-01-01", "9999-12-31"),
        "time": ("09:30:00Z", "23:59:59.5+05:30"),
        "duration": ("PT1M", "P1Y2M3DT4H5M6S", "P2W"),
        "email": ("someone@example.com", "a.b+c@sub.example.org", "a@localhost"),
        "idn-email": ("someone@example.com", "ü@example.com"),
        "hostname": ("example.com", "localhost", "xn--bcher-kva.example"),
        "idn-hostname": ("example.com", "bücher.example"),
        "ipv4": ("192.0.2.1", "127.0.0.1", "255.255.255.255"),
        "ipv6": ("2001:db8::1", "::", "::ffff:192.0.2.1"),
        "uri": ("https://example.com/", "urn:a:b", "http://[::1]:80/a%20b?c=d#e"),
        "uri-reference": ("/", "a/b?c#d", "//example.com"),
        "iri": ("https://example.com/", "https://example.com/é"),
        "iri-reference": ("/", "/é"),
        "uuid": ("6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11", "6F1C1B3E-8F0A-4C59-9D52-0F4F7F5B2A11"),
        "uri-template": ("/{id}", "/"),
        "json-pointer": ("", "/a~1b/0"),
        "relative-json-pointer": ("0", "1/a", "0#"),
        "regex": (".*", "^a|b$"),
        "byte": ("", "YQ==", "////"),
    }
)
"""Texts of each format, the plainest first, then those that a careless reader refuses."""

_COUNTED = re.compile(r"(?<!\\)\{(\d{1,3}),(\d{1,3})\}")
"""How often a part of a pattern may be, with both bounds."""

_Named = Iterator[tuple[str, Json]]


def told(schema: Json) -> list[Json]:
    """What the author wrote as examples and default."""
    if not isinstance(schema, Mapping):
        return []
    examples = schema.get("examples", [])
    return [*examples, *([schema["default"]] if "default" in schema else [])]


def scalars(kind: str, keywords: Mapping[str, Json]) -> _Named:
    """Name and value of each partition of `kind`, the plainest first; some may not be valid under every keyword.

    Where nearly every type may stand, two of each are enough.
    """
    found = _scalars(kind, keywords)
    yield from islice(found, 2) if len(keywords.get("type", ANY)) > _FEW_TYPES else found


def _scalars(kind: str, keywords: Mapping[str, Json]) -> _Named:
    if kind == "null":
        yield "null", None
    elif kind == "boolean":
        yield from (("true", True), ("false", False))
    elif kind == "string":
        yield from _texts(keywords)
    else:
        yield from _numbers(kind, keywords)


def _texts(keywords: Mapping[str, Json]) -> _Named:
    least, most = int(keywords.get("minLength", 0)), int(keywords.get("maxLength", LONGEST))
    pattern, form = keywords.get("pattern"), keywords.get("format")
    if pattern is not None or (form is not None and form not in {"password", "binary"}):
        known = _TEXTS.get(form, ()) if isinstance(form, str) else ()
        if pattern is not None or not known:
            known = _of_pattern(pattern, form, least, most if "maxLength" in keywords else None)
        yield from ((f"text {_shown(value)}" if value else "empty text", value) for value in known)
        return
    plain = "text".ljust(least, "x")[: max(most, 0)]
    yield "plain text", plain
    for length, name in ((0, "empty text"), (1, "one character")):
        if least <= length <= most:
            yield name, "a"[:length]
    for length, name in ((least, "shortest text"), (least + 1, "text of one more"), (most - 1, ""), (most, "longest")):
        bound = "maxLength" if length >= most - 1 else "minLength"
        if bound in keywords and least <= length <= min(most, LONGEST):
            yield name or "text of one less", (plain * (length // max(len(plain), 1) + 1))[:length]


@functools.lru_cache(maxsize=2048)
def _of_pattern(pattern: str | None, form: str | None, least: int, most: int | None) -> tuple[str, ...]:
    drawn = few(text(least, most, pattern=pattern, format=form), 4)
    return tuple(dict.fromkeys((*drawn, *_of_bounds(pattern or "", form, least, most))))


def _of_bounds(pattern: str, form: str | None, least: int, most: int | None) -> Iterator[str]:
    """Texts of `pattern` with each part as often as it may be, and as seldom."""
    for bound in (2, 1):
        narrowed = _COUNTED.sub(lambda found, bound=bound: f"{{{found[bound]}}}", pattern)  # type: ignore[misc]
        if narrowed != pattern:
            drawn = few(text(least, most, pattern=narrowed, format=form), 1)
            yield from (value for value in drawn if matches(pattern, value))


def _numbers(kind: str, keywords: Mapping[str, Json]) -> _Named:
    step = Fraction(str(keywords.get("multipleOf", 1)))
    bits = {"int32": 31, "int64": 63}.get(str(keywords.get("format")))
    for keyword, sign in (("minimum", 1), ("exclusiveMinimum", 1), ("maximum", -1), ("exclusiveMaximum", -1)):
        if keyword in keywords:
            bound = Fraction(str(keywords[keyword]))
            near = (bound / step).__ceil__() if sign > 0 else (bound / step).__floor__()
            for shift in (0, 1, 2):
                yield from _number(kind, (near + sign * shift) * step)
    yield from (item for count in (1, 0, -1, 2) for item in _number(kind, count * step))
    if kind == "number":
        yield from _number(kind, step / 2 if "multipleOf" not in keywords else step * 3)
    if bits:
        yield from (item for edge in (2**bits - 1, -(2**bits)) for item in _number(kind, Fraction(edge)))


def _number(kind: str, value: Fraction) -> _Named:
    if value.denominator == 1:
        yield str(int(value)), int(value)
    elif kind == "number":
        yield str(float(value)), float(value)


def _shown(value: str) -> str:
    shown = json.dumps(value)
    return shown if len(shown) <= 24 else shown[:23] + "…"  # noqa: PLR2004  half a column
