"""A value that is refused without a word, changed in one part: left out, left alone, a text of another form."""

import random
from collections.abc import Iterator
from itertools import islice

from accord.document import Json
from accord.fuzzing import hints
from accord.fuzzing.fitting import Place
from accord.fuzzing.mending import below
from accord.validity.asserting import identity

MOST = 40
"""So many changes are made to one value."""

_TEXTS = (*(values[0] for values in hints.FORMS.values()), *hints.CODES)
"""Texts of the forms that are often meant, the commonest first."""


def varied(place: Place, value: Json) -> Iterator[Json]:
    """`value` with each change of one part that the contract allows; nothing of what has no parts but is a text."""
    seen = {identity(value)}
    for other in islice(_varied(place, value), 4 * MOST):
        if identity(other) not in seen and place.is_valid(other):
            seen.add(identity(other))
            yield other
            if len(seen) > MOST:
                return


def thinned(place: Place, value: Json) -> Iterator[Json]:
    """`value` with some of the parts of the object in it, chosen by chance: what is wrong in it is left out in some."""
    if isinstance(value, list) and value:
        inner = below(place, "0")
        yield from ([item] for item in (thinned(inner, value[0]) if inner is not None else ()))
    elif isinstance(value, dict) and len(value) > 1:
        chance = random.Random(len(value))  # noqa: S311  the same on each run
        for turn in range(MOST):
            share = (0.75, 0.5)[turn % 2]
            other = {name: item for name, item in value.items() if chance.random() < share}
            if other and place.is_valid(other):
                yield other


def _varied(place: Place, value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        for name in value:
            yield {other: item for other, item in value.items() if other != name}
        for name in value:
            yield {name: value[name]}
    yield from _turned(place, value, 0)


def _turned(place: Place, value: Json, depth: int) -> Iterator[Json]:
    """`value` with one of its texts, or its choices, another one; those of each part in turn."""
    rule = hints.followed(place.schema, place.definitions)
    if isinstance(value, str):
        yield from rule["enum"] if isinstance(rule.get("enum"), list) else _TEXTS
    elif depth > hints.DEEPEST:
        return
    elif isinstance(value, list) and value:
        inner = below(place, "0")
        if inner is not None:
            yield from ([item, *value[1:]] for item in _changed(inner, value[0], depth))
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = below(place, name)
            if inner is not None:
                yield from ({**value, name: other} for other in _changed(inner, item, depth))


def _changed(place: Place, value: Json, depth: int) -> Iterator[Json]:
    if depth < 1 and isinstance(value, dict):
        yield from ({other: item for other, item in value.items() if other != name} for name in value)
    yield from _turned(place, value, depth + 1)
