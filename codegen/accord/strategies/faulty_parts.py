"""The faults of one alternative of a schema: its scalars', its items', its properties', and those of its names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from accord.document import Json, join
from accord.strategies import missteps
from accord.strategies.containers import Strategy
from accord.strategies.drawing import few
from accord.strategies.fault import BASIC, Fault, Near, Scope, at_once, draw, drawn_near, whole
from accord.strategies.merging import all_of, matches
from accord.validity import validation

ANY: tuple[Json, ...] = (0, "", None, True)
"""Values of several types, for where none may be."""

_FREE = ("x0", "0", "a", "x", "name", "x-other", "A", "_a", "key0", "a1")
_Make = Callable[[], Strategy]


def of_branch(keywords: Mapping[str, Json], scope: Scope, pointer: str) -> Iterator[Fault]:
    """The faults that break one of `keywords`, none of which is a composition, or what stands below them."""
    types, definitions = keywords.get("type", BASIC), scope.definitions
    if "enum" in keywords:
        yield Fault("enum", pointer, *at_once(missteps.near_members(tuple(keywords["enum"]))))
        return
    if {"integer", "number"} & set(types):
        for keyword, values in missteps.numbers(keywords, whole="number" not in types):
            yield Fault(keyword, pointer, *at_once(values))
    if "string" in types:
        valid = partial(draw, {**keywords, "type": "string"}, definitions)
        yield from (Fault(item[0], pointer, *item[1:]) for item in missteps.texts(keywords, valid))
    if "array" in types:
        yield from _counted(keywords, definitions, pointer)
        yield from _items(keywords, scope, pointer)
    if "object" in types:
        yield from _names(keywords, definitions, pointer)
        yield from _properties(keywords, scope, pointer)


def _counted(keywords: Mapping[str, Json], definitions: Mapping[str, Json], pointer: str) -> Iterator[Fault]:
    """What the number of items, of equal ones, of ones like `contains` can break."""
    items = keywords.get("items", keywords.get("unevaluatedItems", True))
    item = partial(draw, items, definitions)
    free = {**keywords, "type": "array", "contains": True, "minContains": 0}
    found: list[tuple[str, _Make, Near | None]] = []
    if keywords.get("minItems", 0) > 0:
        fewest = int(keywords["minItems"])
        shorter = {**free, "minItems": 0, "maxItems": fewest - 1}
        found.append(("minItems", partial(draw, shorter, definitions), partial(missteps.fewer_items, fewest)))
    if "maxItems" in keywords:
        size = int(keywords["maxItems"]) + 1
        longer = {**{key: value for key, value in free.items() if key != "maxItems"}, "minItems": size}
        make = partial(draw, longer, definitions)
        found.append(("maxItems", make, _own_first(make, partial(missteps.more_items, size))))
    if keywords.get("uniqueItems") is True:
        alike: _Make = lambda: item().map(lambda value: [value, value])  # noqa: E731  a word of a list
        found.append(("uniqueItems", alike, _twice(alike)))
    if "contains" in keywords and keywords.get("minContains", 1):
        none = {**free, "items": all_of(items, {"not": keywords["contains"]})}
        found.append(("contains", partial(draw, none, definitions), None))
    if "contains" in keywords and "maxContains" in keywords:
        like = {key: value for key, value in free.items() if key != "maxContains"}
        like |= {"items": all_of(items, keywords["contains"]), "minItems": int(keywords["maxContains"]) + 1}
        found.append(("maxContains", partial(draw, like, definitions), None))
    yield from (Fault(word, pointer, make, near or drawn_near(make)) for word, make, near in found)


def _own_first(make: _Make, near: Near) -> Near:
    """What `make` draws, which breaks nothing else, before what is `near`."""
    return lambda value: [*few(make(), 1), *near(value)]


def _twice(make: _Make) -> Near:
    """An item of the value twice; where it has none, one that is drawn."""
    return lambda value: missteps.twice(value) if value else few(make(), 2)


def _items(keywords: Mapping[str, Json], scope: Scope, pointer: str) -> Iterator[Fault]:
    items = keywords.get("items", keywords.get("unevaluatedItems", True))
    prefix = keywords.get("prefixItems", [])
    base = partial(draw, {**keywords, "type": "array"}, scope.definitions)
    if items is False:
        fill = [None] * (len(prefix) + 1)
        make: _Make = lambda: base().map(lambda value: [*value, *fill[len(value) :]])  # noqa: E731  as the others are
        yield Fault("items", pointer, make, lambda value: [[*value, *fill[len(value) :]]])
    for index, schema in enumerate([*prefix, *([] if items is False else [items])]):
        found = [Fault("false", "", *at_once(ANY))] if schema is False else scope.inside(schema, scope, "")
        for fault in found:
            make = partial(_at, base, fault.make, prefix[:index], scope.definitions)
            place = (index, *fault.place)
            yield replace(fault, pointer=join(pointer, index) + fault.pointer, make=make, place=place)


def _at(base: _Make, bad: _Make, before: list[Json], definitions: Mapping[str, Json]) -> Strategy:
    """Arrays with a bad item after what stands `before` it, which is drawn by position."""
    first = st.tuples(*(draw(schema, definitions) for schema in before))
    after = len(before) + 1
    return st.builds(lambda value, start, item: [*start, item, *value[after:]], base(), first, bad())


def _properties(keywords: Mapping[str, Json], scope: Scope, pointer: str) -> Iterator[Fault]:
    base = partial(draw, {**keywords, "type": "object"}, scope.definitions)
    declared = keywords.get("properties", {})
    inner = [(name, schema) for name, schema in declared.items() if isinstance(schema, Mapping)]
    rest = keywords.get("additionalProperties", keywords.get("unevaluatedProperties"))
    spelt = whole(keywords.get("propertyNames", True), scope.definitions)
    free = [word for word in _FREE if validation.is_valid(spelt, word)]
    for pattern, schema in [*keywords.get("patternProperties", {}).items(), ("", rest)]:
        name = next((word for word in free if word not in declared and (not pattern or matches(pattern, word))), None)
        if name is not None and isinstance(schema, Mapping):
            inner.append((name, schema))
        elif pattern:
            bad = {"not": schema} if isinstance(schema, Mapping) else {"not": {}} if schema else {}
            names = {"type": "string", "pattern": pattern}
            make = partial(_named, base, names, scope.definitions, bad)
            yield Fault("patternProperties", pointer, make, drawn_near(make))
    for name, schema in declared.items():
        if schema is False:
            values, near = at_once(ANY)
            yield Fault("false", join(pointer, name), partial(_with, base, name, values), near, (name,))
    for name, schema in inner:
        for fault in scope.inside(schema, scope, ""):
            make = partial(_with, base, name, fault.make)
            place = (name, *fault.place)
            yield replace(fault, pointer=join(pointer, name) + fault.pointer, make=make, place=place)


def _names(keywords: Mapping[str, Json], definitions: Mapping[str, Json], pointer: str) -> Iterator[Fault]:
    """What an object's names and their count can break."""
    base = partial(draw, {**keywords, "type": "object"}, definitions)
    for name in keywords.get("required", ()):
        yield Fault("required", join(pointer, name), partial(_without, base, name), partial(missteps.without, name))
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if keywords.get(keyword) is False:
            declared = tuple(keywords.get("properties", ()))
            extra = partial(missteps.undeclared, base, declared)
            yield Fault(keyword, pointer, extra, partial(missteps.near_names, declared))
    for name, needed in keywords.get("dependentRequired", {}).items():
        if needed:
            make = partial(_half, keywords, name, needed, definitions)
            yield Fault("dependentRequired", pointer, make, drawn_near(make))
    if keywords.get("minProperties", 0) > len(keywords.get("required", ())):
        fewer = {**keywords, "type": "object", "minProperties": 0, "maxProperties": int(keywords["minProperties"]) - 1}
        make = partial(draw, fewer, definitions)
        yield Fault("minProperties", pointer, make, drawn_near(make))
    if "maxProperties" in keywords:
        more = {**keywords, "type": "object", "minProperties": int(keywords["maxProperties"]) + 1}
        more.pop("maxProperties")
        make = partial(draw, more, definitions)
        yield Fault("maxProperties", pointer, make, drawn_near(make))
    if "propertyNames" in keywords:
        names = {"type": "string", "not": keywords["propertyNames"]}
        held = keywords.get("additionalProperties", keywords.get("unevaluatedProperties", {}))
        make = partial(_named, base, names, definitions, {} if isinstance(held, bool) else held)
        known = {**names, "$defs": definitions}
        spoilt = partial(missteps.near_keys, partial(validation.is_valid, known))
        yield Fault("propertyNames", pointer, make, _spoilt(spoilt, base, make))


def _spoilt(spoilt: Near, base: _Make, make: _Make) -> Near:
    """Objects with a name spoilt, the value's own or one that is drawn; then what `make` draws."""

    def near(value: Json) -> list[Json]:
        named: Json = value or next((drawn for drawn in few(base(), 3) if drawn), {})
        return [*spoilt(named), *drawn_near(make)(value)]

    return near


def _without(base: _Make, name: str) -> Strategy:
    return base().map(lambda value: {key: item for key, item in value.items() if key != name})


def _with(base: _Make, name: str, bad: _Make) -> Strategy:
    return st.builds(lambda value, item: {**value, name: item}, base(), bad())


def _half(keywords: Mapping[str, Json], name: str, needed: list[str], definitions: Mapping[str, Json]) -> Strategy:
    free: dict[str, Any] = {**keywords, "type": "object", "dependentRequired": {}}
    free["required"] = [*keywords.get("required", ()), name]
    return st.builds(
        lambda value, dropped: {key: item for key, item in value.items() if key != dropped},
        draw(free, definitions),
        st.sampled_from(needed),
    )


def _named(base: _Make, names: Json, definitions: Mapping[str, Json], held: Json = MappingProxyType({})) -> Strategy:
    drawn = draw(held, definitions) if held else st.sampled_from(ANY)
    return st.builds(lambda value, name, item: {**value, name: item}, base(), draw(names, definitions), drawn)
