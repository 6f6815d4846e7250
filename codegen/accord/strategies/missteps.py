"""The smallest steps outside one keyword: other types, near misses of members, bounds passed by one, mangled text."""

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from hypothesis import strategies as st

from accord.document import Json
from accord.encoding import to_text
from accord.formats import is_format, is_known
from accord.strategies.containers import Strategy, names
from accord.strategies.merging import key_of, matches

_PLAIN: Mapping[str, tuple[Json, ...]] = MappingProxyType(
    {
        "null": (None,),
        "boolean": (True, False),
        "integer": (0, 1),
        "number": (0.5,),
        "string": ("", "0", "true", "null"),
        "array": ([], [None]),
        "object": ({}, {"0": None}),
    }
)
_BAD_FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date-time": (
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00+0530",
        ),
        "date": ("2026-02-30", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z"),
        "time": ("24:00:00Z", "12:00", "12:60:00Z", "12:00:00"),
        "email": ("a", "@", "a@", "@b.example", "a b@c.example", "a@b..example"),
        "uuid": ("00000000-0000-0000-0000-00000000000", "0000000000000000000000000000000g"),
        "uri": ("a", "//a", "http://a b", "http://[::1", "%"),
        "ipv4": ("256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4"),
        "ipv6": (":::", "12345::", "1::2::3"),
        "hostname": ("-a", "a_b", "a..b"),
        "byte": ("a", "a===", "*"),
        "regex": ("(", "[", "*"),
        "json-pointer": ("a", "/~2"),
        "duration": ("P", "1D", "PT"),
    }
)
_Item = tuple[str, str, Callable[[], Strategy]]


def other_types(missing: list[str], valid: Strategy) -> Strategy:
    """Values of the types in `missing`: the plainest, and a valid value written as text."""
    plain = st.sampled_from([value for kind in missing for value in _PLAIN[kind]])
    if "string" not in missing or valid.is_empty:
        return plain
    return plain | valid.map(lambda value: to_text(value) if isinstance(value, str) else json.dumps(value))


def near_members(members: tuple[Json, ...]) -> Strategy:
    """Near misses of the members of an enumeration: other case, padding, a suffix, another type."""
    known = set(map(key_of, members))
    texts = [member for member in members if isinstance(member, str)]
    near: list[Json] = []
    for text in texts:
        near += [text.upper(), text.capitalize(), f" {text}", f"{text} ", f"{text}s", text[:-1], text.replace("_", "-")]
    near += [to_text(member) for member in members if not isinstance(member, str)]
    near += ["", "0", None, 0, True, [], {}]
    near += [[member] for member in members[:1]]
    options = {key_of(value): value for value in near if key_of(value) not in known}
    return st.sampled_from(list(options.values()))


def numbers(keywords: Mapping[str, Json], pointer: str, *, whole: bool) -> Iterator[_Item]:
    """Numbers just past each bound, and off each multiple."""
    step = Fraction(str(keywords.get("multipleOf", 1)))
    for keyword, sign in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", -1), ("exclusiveMaximum", 1)):
        if keyword in keywords:
            bound = Fraction(str(keywords[keyword]))
            shifts = (0, 1, 2) if keyword.startswith("exclusive") else (1, 2)
            values = [_number(bound + sign * shift * step, whole=whole) for shift in shifts]
            if not whole and step == 1:
                values.append(float(bound + Fraction(sign, 2)))
            if isinstance(keywords[keyword], float):
                values += [keywords[keyword], keywords[keyword] + sign * abs(keywords[keyword])]
            yield keyword, pointer, partial(st.sampled_from, values)
    if keywords.get("format") in {"int32", "int64"}:
        edge = 2 ** (31 if keywords["format"] == "int32" else 63)
        yield "format", pointer, partial(st.sampled_from, [edge, -edge - 1, edge * 2])
    if "multipleOf" in keywords:
        around = Fraction(str(keywords.get("minimum", keywords.get("exclusiveMinimum", 0))))
        base = (around / step).__ceil__() * step + step
        off = [_number(base + shift, whole=whole) for shift in (step / 2, Fraction(1), -step / 2, step / 10)]
        yield "multipleOf", pointer, partial(st.sampled_from, off)


def _number(value: Fraction, *, whole: bool) -> int | float:
    if value.denominator == 1:
        return int(value)
    return round(value) if whole else float(value)


def texts(keywords: Mapping[str, Json], pointer: str, valid: Callable[[], Strategy]) -> Iterator[_Item]:
    """Text too short, too long, without its pattern, not of its format."""
    shortest = int(keywords.get("minLength", 0))
    if shortest > 0:
        yield "minLength", pointer, lambda: valid().map(lambda text: text[: shortest - 1])
    if "maxLength" in keywords:
        longest = int(keywords["maxLength"])
        yield (
            "maxLength",
            pointer,
            lambda: valid().map(lambda text: (text + (text or "0") * (longest + 1))[: longest + 1]),
        )
    if "pattern" in keywords:
        yield "pattern", pointer, partial(_mangled, keywords["pattern"], valid)
    name = keywords.get("format")
    if isinstance(name, str) and is_known(name) and name not in {"binary", "password", "int32", "int64"}:
        yield "format", pointer, partial(_misformed, name, valid)


def _mangled(pattern: str, valid: Callable[[], Strategy]) -> Strategy:
    shapes: tuple[Callable[[str], str], ...] = (
        lambda _text: "",
        lambda _text: "0",
        lambda _text: " ",
        lambda _text: "!",
        lambda _text: "a",
        lambda text: f"{text}\n",
        lambda text: f" {text}",
        lambda text: f"{text}!",
        lambda text: text[:-1],
        str.swapcase,
    )
    drawn = valid()
    texts_ = st.just("a") if drawn.is_empty else drawn
    return st.builds(lambda shape, text: shape(text), st.sampled_from(shapes), texts_).filter(
        lambda text: not matches(pattern, text)
    )


def _misformed(name: str, valid: Callable[[], Strategy]) -> Strategy:
    fixed = [text for text in ("", "0", " ", *_BAD_FORMATS.get(name, ())) if not is_format(name, text)]
    padded = valid().map(lambda text: f"{text} ").filter(lambda text: not is_format(name, text))
    return st.sampled_from(fixed) | padded if fixed else padded


def undeclared(base: Callable[[], Strategy], declared: tuple[str, ...]) -> Strategy:
    """Objects with one name more than is declared: a plain one, or a near miss of a declared one."""
    near = [form for name in declared[:8] for form in (name.upper(), f"{name}s", f" {name}", name.replace("_", "-"))]
    free = [name for name in dict.fromkeys(("undeclared", *near, "")) if name not in declared]
    drawn = st.sampled_from(free) | names().filter(lambda name: name not in declared)
    values: Strategy = st.sampled_from((None, "", 0, True, [], {}))
    return st.builds(lambda value, name, extra: {**value, name: extra}, base(), drawn, values)
