"""The smallest steps outside one keyword: other types, near misses of members, bounds passed by one, mangled text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import islice, zip_longest
from types import MappingProxyType

from hypothesis import strategies as st

from accord.document import Json
from accord.messages.encoding import to_text
from accord.schemas import kinds
from accord.schemas.formats import is_known
from accord.strategies import misformed
from accord.strategies.containers import Strategy, names
from accord.strategies.merging import key_of, matches

_LONG = 10_000
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
_Make = Callable[[], Strategy]
_Near = Callable[[Json], Iterable[Json]]


def other_types(missing: list[str], valid: Strategy) -> Strategy:
    """Values of the types in `missing`: the plainest, and a valid value written as text."""
    plain = st.sampled_from([value for kind in missing for value in _PLAIN[kind]])
    if "string" not in missing or valid.is_empty:
        return plain
    return plain | valid.map(lambda value: to_text(value) if isinstance(value, str) else json.dumps(value))


def near_types(missing: list[str], valid: Json) -> list[Json]:
    """Values of the types in `missing`, the most telling first: null, `valid` in another spelling, the plainest."""
    respelt = _respelt(valid)
    blank = ["", "null"] if "null" not in missing else []  # what a client writes for nothing, where null may stand
    near: list[Json] = [None, *respelt[:2], *blank, *respelt[2:]]
    if "array" in missing:
        near.append([valid])
    if "object" in missing:
        near.append({"value": valid})
    near += [value for kind in missing for value in _PLAIN[kind]]
    fitting = {key_of(value): value for value in near if _is_of(value, missing)}
    return list(fitting.values())


def _is_of(value: Json, missing: list[str]) -> bool:
    kind = kinds.kind(value)
    return kind in missing or (kind == "integer" and "number" in missing and "integer" in missing)


def _respelt(valid: Json) -> list[Json]:
    """`valid` as a client in a hurry writes it: a number or boolean as text, a boolean as a number, and back."""
    if isinstance(valid, bool):
        return [
            json.dumps(valid),
            int(valid),
            json.dumps(valid).capitalize(),
            "yes" if valid else "no",
            "on",
            str(int(valid)),
        ]
    if isinstance(valid, int | float):
        return [json.dumps(valid), True, f" {json.dumps(valid)}", f"{json.dumps(valid)}.0", float(valid) + 0.5]
    if isinstance(valid, str):
        return [1, True, 0, False]
    if isinstance(valid, list):
        return [
            valid[0] if valid else "",
            {"0": valid[0]} if valid else {},
            to_text(valid),
            ",".join(map(to_text, valid)),
        ]
    return [to_text(valid), [valid], list(valid)] if isinstance(valid, dict) else ["null", "", 0, False]


def near_members(members: tuple[Json, ...]) -> list[Json]:
    """Near misses of the members of an enumeration: other case, padding, a suffix, another type."""
    known = set(map(key_of, members))
    forms = [_misspelt(text) for text in members if isinstance(text, str)]
    near = [*_each_once(forms, known), *(value for turn in zip_longest(*forms) for value in turn if value is not None)]
    near += [to_text(member) for member in members if not isinstance(member, str)]
    near += [member + 1 for member in members if isinstance(member, int) and not isinstance(member, bool)]
    near = [*(not member for member in members if isinstance(member, bool)), *near]
    near = [*near[:2], None, "", *near[2:6], 0, [members[0]], *near[6:], "undeclared", True, [], {}]
    options = {key_of(value): value for value in near if key_of(value) not in known}
    return list(options.values())


def _each_once(forms: list[list[Json]], known: set[str]) -> Iterator[Json]:
    """Each way to misspell once, of one member after the other, where what comes of it is no member."""
    for at in range(max(map(len, forms), default=0)):
        turned = [forms[(at + step) % len(forms)] for step in range(len(forms))]
        made = (each[at] for each in turned if at < len(each) and key_of(each[at]) not in known)
        yield from islice(made, 1)


def _misspelt(text: str) -> list[Json]:
    return [
        text.upper() if text != text.upper() else text.lower(),
        f"{text} ",
        text.capitalize(),
        f" {text}",
        f"{text}s",
        text[:-1],
        *_rejoined(text),
        f"{text}\n",
    ]


def _rejoined(text: str) -> list[str]:
    """`text` with its words joined otherwise, and its letters in the other case."""
    return [*(_joined(text, mark) for mark in "-_ "), _camel(text), text.swapcase()]


def _joined(text: str, mark: str) -> str:
    return mark.join(re.split(r"[_\-\s]+", text))


def _camel(text: str) -> str:
    first, *rest = re.split(r"[_\-\s]+", text)
    return first + "".join(map(str.capitalize, rest))


def numbers(keywords: Mapping[str, Json], *, whole: bool) -> Iterator[tuple[str, list[Json]]]:
    """By keyword, numbers just past each bound, and off each multiple."""
    step = Fraction(str(keywords.get("multipleOf", 1)))
    for keyword, sign in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", -1), ("exclusiveMaximum", 1)):
        if keyword in keywords:
            bound = Fraction(str(keywords[keyword]))
            shifts = (0, 1, 2, 1000) if keyword.startswith("exclusive") else (1, 2, 1000)
            values: list[Json] = [_number(bound + sign * shift * step, whole=whole) for shift in shifts]
            if not whole and step == 1:
                values.append(float(bound + Fraction(sign, 2)))
            if isinstance(keywords[keyword], float):
                values += [keywords[keyword], keywords[keyword] + sign * abs(keywords[keyword])]
            yield keyword, values
    if keywords.get("format") in {"int32", "int64"}:
        edge = 2 ** (31 if keywords["format"] == "int32" else 63)
        yield "format", [edge, -edge - 1, edge * 2]
    if "multipleOf" in keywords:
        around = Fraction(str(keywords.get("minimum", keywords.get("exclusiveMinimum", 0))))
        base = (around / step).__ceil__() * step + step
        off = [_number(base + shift, whole=whole) for shift in (step / 2, Fraction(1), -step / 2, step / 10)]
        yield "multipleOf", off


def _number(value: Fraction, *, whole: bool) -> int | float:
    if value.denominator == 1:
        return int(value)
    return round(value) if whole else float(value)


def texts(keywords: Mapping[str, Json], valid: _Make) -> Iterator[tuple[str, _Make, _Near]]:
    """By keyword, text too short, too long, without its pattern, not of its format: drawn, and near a valid one."""
    shortest = int(keywords.get("minLength", 0))
    if shortest > 0:
        short = partial(_shorter, shortest)
        yield "minLength", lambda: valid().map(lambda text: short(text)[0]), short
    if "maxLength" in keywords:
        long = partial(_longer, int(keywords["maxLength"]))
        yield "maxLength", lambda: valid().map(lambda text: long(text)[0]), long
    if "pattern" in keywords:
        pattern = keywords["pattern"]
        yield (
            "pattern",
            partial(_mangled, pattern, valid),
            lambda text: [bad for shape in _SHAPES if not matches(pattern, bad := shape(text))],
        )
    name = keywords.get("format")
    if isinstance(name, str) and is_known(name) and name not in {"binary", "password", "int32", "int64"}:
        yield "format", partial(misformed.drawn, name, valid), partial(misformed.near, name)


def _shorter(shortest: int, text: str) -> list[str]:
    return list(dict.fromkeys((text[: shortest - 1], "", " " * (shortest - 1))))


def _longer(longest: int, text: str) -> list[str]:
    filled = (text + (text or "0") * (longest + 1))[: longest + 1]
    ahead = ["a" * (longest + 1 - len(text)) + text] if "@" in text or ":" in text else []  # which keeps its format
    return [*ahead, filled, filled[:longest] + " ", *([filled + "x" * 1000] if longest < _LONG else [])]


_DIGITS = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))
"""Digits of another script, which many an expression takes for those of ours."""

_SHAPES: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text}\n",
    lambda text: f"{text}!",
    lambda text: f" {text}",
    lambda _text: "",
    str.swapcase,
    lambda text: text.translate(_DIGITS),
    lambda text: text[:-1],
    lambda text: f"!{text}",
    lambda text: f"{text}\0",
    lambda text: text[1:],
    lambda text: text + text,
    lambda _text: "0",
    lambda _text: " ",
    lambda _text: "!",
    lambda _text: "a",
)
"""Ways to spoil a text: those first that an expression without anchors overlooks."""


def _mangled(pattern: str, valid: _Make) -> Strategy:
    drawn = valid()
    texts_ = st.just("a") if drawn.is_empty else drawn
    return st.builds(lambda shape, text: shape(text), st.sampled_from(_SHAPES), texts_).filter(
        lambda text: not matches(pattern, text)
    )


def undeclared(base: _Make, declared: tuple[str, ...]) -> Strategy:
    """Objects with one name more than is declared: a plain one, or a near miss of a declared one."""
    drawn = st.sampled_from(_free_names(declared)) | names().filter(lambda name: name not in declared)
    values: Strategy = st.sampled_from((None, "", 0, True, [], {}))
    return st.builds(lambda value, name, extra: {**value, name: extra}, base(), drawn, values)


def near_names(declared: tuple[str, ...], valid: Json) -> list[Json]:
    """`valid` with one name more, and with one of its names misspelt."""
    found: list[Json] = []
    for name in _free_names(declared):
        meant = next((other for other in declared if name.lower().strip() == other.lower()), None)
        found.append({**valid, name: valid.get(meant, "text")})
    return found


def _free_names(declared: tuple[str, ...]) -> list[str]:
    forms: tuple[Callable[[str], str], ...] = (
        str.upper,
        lambda name: f"{name}s",
        str.capitalize,
        lambda name: f" {name}",
        lambda name: _joined(name, "-"),
        _camel,
        lambda name: name[:-1],
        lambda name: f"{name} ",
        lambda name: f"{name}[]",
    )
    near = [form(name) for form in forms for name in declared[:8]]
    return [
        name
        for name in dict.fromkeys(("undeclared", *near[:2], "_undeclared", *near[2:], "", "id", "__proto__"))
        if name not in declared
    ]


def near_keys(bad: Callable[[str], bool], value: Json) -> list[Json]:
    """`value` with its first name spoilt, so that `bad` holds of it; what it names stays; nothing of no object."""
    if not isinstance(value, dict) or not value:
        return []
    name, held = next(iter(value.items()))
    rest = {other: part for other, part in value.items() if other != name}
    spoilt = dict.fromkeys(shape(name) for shape in (str.upper, *_SHAPES))
    return [{**rest, other: held} for other in spoilt if other not in rest and bad(other)]


def without(name: str, valid: Json) -> list[Json]:
    """`valid` without the property `name`."""
    return [{key: item for key, item in valid.items() if key != name}]


def fewer_items(fewest: int, valid: Json) -> list[Json]:
    """`valid` with one item less than `fewest`, and with none."""
    return [valid[: fewest - 1], []]


def more_items(size: int, valid: Json) -> list[Json]:
    """`valid` with `size` items, each there before or a number."""
    known = set(map(key_of, valid))
    fresh = [f"text{at}" for at in range(size) if key_of(f"text{at}") not in known]
    return [(valid * size)[:size], [*valid, *fresh][:size]] if valid else [fresh[:size], list(range(size))]


def twice(valid: Json) -> list[Json]:
    """`valid` with its first item once more."""
    return [[*valid, valid[0]], [valid[0], valid[0]]] if valid else [["text", "text"], [0, 0], [True, True], [{}, {}]]
