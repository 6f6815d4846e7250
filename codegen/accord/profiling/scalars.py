"""Scalars: the texts, numbers and truths of a column into a place, in little more time than it takes to look at them.

Most columns show what was seen before. So each of these functions first asks whether all values, or all lengths, are
known, and does the rest for new ones alone.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from accord.profiling import profile
from accord.profiling.profile import EXACT, Place, Span
from accord.schemas.formats import TEXT
from accord.schemas.subsets import FORMATS
from accord.validity.columns import Column

Take: TypeAlias = Callable[[Column], None]
"""Observes a column that is not empty."""

_MOST_LENGTHS = 1000
_BOTH = 2
_LARGEST = 1.7976931348623157e308
_ORDINARY: Mapping[str, Any] = MappingProxyType({name: re.compile(form).match for name, form in FORMATS.items()})


def texts(place: Place, known: str) -> Take:
    """A function that observes texts which all have format `known`, where that is one."""
    types, told = place.types, ((), (known,))
    lengths = lengthened(lambda least, most: _lengthen(place, least, most))

    def take(column: Column) -> None:
        types["string"] += len(column)
        seen = place.texts
        if seen is None:
            lengths(column)
            if place.formats not in told:
                _narrow(place, column, known)
        elif not seen.issuperset(column):
            new = set(column) - seen
            seen |= new
            lengths(new)
            _narrow(place, new, known)
            if max(map(len, new)) > profile.LONGEST_VALUE or len(seen) > profile.MOST_VALUES:
                place.texts = None

    return take


def _narrow(place: Place, column: Collection[str], known: str) -> None:
    left = profile.formats_left(place)
    place.formats = tuple(name for name in left if name == known or _have_format(name, column))


def _have_format(name: str, column: Collection[str]) -> bool:
    ordinary = _ORDINARY.get(name)
    if ordinary is not None and all(map(ordinary, column)):
        return True
    return all(map(TEXT[name], column))


def lengthened(widen: Callable[[int, int], None]) -> Callable[[Iterable[Any]], None]:
    """A function that calls `widen` with the least and the greatest length of values, where one of them is new."""
    known: set[int] = set()

    def look(column: Iterable[Any]) -> None:
        if known.issuperset(map(len, column)):
            return
        lengths = set(map(len, column))
        widen(min(lengths), max(lengths))
        known.update(lengths)
        if len(known) > _MOST_LENGTHS:
            known.clear()

    return look


def _lengthen(place: Place, least: int, most: int) -> None:
    place.lengths = profile.spanned(place.lengths, Span(least, most))


def numbers(place: Place, python: type) -> Take:
    """A function that observes numbers, all of one type in Python."""
    types = place.types

    def take(column: Column) -> None:
        types["number"] += len(column)
        seen = place.numbers
        if seen is None:
            _measure(place, column, python)
        elif not seen.issuperset(column):
            seen.update(_measure(place, set(column) - seen, python))
            if len(seen) > profile.MOST_VALUES:
                place.numbers = None

    return take


def _measure(place: Place, new: Collection[float], python: type) -> Collection[float]:
    """Observe the least and the greatest of `new` numbers; they come back as a profile has them."""
    least, most = min(new), max(new)
    if not -EXACT <= least <= most <= EXACT:
        new = set(map(_double, new))
        least, most, python = min(new), max(new), float
    span = place.span
    if span is None or least < span.least or most > span.most:
        place.span = profile.spanned(span, Span(least, most))
    if place.whole:
        place.whole = python is int or all(map(float.is_integer, new))
    return new


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return _LARGEST if number > 0 else -_LARGEST


def truths(place: Place) -> Take:
    """A function that observes booleans."""
    types, seen = place.types, place.truths

    def take(column: Column) -> None:
        types["boolean"] += len(column)
        if len(seen) < _BOTH:
            seen.update(column)

    return take


def nulls(place: Place) -> Take:
    """A function that observes nulls."""
    types = place.types

    def take(column: Column) -> None:
        types["null"] += len(column)

    return take
