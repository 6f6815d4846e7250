"""A schema as choices: each place in a value with the partitions that tell one kind of value there from another."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accord.document import Json, join
from accord.findings import ABSENT
from accord.schemas import kinds
from accord.schemas.keywords import assertions
from accord.strategies import representatives
from accord.strategies.building import from_schema
from accord.strategies.drawing import few
from accord.strategies.fault import whole
from accord.strategies.merging import all_of, branches, key_of
from accord.strategies.recursion import described, recursive, without
from accord.validity import validation

DEEPEST = 4
"""Objects are chosen part by part so many steps down; below that they are values."""
_MOST_LEVELS = 24
_MOST_ITEMS = 64
_SHOWN = 24
_FEW_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One partition of a place: left out (no parts, `value` ABSENT), a fixed value, or parts that are chosen in turn.

    `members` are the parts of an object, `items` those of an array.
    """

    name: str
    value: Json = ABSENT
    members: tuple["Choice", ...] = ()
    items: tuple["Choice", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A place in a value and its partitions, the plainest first; `name` is its key in the object that it is part of.

    `schema` is what the place allows, False where it allows nothing but its partitions.
    """

    name: str = ""
    pointer: str = ""
    levels: tuple[Level, ...]
    schema: Json = False


@dataclass(frozen=True, slots=True)
class _Place:
    definitions: Mapping[str, Json]
    pointer: str = ""
    trail: frozenset[str] = frozenset()
    deepest: int = DEEPEST

    def below(self, token: str | int) -> "_Place":
        return replace(self, pointer=join(self.pointer, token))


ABSENCE = Level(name="absent")


def choice(schema: Json, definitions: Mapping[str, Json], *, pointer: str = "", deepest: int = DEEPEST) -> Choice:
    """The place that `schema` describes; its `levels` are empty where nothing is valid."""
    return _choice(schema, _Place(definitions, pointer, deepest=deepest), "")


def plainest(place: Choice) -> Json:
    """The plainest value of `place`: the first partition of each of its parts."""
    return assembled(place.levels[0]) if place.levels else ABSENT


def assembled(level: Level) -> Json:
    """The value of `level` with the first partition of each part; ABSENT where the place is left out."""
    if level.members:
        found = {part.name: plainest(part) for part in level.members}
        return {name: value for name, value in found.items() if value is not ABSENT}
    if level.items:
        return [plainest(part) for part in level.items]
    return level.value


def _choice(schema: Json, place: _Place, name: str) -> Choice:
    found: dict[str, Level] = {}
    whole = _whole(schema, place.definitions)
    for level in _levels(schema, place):
        value = assembled(level)
        if value is ABSENT or not validation.is_valid(whole, value):
            continue
        found.setdefault(key_of(value) if not (level.members or level.items) else level.name, level)
    if not found:
        found = {str(at): Level(name=_shown(value), value=value) for at, value in enumerate(few(from_schema(whole), 2))}
    ordered = sorted(found.values(), key=lambda level: level.value is None)
    return Choice(name=name, pointer=place.pointer, levels=tuple(ordered[:_MOST_LEVELS]), schema=schema)


def _whole(schema: Json, definitions: Mapping[str, Json]) -> Mapping[str, Json]:
    asserted = schema if isinstance(schema, Mapping) else ({} if schema else {"not": {}})
    return {**asserted, "$defs": definitions}


def _levels(schema: Json, place: _Place) -> Iterator[Level]:
    loops = described(schema, place.definitions) & recursive(place.definitions)
    if again := loops & place.trail:
        schema = without(schema, again)
        if described(schema, place.definitions) & again:
            return
    place = replace(place, trail=place.trail | loops)
    told = representatives.told(kinds.follow(schema, place.definitions))
    found = branches(schema, place.definitions)
    for value in told:
        if not isinstance(value, dict | list):
            yield Level(name=_shown(value), value=value)
    for at, branch in enumerate(found):
        yield from _of_branch(branch.keywords, place, f" {at + 1}" if len(found) > 1 else "", told)


def _of_branch(keywords: Mapping[str, Json], place: _Place, number: str, told: list[Json]) -> Iterator[Level]:
    if "enum" in keywords:
        yield from (Level(name=_shown(member), value=member) for member in keywords["enum"])
        return
    types = keywords.get("type", representatives.ANY)
    for kind in types:
        if kind == "object":
            yield from _objects(keywords, place, number, told)
        elif kind == "array":
            yield from _arrays(keywords, place, number)
        else:
            yield from (Level(name=name, value=value) for name, value in representatives.scalars(kind, keywords))


def _objects(keywords: Mapping[str, Json], place: _Place, number: str, told: list[Json]) -> Iterator[Level]:
    wanted = keywords.get("required", ())
    declared = {name: part for name, part in keywords.get("properties", {}).items() if part is not False}
    rest = keywords.get("additionalProperties", keywords.get("unevaluatedProperties", True))
    for name in wanted:
        declared.setdefault(name, rest)
    if not declared or place.pointer.count("/") >= place.deepest:
        yield from (Level(name="as told", value=value) for value in told if isinstance(value, dict))
        yield from _maps(keywords, place, {name: declared[name] for name in wanted})
        return
    samples = next((value for value in told if isinstance(value, dict)), {})
    members = tuple(
        part
        for name, schema in declared.items()
        if (part := _member(name, schema, place, required=name in wanted, sample=samples.get(name, ABSENT))).levels
    )
    if len({part.name for part in members} & set(wanted)) < len(wanted):
        return
    yield Level(name=f"object{number}", members=members)
    least = {part.name: plainest(part) for part in members if part.name in wanted}
    if len(least) < len(members):
        yield Level(name=f"least object{number}", value=least)


def _member(name: str, schema: Json, place: _Place, *, required: bool, sample: Json) -> Choice:
    inner = _choice(schema, place.below(name), name)
    levels = inner.levels
    if sample is not ABSENT and not isinstance(sample, dict | list):
        known = {key_of(assembled(level)): level for level in levels}
        first = known.get(key_of(sample), Level(name=_shown(sample), value=sample))
        levels = (first, *(level for level in levels if level is not first))
    return replace(inner, levels=levels if required or not levels else (*levels, ABSENCE))


def _maps(keywords: Mapping[str, Json], place: _Place, known: Mapping[str, Json]) -> Iterator[Level]:
    """Objects by how many names they have, where none is spoken of."""
    fixed = {name: value for name, part in known.items() if (value := _plain(part, place)) is not ABSENT}
    rest = keywords.get("additionalProperties", keywords.get("unevaluatedProperties", True))
    value = ABSENT if rest is False else _plain(rest, place)
    least, most = int(keywords.get("minProperties", 0)), int(keywords.get("maxProperties", _MOST_ITEMS))
    edges = {least, 1, 3, *((min(most, _MOST_ITEMS),) if "maxProperties" in keywords else ())}
    for count in sorted(edges & set(range(least, most + 1))):
        names = [f"x{at}" for at in range(count - len(fixed))]
        if not names or value is not ABSENT:
            yield Level(name=f"{count} names", value={**fixed, **dict.fromkeys(names, value)})
    if least <= len(fixed) + 1 <= most and value is not ABSENT:
        for name, held in _of_names(keywords, place, value):
            yield Level(name=f"{_shown(name)}: {_shown(held)}", value={**fixed, name: held})


def _of_names(keywords: Mapping[str, Json], place: _Place, plain: Json) -> Iterator[tuple[str, Json]]:
    """One name and what it holds: a few names that a schema of names allows, and a few values of one of values."""
    spelt, rest = keywords.get("propertyNames"), keywords.get("additionalProperties")
    below = place.below("*")
    if isinstance(spelt, Mapping):
        named = [assembled(level) for level in _choice({"type": ["string"], **spelt}, below, "").levels]
        yield from ((name, plain) for name in named[:_FEW_NAMES] if isinstance(name, str))
    if isinstance(rest, Mapping):
        yield from (("x0", assembled(level)) for level in _choice(rest, below, "").levels[1:_FEW_NAMES])


def _plain(schema: Json, place: _Place) -> Json:
    if schema is True or (isinstance(schema, Mapping) and not assertions(schema)):
        return "text"
    return plainest(_choice(schema, place.below("*"), ""))


def _arrays(keywords: Mapping[str, Json], place: _Place, number: str) -> Iterator[Level]:
    least, most = int(keywords.get("minItems", 0)), int(keywords.get("maxItems", _MOST_ITEMS))
    prefix = [_choice(part, place.below(at), "") for at, part in enumerate(keywords.get("prefixItems", ()))]
    rest = keywords.get("items", keywords.get("unevaluatedItems", True))
    if "contains" in keywords:
        rest = all_of(rest, keywords["contains"])
    item = None if rest is False or rest is True else _choice(rest, place.below("*"), "")
    for count in sorted({least, 0, 1, 3, len(prefix), most if most < _MOST_ITEMS else 1}):
        if least <= count <= most:
            unique = keywords.get("uniqueItems") is True
            parts = _items(prefix, item, count, free=rest is True, more=_more(rest, place, count) if unique else None)
            if parts is not None:
                name = "empty array" if not count else f"array of {count}"
                yield Level(name=name + number, items=parts) if parts else Level(name=name + number, value=[])


def _items(
    prefix: list[Choice], item: Choice | None, count: int, *, free: bool, more: list[Json] | None
) -> tuple[Choice, ...] | None:
    """The parts of an array of `count`: the first after the prefix is chosen, what follows is fixed.

    Where all must differ, `more` are values to go on with; else it is None.
    """
    found = prefix[:count]
    lacking = count - len(found)
    if not lacking:
        return tuple(found) if all(part.levels for part in found) else None
    if item is None:
        return (*found, *(_fixed(f"text{at}") for at in range(lacking))) if free else None
    if not item.levels:
        return None
    values = [assembled(level) for level in item.levels if assembled(level) is not ABSENT]
    if more is not None:
        values += [value for value in more if value not in values]
        return (*found, *map(_fixed, values[:lacking])) if len(values) >= lacking else None
    return (*found, item, *(_fixed(values[at % len(values)]) for at in range(1, lacking)))


def _more(schema: Json, place: _Place, count: int) -> list[Json]:
    """Up to `count` more values of `schema` that all differ: texts and numbers counted up."""
    asked = whole(schema, place.definitions)
    counted: tuple[Json, ...] = (*(f"text{at}" for at in range(count)), *range(1, count + 1))
    return [value for value in counted if validation.is_valid(asked, value)]


def _fixed(value: Json) -> Choice:
    return Choice(levels=(Level(name=_shown(value), value=value),))


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}… ({len(text)} characters)"
