"""Values deep in one another, where a schema leads back to itself: trees, threads of replies, folders in folders."""

import math
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from accord.document import Json, unescape
from accord.findings import ABSENT
from accord.schemas.keywords import IN_PLACE
from accord.strategies.partitions import assembled, choice, plainest
from accord.strategies.recursion import described, recursive
from accord.validity import validation

DEEP = 48
"""How often a value stands inside of one like itself."""

_MOST_LOOKED_AT = 256
"""How often a judge may look at the innermost value, where each alternative of a union looks at all of it again."""

_Way: TypeAlias = tuple[tuple[str | int, Json], ...]
"""The names and numbers that lead into a value, each with a plain value of what it leads on from."""

_Steps: TypeAlias = tuple[tuple[str | int, Mapping[str, Json]], ...]
"""The same, each with a schema of it."""


def nested(schema: Json, definitions: Mapping[str, Json], plain: Json) -> Iterator[Json]:
    """Values of `schema` like `plain`, each with one definition `DEEP` times in itself; no invalid ones."""
    waiting = set(recursive(definitions))
    whole = {"allOf": [schema], "$defs": definitions}
    while waiting and (found := _way(schema, definitions, waiting)) is not None:
        way, name, _ = found
        waiting.discard(name)
        again = _way(definitions[name], definitions, {name})
        if again is None:
            continue
        value = single = _plain(definitions[name], definitions)
        for _ in range(_depth(again[2])):
            value = _put(single, again[0], value)
        value = _put(plain, way, value)
        if validation.is_valid(whole, value):
            yield value


def _depth(wide: int) -> int:
    """How deep a value may be where at each step `wide` alternatives look at what is below."""
    return DEEP if wide <= 1 else max(int(math.log(_MOST_LOOKED_AT, wide)), 2)


def _plain(schema: Json, definitions: Mapping[str, Json]) -> Json:
    found = plainest(choice(schema, definitions, deepest=1))
    return None if found is ABSENT else found


def _around(token: str | int, schema: Json, definitions: Mapping[str, Json]) -> Json:
    """A plain value of `schema` with a part at `token`; the plainest where no partition has one."""
    found = [assembled(level) for level in choice(schema, definitions, deepest=1).levels]
    return next((value for value in found if _has(value, token)), _plain(schema, definitions))


def _has(value: Json, token: str | int) -> bool:
    if isinstance(token, str):
        return isinstance(value, dict)
    return isinstance(value, list) and len(value) > token


def _way(schema: Json, definitions: Mapping[str, Json], wanted: set[str]) -> tuple[_Way, str, int] | None:
    """The shortest way into a value of `schema` to where one of the `wanted` definitions describes it.

    With it how many alternatives of the unions on the way lead on.
    """
    waiting: list[tuple[_Steps, Json, int]] = [((), schema, 1)]
    seen: set[str] = set()
    for way, part, wide in waiting:  # which grows
        if not isinstance(part, Mapping):
            continue
        if isinstance(part.get("$ref"), str):
            name = unescape(part["$ref"].removeprefix("#/$defs/"))
            if name in wanted:
                return tuple((token, _around(token, outer, definitions)) for token, outer in way), name, wide
            if name not in seen:
                seen.add(name)
                waiting.append((way, definitions[name], wide))
        waiting += [((*way, (token, part)), inner, wide) for token, inner in _inside(part)]
        for keyword in IN_PLACE & part.keys():
            loops = recursive(definitions)
            on = sum(1 for inner in part[keyword] if described(inner, definitions) & loops)
            waiting += [(way, inner, wide * max(on, 1)) for inner in part[keyword]]
    return None


def _inside(schema: Mapping[str, Json]) -> Iterator[tuple[str | int, Json]]:
    """The schemas of the parts of a value, each with where its part stands."""
    fixed = schema.get("prefixItems", ())
    yield from schema.get("properties", {}).items()
    yield from enumerate(fixed)
    yield len(fixed), schema.get("items")
    yield "x0", schema.get("additionalProperties")


def _put(plain: Json, way: _Way, value: Json) -> Json:
    """`plain` with `value` at the end of `way`; what is not there on the way is the plainest."""
    if not way:
        return value
    (token, known), rest = way[0], way[1:]
    held = plain if plain and _has(plain, token) else known
    if isinstance(token, str):
        named = held if isinstance(held, dict) else {}
        return {**named, token: _put(named.get(token), rest, value)}
    items = held if isinstance(held, list) else []
    return [*items[:token], _put(None, rest, value), *items[token + 1 :]]
