"""A schema without values that a service refuses, by the widest bounds that leave the others in."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from accord.contract import Schema
from accord.document import Json

_Real = TypeVar("_Real", int, float)

HAIR = 1e-7
"""What is so close to a fraction that is refused may be taken: a bound that is no value itself."""

HALVINGS = 12
"""So often the distance between what is taken and what is not is halved."""

SPOKEN = frozenset({"$ref", "enum", "const", "format", "pattern", "allOf", "anyOf", "oneOf", "not"})
"""Keywords that say more of a value than bounds do."""

_SCALES: tuple[tuple[type, Callable[[Any], int], Callable[[int], Json]], ...] = (
    (str, len, lambda size: "x" * size),
    (int, int, int),
)

_GRAINS = ((0.34, 0.01), (0.3, 0.1), (0.25, 0.25), (0.5, 0.5))
"""A fraction that is a multiple of no larger step than the one beside it, the smallest first."""

_Size = Callable[[Json], float | None]


def narrowed(schema: Schema, taken: Sequence[Json], refused: Sequence[Json]) -> Schema:
    """`schema` without the values `refused`: bounds where these part them from those `taken`, else these alone."""
    if not refused or not taken or not isinstance(schema, Mapping):
        return schema
    found = dict(schema)
    for size, low, high in _BOUNDS:
        inside = [number for value in taken if (number := size(value)) is not None]
        outside = [number for value in refused if (number := size(value)) is not None]
        if inside and "$ref" not in schema:
            if any(number < min(inside) for number in outside):
                found[low] = min(inside)
            if any(number > max(inside) for number in outside):
                found[high] = max(inside)
    if all(_is_out(found, schema, value) for value in refused):
        return found
    definitions = {"$defs": schema["$defs"]} if "$defs" in schema else {}
    return {**definitions, "enum": list(taken)}


def far(schema: Schema) -> tuple[Json, ...]:
    """A value that most bounds leave out, where `schema` itself sets none: a long text, a large number."""
    if not isinstance(schema, Mapping) or not (SPOKEN | {"maxLength", "maximum"}).isdisjoint(schema):
        return ()
    found: dict[str, Json] = {"string": "x" * 300, "integer": 2**31, "number": 2**31}
    kind = schema.get("type")
    return (found[kind],) if isinstance(kind, str) and kind in found else ()


def edges(
    schema: Schema, taken: Sequence[Json], refused: Sequence[Json], is_taken: Callable[[Json], bool]
) -> Iterator[tuple[Json, bool]]:
    """Values halfway between the largest that is taken and the smallest beyond that is not, and whether they are.

    Then likewise below the smallest that is taken, and of fractions what is next to those that are not.
    """
    if not isinstance(schema, Mapping) or not SPOKEN.isdisjoint(schema):
        return
    for kind, size, make in _SCALES:
        inside = [size(value) for value in taken if type(value) is kind]
        outside = [size(value) for value in refused if type(value) is kind]
        for inner, outer in _gaps(inside, outside):
            yield from _halved(inner, outer, make, is_taken)
    if "number" in kinds_of(schema):
        known = [[number for value in values if (number := _number(value)) is not None] for values in (taken, refused)]
        for within, beyond in _gaps(*known):
            near = beyond + (HAIR if within > beyond else -HAIR)
            yield near, is_taken(near)


def _gaps(inside: list[_Real], outside: list[_Real]) -> Iterator[tuple[_Real, _Real]]:
    """The largest that is taken with the smallest beyond, the smallest with the largest below."""
    if inside and (beyond := [number for number in outside if number > max(inside)]):
        yield max(inside), min(beyond)
    if inside and (below := [number for number in outside if number < min(inside)]):
        yield min(inside), max(below)


def _halved(
    inner: int, outer: int, make: Callable[[int], Json], is_taken: Callable[[Json], bool]
) -> Iterator[tuple[Json, bool]]:
    for _ in range(HALVINGS):
        if abs(outer - inner) <= 1:
            return
        middle = (inner + outer) // 2
        if outer > inner:
            middle = min(middle, max(2 * inner, 8))
        value = make(middle)
        verdict = is_taken(value)
        yield value, verdict
        inner, outer = (middle, outer) if verdict else (inner, middle)


def most_of(inner: int, outer: int, is_taken: Callable[[int], bool]) -> int:
    """The largest size that is taken, `inner` being one that is and `outer` one that is not."""
    for size, verdict in _halved(inner, outer, int, lambda size: is_taken(int(size))):
        inner = int(size) if verdict else inner
    return inner


def grain(schema: Schema, taken: Sequence[Json], is_taken: Callable[[Json], bool]) -> Mapping[str, Json]:
    """The step between the fractions that are taken, where not all are."""
    known = [number for value in taken if (number := _number(value)) is not None]
    if "number" not in kinds_of(schema) or not known or not (SPOKEN | {"multipleOf"}).isdisjoint(schema):
        return {}
    whole = float(math.ceil(min(known)))
    if whole + 1 > max(known) or is_taken(whole + 0.345):
        return {}
    found = next((step for fraction, step in _GRAINS if is_taken(whole + fraction)), 1)
    return {"multipleOf": found} if all(_is_multiple(number, found) for number in known) else {}


def _is_multiple(number: float, step: float) -> bool:
    return abs(round(number / step) * step - number) < HAIR * step


def kinds_of(schema: Schema) -> tuple[str, ...]:
    """The types that `schema` names."""
    kind = schema.get("type", ()) if isinstance(schema, Mapping) else ()
    return (kind,) if isinstance(kind, str) else tuple(kind)


def sizes(is_taken: Callable[[int], bool]) -> Mapping[str, Json]:
    """How many items are taken at most, of as many as are tried."""
    low, high = 1, 0
    for count in (2, 4, 8, 16, 32):
        if not is_taken(count):
            high = count
            break
        low = count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return {"maxItems": low} if high else {}


def _is_out(found: Mapping[str, Json], schema: Schema, value: Json) -> bool:
    """Whether a bound that was learned leaves `value` out."""
    for size, low, high in _BOUNDS:
        number = size(value)
        if number is None:
            continue
        if low in found and found[low] != schema.get(low) and number < found[low]:
            return True
        if high in found and found[high] != schema.get(high) and number > found[high]:
            return True
    return False


def _number(value: Json) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _of(kind: type[str | list[Json] | dict[str, Json]]) -> _Size:
    return lambda value: len(value) if isinstance(value, kind) else None


_BOUNDS: tuple[tuple[_Size, str, str], ...] = (
    (_number, "minimum", "maximum"),
    (_of(str), "minLength", "maxLength"),
    (_of(list), "minItems", "maxItems"),
    (_of(dict), "minProperties", "maxProperties"),
)
