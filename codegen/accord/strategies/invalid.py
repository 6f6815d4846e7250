"""Values with exactly one fault: the smallest step outside, for every keyword of every subschema."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from types import MappingProxyType
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord import kinds, validation
from accord.contract import Schema
from accord.document import Json, join, unescape
from accord.strategies import missteps
from accord.strategies.building import from_schema
from accord.strategies.containers import Strategy
from accord.strategies.merging import all_of, branches, is_free, matches

T = TypeVar("T")

_MOST_FAULTS = 3000
_MOST_BRANCHES = 8
_BASIC = ("null", "boolean", "integer", "number", "string", "array", "object")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A value that is not valid, the keyword it breaks and where: one fault, on purpose."""

    value: Json
    keyword: str
    pointer: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A keyword at a place, and how to draw values that break it there."""

    keyword: str
    pointer: str
    make: Callable[[], Strategy]


def invalid(schema: Schema) -> SearchStrategy[Invalid]:
    """A strategy for values that break exactly one promise of `schema`, named; empty where nothing can be broken."""
    return one_of_many([_later(schema, fault) for fault in faults(schema)])


def one_of_many(drawn: Sequence[SearchStrategy[T]]) -> SearchStrategy[T]:
    """One of many strategies, built when it is its turn; where it turns out to be empty, the next one that is not."""
    return st.sampled_from(range(len(drawn))).flatmap(partial(_next, drawn)) if drawn else st.nothing()


def _next(drawn: Sequence[SearchStrategy[T]], index: int) -> SearchStrategy[T]:
    turns = (*drawn[index:], *drawn[:index])
    return next((each for each in turns if not each.is_empty), st.nothing())


def _later(schema: Schema, fault: Fault) -> SearchStrategy[Invalid]:
    return st.deferred(lambda: broken(schema, fault))


def broken(schema: Schema, fault: Fault) -> SearchStrategy[Invalid]:
    """Values with `fault`, as far as the authority refuses them under `schema`."""
    text = f"`{fault.pointer}` breaks `{fault.keyword}`" if fault.pointer else f"the value breaks `{fault.keyword}`"
    refused = fault.make().filter(lambda value: not validation.is_valid(schema, value))
    return refused.map(
        lambda value: Invalid(value=value, keyword=fault.keyword, pointer=fault.pointer, description=text)
    )


def faults(schema: Schema) -> tuple[Fault, ...]:
    """Every fault that `schema` lets one make, outer places first; a recursive definition is entered once."""
    definitions = schema.get("$defs", {})
    found: list[Fault] = []
    own = {key: value for key, value in schema.items() if key != "$defs"}
    for fault in _faults(own, definitions, frozenset(), ""):
        found.append(fault)
        if len(found) >= _MOST_FAULTS:
            break
    return tuple(sorted(found, key=lambda fault: fault.pointer.count("/")))


def _whole(schema: Json, definitions: Mapping[str, Json]) -> Schema:
    return {**(schema if isinstance(schema, Mapping) else {} if schema else {"not": {}}), "$defs": definitions}


def _draw(schema: Json, definitions: Mapping[str, Json]) -> Strategy:
    return from_schema(_whole(schema, definitions))


def _faults(schema: Json, definitions: Mapping[str, Json], trail: frozenset[str], pointer: str) -> Iterator[Fault]:
    if not isinstance(schema, Mapping):
        return
    if isinstance(schema.get("$ref"), str):
        name = unescape(schema["$ref"].removeprefix("#/$defs/"))
        if name in trail:
            return
        trail |= {name}
    allowed = kinds.kinds(schema, definitions)
    missing = [kind for kind in _BASIC if kind not in allowed and not (kind == "number" and "integer" not in allowed)]
    if missing:
        yield Fault("type", pointer, partial(missteps.other_types, missing, _draw(schema, definitions)))
    if "integer" in allowed and "number" not in allowed:
        yield Fault("type", pointer, lambda: st.sampled_from((0.5, 1.5, -0.5)))
    yield from _composed(schema, definitions, pointer)
    for branch in branches(schema, definitions)[:_MOST_BRANCHES]:
        yield from _of_branch(branch.keywords, definitions, trail, pointer)


def _composed(schema: Mapping[str, Json], definitions: Mapping[str, Json], pointer: str) -> Iterator[Fault]:
    """What `not`, `oneOf`, `if` and `dependentSchemas` forbid."""
    if schema.keys() == {"$ref"}:
        target = kinds.follow(schema, definitions)
        schema = target if isinstance(target, Mapping) else {}

    def beside(keyword: str, *more: Json) -> Callable[[], Strategy]:
        rest = {key: value for key, value in schema.items() if key not in {keyword, "then", "else"}}
        return lambda: _draw(all_of(rest, *more), definitions)

    if "not" in schema:
        yield Fault("not", pointer, beside("not", schema["not"]))
    for one, other in combinations(schema.get("oneOf", ()), 2):
        if kinds.kinds(one, definitions) & kinds.kinds(other, definitions):
            yield Fault("oneOf", pointer, beside("oneOf", one, other))
    for keyword in schema.keys() & {"anyOf", "oneOf"}:
        if any(map(is_free, schema[keyword])):
            continue
        yield Fault(keyword, pointer, beside(keyword))
    for keyword in schema.keys() & {"then", "else"} if "if" in schema else ():
        held = schema["if"] if keyword == "then" else {"not": schema["if"]}
        yield Fault(keyword, pointer, beside("if", held, {"not": schema[keyword]}))
    for name, dependent in schema.get("dependentSchemas", {}).items():
        yield Fault("dependentSchemas", pointer, beside("dependentSchemas", {"required": [name]}, {"not": dependent}))


def _of_branch(
    keywords: Mapping[str, Json], definitions: Mapping[str, Json], trail: frozenset[str], pointer: str
) -> Iterator[Fault]:
    types = keywords.get("type", _BASIC)
    if "enum" in keywords:
        yield Fault("enum", pointer, partial(missteps.near_members, tuple(keywords["enum"])))
        return
    if {"integer", "number"} & set(types):
        yield from (Fault(*item) for item in missteps.numbers(keywords, pointer, whole="number" not in types))
    if "string" in types:
        valid = partial(_draw, {**keywords, "type": "string"}, definitions)
        yield from (Fault(*item) for item in missteps.texts(keywords, pointer, valid))
    if "array" in types:
        yield from _of_array(keywords, definitions, trail, pointer)
    if "object" in types:
        yield from _of_object(keywords, definitions, trail, pointer)


def _of_array(
    keywords: Mapping[str, Json], definitions: Mapping[str, Json], trail: frozenset[str], pointer: str
) -> Iterator[Fault]:
    items = keywords.get("items", keywords.get("unevaluatedItems", True))
    prefix = keywords.get("prefixItems", [])
    item = partial(_draw, items, definitions)
    array = {**keywords, "type": "array"}
    base = partial(_draw, array, definitions)
    free = {**array, "contains": True, "minContains": 0}
    if keywords.get("minItems", 0) > 0:
        shorter = {**free, "minItems": 0, "maxItems": int(keywords["minItems"]) - 1}
        yield Fault("minItems", pointer, partial(_draw, shorter, definitions))
    if "maxItems" in keywords:
        size = int(keywords["maxItems"]) + 1
        yield Fault("maxItems", pointer, lambda: st.lists(item(), min_size=size, max_size=size))
    if keywords.get("uniqueItems") is True:
        yield Fault("uniqueItems", pointer, lambda: item().map(lambda value: [value, value]))
    if "contains" in keywords and keywords.get("minContains", 1):
        none = {**free, "items": all_of(items, {"not": keywords["contains"]})}
        yield Fault("contains", pointer, partial(_draw, none, definitions))
    if "contains" in keywords and "maxContains" in keywords:
        many = int(keywords["maxContains"]) + 1
        like = partial(_draw, all_of(items, keywords["contains"]), definitions)
        yield Fault("maxContains", pointer, lambda: st.lists(like(), min_size=many, max_size=many))
    if items is False:
        fill = [None] * (len(prefix) + 1)
        yield Fault("items", pointer, lambda: base().map(lambda value: [*value, *fill[len(value) :]]))
    for index, schema in enumerate(prefix):
        if schema is False:
            yield Fault(
                "false",
                join(pointer, index),
                partial(_at, base, partial(st.sampled_from, _ANY), prefix[:index], definitions),
            )
    for index, schema in enumerate([*prefix, *([] if items is False else [items])]):
        for fault in _faults(schema, definitions, trail, ""):
            before = prefix[:index]
            make = partial(_at, base, fault.make, before, definitions)
            yield Fault(fault.keyword, join(pointer, index) + fault.pointer, make)


def _at(
    base: Callable[[], Strategy], bad: Callable[[], Strategy], before: list[Json], definitions: Mapping[str, Json]
) -> Strategy:
    """Arrays with a bad item after what stands `before` it, which is drawn by position."""
    first = st.tuples(*(_draw(schema, definitions) for schema in before))
    after = len(before) + 1
    return st.builds(lambda value, start, item: [*start, item, *value[after:]], base(), first, bad())


def _of_object(
    keywords: Mapping[str, Json], definitions: Mapping[str, Json], trail: frozenset[str], pointer: str
) -> Iterator[Fault]:
    base = partial(_draw, {**keywords, "type": "object"}, definitions)
    yield from _names(keywords, definitions, pointer, base)
    declared = keywords.get("properties", {})
    inner = [(name, schema) for name, schema in declared.items() if isinstance(schema, Mapping)]
    rest = keywords.get("additionalProperties", keywords.get("unevaluatedProperties"))
    for pattern, schema in [*keywords.get("patternProperties", {}).items(), ("", rest)]:
        name = next((word for word in _FREE if word not in declared and (not pattern or matches(pattern, word))), None)
        if name is not None and isinstance(schema, Mapping):
            inner.append((name, schema))
        elif pattern:
            bad = {"not": schema} if isinstance(schema, Mapping) else {"not": {}} if schema else {}
            names = {"type": "string", "pattern": pattern}
            yield Fault("patternProperties", pointer, partial(_named, base, names, definitions, bad))
    for name, schema in declared.items():
        if schema is False:
            yield Fault("false", join(pointer, name), partial(_with, base, name, lambda: st.sampled_from(_ANY)))
    for name, schema in inner:
        for fault in _faults(schema, definitions, trail, ""):
            yield Fault(fault.keyword, join(pointer, name) + fault.pointer, partial(_with, base, name, fault.make))


def _names(
    keywords: Mapping[str, Json], definitions: Mapping[str, Json], pointer: str, base: Callable[[], Strategy]
) -> Iterator[Fault]:
    """What an object's names and their count can break."""
    for name in keywords.get("required", ()):
        yield Fault("required", join(pointer, name), partial(_without, base, name))
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if keywords.get(keyword) is False:
            declared = tuple(keywords.get("properties", ()))
            yield Fault(keyword, pointer, partial(missteps.undeclared, base, declared))
    for name, needed in keywords.get("dependentRequired", {}).items():
        if needed:
            yield Fault("dependentRequired", pointer, partial(_half, keywords, name, needed, definitions))
    if keywords.get("minProperties", 0) > len(keywords.get("required", ())):
        fewer = {**keywords, "type": "object", "minProperties": 0, "maxProperties": int(keywords["minProperties"]) - 1}
        yield Fault("minProperties", pointer, partial(_draw, fewer, definitions))
    if "maxProperties" in keywords:
        more = {**keywords, "type": "object", "minProperties": int(keywords["maxProperties"]) + 1}
        more.pop("maxProperties")
        yield Fault("maxProperties", pointer, partial(_draw, more, definitions))
    if "propertyNames" in keywords:
        names = {"type": "string", "not": keywords["propertyNames"]}
        yield Fault("propertyNames", pointer, partial(_named, base, names, definitions))


_ANY: tuple[Json, ...] = (0, "", None, True)
_FREE = ("0", "a", "x", "name", "x-other", "A", "_a", "key0", "a1")


def _without(base: Callable[[], Strategy], name: str) -> Strategy:
    return base().map(lambda value: {key: item for key, item in value.items() if key != name})


def _with(base: Callable[[], Strategy], name: str, bad: Callable[[], Strategy]) -> Strategy:
    return st.builds(lambda value, item: {**value, name: item}, base(), bad())


def _half(keywords: Mapping[str, Json], name: str, needed: list[str], definitions: Mapping[str, Json]) -> Strategy:
    free: dict[str, Any] = {**keywords, "type": "object", "dependentRequired": {}}
    free["required"] = [*keywords.get("required", ()), name]
    return st.builds(
        lambda value, dropped: {key: item for key, item in value.items() if key != dropped},
        _draw(free, definitions),
        st.sampled_from(needed),
    )


def _named(
    base: Callable[[], Strategy], names: Json, definitions: Mapping[str, Json], held: Json = MappingProxyType({})
) -> Strategy:
    drawn = _draw(held, definitions) if held else st.sampled_from(_ANY)
    return st.builds(lambda value, name, item: {**value, name: item}, base(), _draw(names, definitions), drawn)
