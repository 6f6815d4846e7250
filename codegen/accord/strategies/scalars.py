"""Strategies for numbers and text: bounds go into the strategy's arguments, filters stand where nothing else can."""

import base64
import functools
import math
import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from accord.schemas.formats import examples, is_format
from accord.schemas.patterns import ANY, Pattern, compile_pattern, found, widths
from accord.strategies.classes import plain_classes

_ROOM = 12
"""Characters, items or properties above the fewest that are drawn when nothing says how many: examples stay small."""

LONG = 1000
"""Above so many characters, items or properties Hypothesis is not asked for each: it could not hold them all."""

_SAFE = 2**53 - 1
_CLASS_REPEATED = re.compile(r"\\A(\[(?:[^\\\]]|\\.)+\])(\*|\+|\{(\d+)(,?)(\d*)\})?\\Z")
_REPEATED = re.compile(r"\\.|\[(?:[^\\\]]|\\.)*\]|(?P<endless>(?:[*+]|\{[0-9]+,\})\??)", re.DOTALL)
_ALPHABET = st.characters(codec="utf-8")


def integers(
    minimum: float | None = None, maximum: float | None = None, *, multiple_of: float = 1
) -> SearchStrategy[int]:
    """Whole numbers between inclusive bounds; multiples of `multiple_of` alone."""
    step = Fraction(str(multiple_of))
    step = Fraction(step.numerator)  # the least whole multiple of a fraction in lowest terms
    low = None if minimum is None else math.ceil(Fraction(str(minimum)) / step)
    high = None if maximum is None else math.floor(Fraction(str(maximum)) / step)
    if low is not None and high is not None and low > high:
        return st.nothing()
    if low is None and high is None:
        low, high = -_SAFE // step.numerator, _SAFE // step.numerator
    drawn = st.integers(low, high)
    return drawn if step == 1 else drawn.map(lambda number: number * step.numerator)


def numbers(
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
    multiple_of: float | None = None,
    fractions: bool = True,
) -> SearchStrategy[Any]:
    """Numbers between inclusive (`minimum`, `maximum`) and exclusive (`above`, `below`) bounds."""
    low = _tighter(minimum, above, upward=True)
    high = _tighter(maximum, below, upward=False)
    whole = integers(low, high, multiple_of=multiple_of or 1)
    if not fractions:
        return whole
    if multiple_of is not None:
        step = Fraction(str(multiple_of))
        exact = _multiples(step, _tightest(max, minimum, above), _tightest(min, maximum, below), (above, below))
        return whole | exact if step.denominator != 1 else whole
    return whole | _floats(minimum, maximum, above, below)


def _tightest(
    choose: Callable[[Iterable[float]], float], inclusive: float | None, exclusive: float | None
) -> float | None:
    known = [bound for bound in (inclusive, exclusive) if bound is not None]
    return choose(known) if known else None


def _tighter(inclusive: float | None, exclusive: float | None, *, upward: bool) -> float | None:
    if exclusive is None:
        return inclusive
    exact = Fraction(str(exclusive))
    beyond = math.floor(exact) + 1 if upward else math.ceil(exact) - 1
    return beyond if inclusive is None else (max if upward else min)(inclusive, beyond)


def _multiples(
    step: Fraction, low: float | None, high: float | None, excluded: tuple[float | None, float | None]
) -> SearchStrategy[float]:
    first = -1000 if low is None else math.ceil(Fraction(str(low)) / step)
    last = first + 2000 if high is None else math.floor(Fraction(str(high)) / step)
    drawn = st.nothing() if first > last else st.integers(first, last).map(lambda count: float(count * step))
    told = float(step)  # who divides in floating point has to find a multiple too, which 36287.99 of 0.01 is not
    return drawn.filter(lambda number: number not in excluded and (number / told).is_integer())


def _floats(
    minimum: float | None, maximum: float | None, above: float | None, below: float | None
) -> SearchStrategy[float]:
    low, high = _tightest(max, minimum, above), _tightest(min, maximum, below)
    drawn = st.floats(
        None if low is None else float(low),
        None if high is None else float(high),
        allow_nan=False,
        allow_infinity=False,
        exclude_min=low is not None and low == above,
        exclude_max=high is not None and high == below,
    ).filter(lambda number: (low is None or number >= low) and (high is None or number <= high))
    try:
        drawn.validate()
    except InvalidArgument:  # bounds that leave no float between them
        return st.nothing()
    return drawn


def text(
    minimum: int = 0,
    maximum: int | None = None,
    *,
    pattern: str | None = None,
    format: str | None = None,  # noqa: A002  JSON Schema's word
) -> SearchStrategy[str]:
    """Text of some length in characters, of a format, or with an ECMA-262 pattern found in it."""
    if maximum is not None and maximum < minimum:
        return st.nothing()
    compiled = None if pattern is None else compile_pattern(pattern)
    if compiled is not None:
        drawn = _like(compiled, minimum, maximum)
        return drawn if format is None else drawn.filter(lambda value: is_format(format, value))
    if format is not None and format in _FORMATS:
        return _sized(_FORMATS[format](), minimum, maximum)
    if format is not None and examples(format):
        return _sized(st.sampled_from(examples(format)), minimum, maximum)
    return _plain(minimum, maximum)


@functools.lru_cache(maxsize=512)
def _plain(minimum: int, maximum: int | None) -> SearchStrategy[str]:
    return _run(_ALPHABET, minimum, minimum + _ROOM if maximum is None else min(maximum, minimum + _ROOM))


def _run(alphabet: Any, fewest: int, most: int) -> SearchStrategy[str]:
    """Text of characters of `alphabet`."""
    if fewest > LONG:
        return st.text(alphabet, min_size=1, max_size=_ROOM).map(functools.partial(repeated, fewest))
    return st.text(alphabet, min_size=fewest, max_size=most)


def repeated(length: int, own: Any) -> Any:
    """`own`, a text or a list that is not empty, over and over again until it is `length` long."""
    return (own * (length // len(own) + 1))[:length]


def _sized(drawn: SearchStrategy[str], minimum: int, maximum: int | None) -> SearchStrategy[str]:
    if not minimum and maximum is None:
        return drawn
    return drawn.filter(lambda value: minimum <= len(value) and (maximum is None or len(value) <= maximum))


@functools.lru_cache(maxsize=512)
def _like(pattern: Pattern, minimum: int, maximum: int | None) -> SearchStrategy[str]:
    least, _ = widths(pattern.translated)
    if maximum is not None and least > maximum:
        return st.nothing()
    simple, fewest = _CLASS_REPEATED.fullmatch(pattern.translated), 0
    translated = pattern.translated
    if simple:
        fewest, most = _repeats(simple, minimum, maximum)
        if fewest > most:
            return st.nothing()
        translated = f"{simple[1]}{{{fewest},{most}}}" if fewest <= LONG else f"{simple[1]}{{1,{_ROOM}}}"
    elif least < minimum <= LONG:
        translated = _grown(translated, minimum, maximum)
    translated = plain_classes(translated)
    try:
        drawn = st.from_regex(re.compile(translated), fullmatch=True, alphabet=_ALPHABET)
        drawn.validate()
    except (re.error, OverflowError, RecursionError, InvalidArgument):
        drawn = _plain(minimum, maximum)
    if fewest > LONG:
        drawn = drawn.map(functools.partial(repeated, fewest))
    elif not simple and not (translated.startswith(r"\A") and translated.endswith(r"\Z")):
        drawn = _padded(drawn, max(0, minimum - least), maximum, ahead=translated.endswith(r"\Z"))
    return _sized(drawn.filter(lambda value: found(pattern, value)), minimum, maximum)


def _grown(translated: str, minimum: int, maximum: int | None) -> str:
    """A pattern with one of its endless repetitions counted: what it matches is long enough, where that can be."""
    for place in _REPEATED.finditer(translated):
        if place["endless"] is None:
            continue
        head, tail = translated[: place.start()], translated[place.end() :]
        (least, most), (longer, longest) = (widths(f"{head}{{{count}}}{tail}") for count in (1, 2))
        step = longest - most if longest < ANY else longer - least
        if step > 0:
            count = 1 + max(0, math.ceil((minimum - (most if longest < ANY else least)) / step))
            counted = f"{head}{{{count},{count + _ROOM // step}}}{tail}"
            if maximum is None or widths(counted)[0] <= maximum:
                return counted
    return translated


def _padded(drawn: SearchStrategy[str], fewest: int, maximum: int | None, *, ahead: bool) -> SearchStrategy[str]:
    """What is `drawn` for a pattern that leaves an end open, longer there by `fewest` characters or more."""

    def longer(own: str, pad: str) -> str:
        more = pad if maximum is None else pad[: max(0, maximum - len(own))]
        return more + own if ahead else own + more

    alphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
    return st.builds(longer, drawn, _run(alphabet, fewest, fewest + _ROOM))


def _repeats(simple: re.Match[str], minimum: int, maximum: int | None) -> tuple[int, int]:
    fewest = 0 if simple[2] == "*" else 1
    most = 1 if simple[2] is None else fewest + _ROOM + minimum
    if simple[3]:
        fewest = int(simple[3])
        most = int(simple[5]) if simple[5] else (fewest + _ROOM + minimum if simple[4] else fewest)
    fewest = max(fewest, minimum)
    return fewest, min(most, fewest + _ROOM if maximum is None else min(maximum, max(fewest, minimum) + _ROOM))


def _moments() -> SearchStrategy[str]:
    zones = st.sampled_from(("Z", "Z", "+00:00", "-08:00", "+05:30"))
    return st.builds(lambda moment, zone: moment.isoformat() + zone, st.datetimes(), zones)


def _regular(pattern: str) -> Callable[[], SearchStrategy[str]]:
    return lambda: st.from_regex(re.compile(pattern), fullmatch=True)


_HOST = r"[a-z][a-z0-9]{0,5}(?:-[a-z0-9]{1,3})?(?:\.[a-z]{2,4})"
_FORMATS: Mapping[str, Callable[[], SearchStrategy[str]]] = MappingProxyType(
    {
        "date-time": _moments,
        "date": lambda: st.dates().map(lambda day: day.isoformat()),
        "time": lambda: st.builds(lambda moment: moment.isoformat() + "Z", st.times()),
        "duration": _regular(r"P(?:[1-9]Y|[1-9]M|[1-9][0-9]?D|[1-9]W|T[1-9]H|[1-9]DT[1-9]H|T[1-9]M|T[1-9][0-9]?S)"),
        "email": _regular(rf"[a-z][a-z0-9._+-]{{0,6}}[a-z0-9]@{_HOST}".replace("._", "_")),
        "idn-email": _regular(rf"[a-zü][a-z0-9ü]{{0,6}}@{_HOST}"),
        "hostname": _regular(_HOST),
        "idn-hostname": _regular(rf"(?:b[uü]cher\.)?{_HOST}"),
        "ipv4": lambda: st.ip_addresses(v=4).map(str),
        "ipv6": lambda: st.ip_addresses(v=6).map(str),
        "uri": _regular(rf"https?://{_HOST}(?:/[a-z0-9~]{{0,4}}){{0,2}}(?:\?[a-z]=[0-9])?(?:#[a-z]{{1,3}})?"),
        "uri-reference": _regular(rf"(?:https://{_HOST})?(?:/[a-z0-9~]{{1,4}}){{0,2}}(?:\?[a-z]=[0-9])?"),
        "iri": _regular(rf"https://{_HOST}(?:/[a-zé]{{0,4}}){{0,2}}"),
        "iri-reference": _regular(rf"(?:https://{_HOST})?(?:/[a-zé]{{1,4}}){{0,2}}"),
        "uuid": lambda: st.uuids().map(str),
        "uri-template": _regular(rf"https://{_HOST}/(?:[a-z]{{1,3}}|\{{[a-z]{{1,3}}\}})"),
        "json-pointer": _regular(r"(?:/(?:[a-z0-9]|~0|~1){0,4}){0,3}"),
        "relative-json-pointer": _regular(r"(?:0|[1-9])(?:#|(?:/[a-z]{0,3}){0,2})"),
        "regex": lambda: st.sampled_from(("", "a", "^[a-z]+$", r"\d{2}", "(?:a|b)*")),
        "byte": lambda: st.binary(max_size=_ROOM).map(lambda raw: base64.b64encode(raw).decode()),
        "binary": lambda: st.text(st.characters(max_codepoint=127), max_size=_ROOM),
    }
)
"""Strategies of the formats of JSON Schema 2020-12 and OpenAPI; every value drawn has its format."""
