"""What objects a schema speaks of: the names it documents, and which names of a value it does not."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import is_

from accord.contract import Schema
from accord.document import Json, join, split

ALTERNATIVES = ("allOf", "anyOf", "oneOf")
CONDITIONALS = ("then", "else")
CLOSING = ("additionalProperties", "unevaluatedProperties", "patternProperties")


def branches(schema: Json, definitions: Mapping[str, Json]) -> tuple[Schema, ...]:
    """`schema` and every subschema that speaks of the same value: through `$ref`, `allOf`, `anyOf`, `oneOf`, `then`."""
    found: dict[int, Schema] = {}
    waiting = [schema]
    while waiting:
        here = waiting.pop()
        if not isinstance(here, Mapping) or id(here) in found:
            continue
        found[id(here)] = here
        if isinstance(here.get("$ref"), str):
            waiting.append(definitions.get(split(here["$ref"].removeprefix("#"))[1], {}))
        for keyword in ALTERNATIVES:
            waiting.extend(reversed(here.get(keyword, ())))
        waiting.extend(here[keyword] for keyword in CONDITIONALS if keyword in here)
        waiting.extend(here.get("dependentSchemas", {}).values())
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Top:
    """What a schema says of the value itself: its branches, the names that they document, whether it is a map."""

    found: tuple[Schema, ...]
    names: frozenset[str]
    is_map: bool


_tops: dict[int, tuple[Schema, Top]] = {}
_MOST_TOPS = 4096


def top(schema: Schema) -> Top:
    """What `schema` with its own `$defs` says of the value itself, kept by the schema's identity."""
    known = _tops.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_tops) >= _MOST_TOPS:
        _tops.clear()
    found = branches(schema, schema.get("$defs", {}))
    made = Top(found, names(found), is_map(found))
    _tops[id(schema)] = (schema, made)
    return made


def names(found: Iterable[Schema]) -> frozenset[str]:
    """The property names that `branches` document; one that may not be there (`false`) is none."""
    return frozenset(
        name for branch in found for name, rule in branch.get("properties", {}).items() if rule is not False
    )


def is_open(found: Iterable[Schema]) -> bool:
    """Whether no branch says anything about names that it does not document."""
    return not any(keyword in branch for branch in found for keyword in CLOSING)


def is_map(found: Iterable[Schema]) -> bool:
    """Whether a branch promises values under names of the sender's choice."""
    return any(
        isinstance(branch.get("additionalProperties"), Mapping) or "patternProperties" in branch for branch in found
    )


def types(found: Iterable[Schema]) -> frozenset[str]:
    """The JSON types that branches name, `null` left out; a number covers the integer."""
    named: set[str] = set()
    for branch in found:
        kind = branch.get("type", ())
        named.update([kind] if isinstance(kind, str) else kind)
    return frozenset("number" if name == "integer" else name for name in named - {"null"})


def formats(found: Iterable[Schema]) -> frozenset[str]:
    """The formats that branches name."""
    return frozenset(str(branch["format"]) for branch in found if "format" in branch)


def children(found: Iterable[Schema], token: str | int) -> tuple[Json, ...]:
    """The schemas that branches give the property or array item `token`."""
    chosen: list[Json] = []
    for branch in found:
        if isinstance(token, str):
            rules = branch.get("properties", {})
            chosen += [rules[token]] if token in rules else []
            continue
        first = branch.get("prefixItems", ())
        chosen += [first[token]] if token < len(first) else [branch["items"]] if "items" in branch else []
    return tuple(chosen)


def items(found: Iterable[Schema]) -> tuple[Json, ...]:
    """The schemas that branches give the items of an array, wherever they stand."""
    return tuple(rule for branch in found for rule in (*branch.get("prefixItems", ()), branch.get("items")) if rule)


def alternatives(found: Iterable[Schema], definitions: Mapping[str, Json]) -> tuple[tuple[str, Schema], ...]:
    """The branches of the unions among `branches`, each with a name, where types do not tell them apart."""
    chosen: list[tuple[str, Schema]] = []
    for branch in found:
        for keyword in ("anyOf", "oneOf"):
            rules = branch.get(keyword, ())
            kinds = [types(branches(rule, definitions)) for rule in rules]
            if any(first & second for at, first in enumerate(kinds) for second in kinds[:at]):
                chosen += [
                    (called(rule) or f"{keyword}/{at}", {"allOf": [rule], "$defs": definitions})
                    for at, rule in enumerate(rules)
                ]
    return tuple(chosen)


def called(rule: Json) -> str:
    """The name that a branch of a union has by its `$ref` or its title; `""` where it has none."""
    if isinstance(rule, Mapping) and isinstance(rule.get("$ref"), str):
        return split(rule["$ref"])[-1]
    title = rule.get("title") if isinstance(rule, Mapping) else None
    return title if isinstance(title, str) else ""


def property_pointers(schema: Json, definitions: Mapping[str, Json]) -> frozenset[str]:
    """The pointers of the properties at the top of `schema`, an array's items as `*`."""
    found = branches(schema, definitions)
    tops = frozenset(join("", name) for name in names(found))
    items = [rule for branch in found if isinstance(rule := branch.get("items"), Mapping)]
    inner = [branch for rule in items for branch in branches(rule, definitions)] if not tops else []
    return tops | frozenset(join("", "*", name) for name in names(inner))


def present(value: Json) -> frozenset[str]:
    """The pointers of the properties at the top of `value`, an array's items as `*`."""
    if isinstance(value, list):
        return frozenset(join("", "*", name) for item in value if isinstance(item, dict) for name in item)
    return frozenset(map(_top, value)) if isinstance(value, dict) else frozenset()


@functools.lru_cache(maxsize=4096)
def _top(name: str) -> str:
    return join("", name)


@dataclass(slots=True)
class Known:
    """What some schemas of the same value say of its names and of the parts below; kept by their identity.

    `found` are all that speak of the value, `documented` the names that an open object's schemas speak of, None where
    they speak of none or are not open.
    """

    definitions: Mapping[str, Json]
    rules: tuple[Json, ...]
    found: tuple[Schema, ...]
    documented: frozenset[str] | None
    children: dict[str | int, tuple[Json, ...]] = field(default_factory=dict)
    branches: tuple[tuple[str, Schema], ...] | None = None


_MOST_BELOW = 2000
_MOST_KNOWN = 20_000
_known: dict[tuple[int, ...], Known] = {}


def about(rules: tuple[Json, ...], definitions: Mapping[str, Json]) -> Known:
    """What schemas of the same value say, found once."""
    key = (id(definitions), *map(id, rules))
    known = _known.get(key)
    if known is not None and known.definitions is definitions and all(map(is_, known.rules, rules)):
        return known
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    found = tuple(branch for rule in rules for branch in branches(rule, definitions))
    named = names(found)
    made = Known(definitions, rules, found, named if named and is_open(found) else None)
    _known[key] = made
    return made


def below(known: Known, token: str | int) -> tuple[Json, ...]:
    """As `children`, found once."""
    if token not in known.children:
        if len(known.children) >= _MOST_BELOW:
            known.children.clear()
        known.children[token] = children(known.found, token)
    return known.children[token]


def choices(known: Known) -> tuple[tuple[str, Schema], ...]:
    """As `alternatives`, found once."""
    if known.branches is None:
        known.branches = alternatives(known.found, known.definitions)
    return known.branches


def undocumented(value: Json, schema: Json, definitions: Mapping[str, Json]) -> Iterator[str]:
    """The pointers, array items as `*`, of properties under names that an open schema does not document."""
    stack: list[tuple[str, Json, tuple[Json, ...]]] = [("", value, (schema,))]
    while stack:
        pointer, here, rules = stack.pop()
        if not isinstance(here, dict | list) or not rules:
            continue
        known = about(rules, definitions)
        if isinstance(here, list):
            stack.extend((join(pointer, "*"), item, below(known, index)) for index, item in enumerate(here))
            continue
        if known.documented is not None:
            yield from (join(pointer, name) for name in here if name not in known.documented)
        stack.extend((join(pointer, name), item, below(known, name)) for name, item in here.items())
