"""Strategies for arrays, objects and any JSON at all."""

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from accord.document import Json
from accord.strategies.merging import key_of, matches
from accord.strategies.scalars import LONG, repeated, text

_COIN = st.booleans()
_ITEMS = 3
_EXTRAS = 2

Strategy = SearchStrategy[Any]


@functools.cache
def anything() -> Strategy:
    """Any JSON value, small and the plainest first."""
    leaves = (
        st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(codec="utf-8"), max_size=6)
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names(), inner, max_size=2),
        max_leaves=4,
    )


@functools.cache
def names() -> SearchStrategy[str]:
    """Names of properties that nobody declared."""
    return st.text(st.characters(codec="utf-8", categories=("Ll", "Lu", "Nd", "Po")), min_size=1, max_size=6)


def arrays(
    items: Strategy | None = None,
    *,
    prefix: tuple[Strategy, ...] = (),
    minimum: int = 0,
    maximum: int | None = None,
    unique: bool = False,
    contains: Strategy | None = None,
    fewest: int = 1,
    most: int | None = None,
) -> Strategy:
    """Arrays: `prefix` by position, then `items` (None: no more), `fewest` or more of them from `contains`."""
    if items is None or items.is_empty:
        maximum = len(prefix) if maximum is None else min(maximum, len(prefix))
        items = st.nothing()
    needed = max(minimum, fewest if contains is not None else 0)
    longest = max(needed, len(prefix)) + _ITEMS if maximum is None else min(maximum, needed + len(prefix) + _ITEMS)
    if longest < needed or (most is not None and most < fewest and contains is not None):
        return st.nothing()
    if not prefix and contains is None and not unique:
        if minimum > LONG:
            return st.lists(items, min_size=1, max_size=_ITEMS).map(functools.partial(repeated, minimum))
        return st.lists(items, min_size=minimum, max_size=longest)
    if needed > LONG:
        return st.nothing()
    if not prefix and contains is None:
        return _of_different(items, minimum, longest)
    drawn = _by_position(prefix, items, needed, longest, (contains, fewest))
    return drawn.filter(lambda value: len({key_of(item) for item in value}) == len(value)) if unique else drawn


def _of_different(items: Strategy, shortest: int, longest: int) -> Strategy:
    """Arrays whose items all differ; nothing where there are not so many different ones."""
    found = st.lists(items, min_size=shortest, max_size=longest, unique_by=key_of)
    try:
        found.validate()
    except InvalidArgument:
        return st.nothing()
    return found


@st.composite
def _by_position(
    draw: DrawFn,
    prefix: tuple[Strategy, ...],
    items: Strategy,
    shortest: int,
    longest: int,
    containing: tuple[Strategy | None, int],
) -> list[Json]:
    length = draw(st.integers(shortest, longest))
    value = [draw(prefix[index] if index < len(prefix) else items) for index in range(length)]
    contains, fewest = containing
    if contains is not None and fewest:
        places = draw(st.sets(st.integers(0, length - 1), min_size=min(fewest, length), max_size=min(fewest, length)))
        for place in sorted(places):
            value[place] = draw(contains)
    return value


def objects(
    required: Mapping[str, Strategy] | None = None,
    optional: Mapping[str, Strategy] | None = None,
    *,
    patterns: Mapping[str, Strategy] | None = None,
    rest: Strategy | None = None,
    named: SearchStrategy[str] | None = None,
    minimum: int = 0,
    maximum: int | None = None,
    needs: Mapping[str, Iterable[str]] | None = None,
    forbidden: Iterable[str] = (),
) -> Strategy:
    """Objects of `required` and `optional` properties; `rest` gives what other names hold, None that there are none.

    `patterns` gives values by the ECMA-262 pattern of their name, `needs` which names one name brings with it.
    """
    required = dict(required or {})
    optional = {name: drawn for name, drawn in (optional or {}).items() if not drawn.is_empty}
    if any(drawn.is_empty for drawn in required.values()) or (
        maximum is not None and maximum < max(minimum, len(required))
    ):
        return st.nothing()
    if minimum > LONG:
        return st.nothing()
    extras = _extras(patterns or {}, rest, named, {*required, *optional, *forbidden})
    plain = not needs and minimum <= len(required) and (maximum is None or maximum >= len(required) + len(optional))
    if plain and extras is None:
        return _declared(required, optional)
    if plain and maximum is None:
        base = _declared(required, optional)
        return st.builds(lambda own, more: {**more, **own}, base, _some(extras, 0))
    if minimum > len(required) + len(optional) and extras is None:
        return st.nothing()
    return _chosen(
        required, optional, extras, (minimum, maximum), {name: tuple(others) for name, others in (needs or {}).items()}
    )


def _declared(required: dict[str, Strategy], optional: dict[str, Strategy]) -> Strategy:
    """Objects of declared properties; a coin for each optional one, so that each can be lost without the others."""
    if not optional:
        return st.fixed_dictionaries(required)
    return _tossed(tuple(required.items()), tuple(optional.items()))


@st.composite
def _tossed(
    draw: DrawFn, required: tuple[tuple[str, Strategy], ...], optional: tuple[tuple[str, Strategy], ...]
) -> dict[str, Json]:
    value = {name: draw(drawn) for name, drawn in required}
    for name, drawn in optional:
        if draw(_COIN):
            value[name] = draw(drawn)
    return value


def _some(
    extras: SearchStrategy[tuple[str, Json]] | None, fewest: int, most: int | None = None
) -> SearchStrategy[dict[str, Json]]:
    if extras is None or most == 0:
        return st.just({})
    largest = fewest + _EXTRAS if most is None else min(most, fewest + _EXTRAS)
    pairs = st.lists(extras, min_size=fewest, max_size=largest, unique_by=lambda pair: pair[0])
    return pairs.map(dict)


def _extras(
    patterns: Mapping[str, Strategy], rest: Strategy | None, named: SearchStrategy[str] | None, declared: set[str]
) -> SearchStrategy[tuple[str, Json]] | None:
    """Pairs of a name that nobody declared and its value; None when there can be none."""
    options = [
        st.tuples(text(pattern=pattern).filter(lambda name: name not in declared), drawn)
        for pattern, drawn in patterns.items()
        if not drawn.is_empty
    ]
    free_names = names() if named is None else named
    if rest is not None and not rest.is_empty and not free_names.is_empty:
        free = free_names.filter(
            lambda name: name not in declared and not any(matches(pattern, name) for pattern in patterns)
        )
        options.append(st.tuples(free, rest))
    return st.one_of(options) if options else None


@st.composite
def _chosen(
    draw: DrawFn,
    required: Mapping[str, Strategy],
    optional: Mapping[str, Strategy],
    extras: SearchStrategy[tuple[str, Json]] | None,
    bounds: tuple[int, int | None],
    needs: Mapping[str, tuple[str, ...]],
) -> dict[str, Json]:
    """An object whose names are chosen first, so that counts and dependencies hold without trying."""
    minimum, maximum = bounds
    room = len(optional) if maximum is None else min(maximum - len(required), len(optional))
    wanted = min(max(0, minimum - len(required)), room)
    picked: set[str] = set()
    if optional:
        picked = draw(st.sets(st.sampled_from(list(optional)), min_size=wanted, max_size=room))
    value = {name: draw(drawn) for name, drawn in required.items()}
    for name in [name for name in optional if name in picked]:
        value[name] = draw(optional[name])
    _bring(draw, value, optional, needs, extras)
    missing = max(0, minimum - len(value))
    left = None if maximum is None else max(0, maximum - len(value))
    if extras is not None and (missing or (left != 0 and draw(st.booleans()))):
        value = {**draw(_some(extras, missing, left)), **value}
    return value


def _bring(
    draw: DrawFn,
    value: dict[str, Json],
    optional: Mapping[str, Strategy],
    needs: Mapping[str, tuple[str, ...]],
    extras: SearchStrategy[tuple[str, Json]] | None,
) -> None:
    waiting = [other for name in list(value) for other in needs.get(name, ())]
    while waiting:
        name = waiting.pop()
        if name not in value:
            if name in optional:
                value[name] = draw(optional[name])
            elif extras is not None:
                value[name] = draw(extras)[1]
            waiting.extend(needs.get(name, ()))
