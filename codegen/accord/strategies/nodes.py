"""Nodes: what can be drawn, as plain data, between a schema and a strategy, and between a schema and source text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias, Union

from accord.document import Json, unescape
from accord.schemas import kinds
from accord.schemas.keywords import TYPES, assertions
from accord.strategies.merging import Branch, all_of, branches, matches
from accord.strategies.recursion import described, recursive


@dataclass(frozen=True, slots=True)
class Constants:
    """One of a few values."""

    values: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A number between inclusive bounds, whole unless `fractions`; `None` is no bound."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    multiple_of: float | None = None
    fractions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string: lengths in characters, an ECMA-262 pattern, a format."""

    minimum: int = 0
    maximum: int | None = None
    pattern: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """An array: `prefix` by position, `items` after it, some of them like `contains`."""

    prefix: tuple["Node", ...] = ()
    items: Union["Node", None] = None
    minimum: int = 0
    maximum: int | None = None
    unique: bool = False
    contains: Union["Node", None] = None
    fewest: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object: `required` and `optional` by name, `patterns` by the pattern of the name, `rest` for other names."""

    required: Mapping[str, "Node"] = field(default_factory=lambda: MappingProxyType({}))
    optional: Mapping[str, "Node"] = field(default_factory=lambda: MappingProxyType({}))
    patterns: Mapping[str, "Node"] = field(default_factory=lambda: MappingProxyType({}))
    rest: Union["Node", None] = None
    names: Union["Node", None] = None
    minimum: int = 0
    maximum: int | None = None
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    forbidden: frozenset[str] = frozenset()

    @property
    def is_closed(self) -> bool:
        """Whether only declared names are drawn: where others are refused, or merely not spoken of."""
        if self.rest is None:
            return True
        short = self.minimum > len(self.required) + len(self.optional)
        spoken = bool(self.required or self.optional or self.patterns)
        return isinstance(self.rest, Anything) and spoken and not short


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, the plainest first; none at all when empty."""

    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A definition of the contract."""

    name: str


@dataclass(frozen=True, slots=True)
class Late:
    """What `schema` (without its `$defs`) describes by definitions that lead back to it, looked at when it is drawn."""

    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Held:
    """What `node` gives, as far as `schema` (without its `$defs`) accepts it."""

    node: "Node"
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value."""


Node: TypeAlias = Constants | Numbers | Text | Array | Object | Either | Named | Late | Held | Anything

NOTHING = Either(())
_DEFAULT_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_TYPED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"}),
        "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
        "array": frozenset(
            {"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"}
        ),
        "object": frozenset(
            {
                "properties",
                "required",
                "additionalProperties",
                "patternProperties",
                "propertyNames",
                "minProperties",
                "maxProperties",
                "dependentRequired",
                "dependentSchemas",
                "unevaluatedProperties",
            }
        ),
    }
)


def node(schema: Json, definitions: Mapping[str, Json]) -> Node:
    """What can be drawn for `schema`."""
    if isinstance(schema, Mapping):
        told = assertions(schema)
        if not told:
            return Anything()
        if told.keys() == {"$ref"}:
            return Named(unescape(told["$ref"].removeprefix("#/$defs/")))
    alternatives = branches(schema, definitions, apart=True)
    options: dict[str, Node] = {}
    for branch in alternatives:
        for option in _branch(branch, definitions):
            options.setdefault(repr(option), option)
    found = tuple(sorted(options.values(), key=_plainness))
    whole: Node = found[0] if len(found) == 1 else Either(found)
    exact = all(branch.exact and _is_exact(branch.keywords) for branch in alternatives)
    return whole if exact or not found else Held(whole, {key: schema[key] for key in schema if key != "$defs"})


def _part(schema: Json, definitions: Mapping[str, Json]) -> Node:
    """What can be drawn for `schema`, of a part of a value; where that may have such a part itself, it is `Late`."""
    composed = isinstance(schema, Mapping) and assertions(schema).keys() != {"$ref"}
    return Late(schema) if composed and described(schema) & recursive(definitions) else node(schema, definitions)


def _plainness(option: Node) -> int:
    order: tuple[type, ...] = (Constants, Text, Numbers, Anything, Array, Object)
    inner = option.node if isinstance(option, Held) else option
    return order.index(type(inner)) if type(inner) in order else len(order)


def _is_exact(keywords: Mapping[str, Json]) -> bool:
    """Whether the keywords are all looked after by the nodes themselves."""
    if "enum" in keywords:
        return keywords.keys() <= {"enum", "type"}
    names = set(keywords.get("properties", ())) | set(keywords.get("required", ()))
    if any(matches(pattern, name) for pattern in keywords.get("patternProperties", ()) for name in names):
        return False
    loose = {"dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "not", "propertyNames", "contains"}
    counted = "dependentRequired" in keywords and not _brings_declared(keywords)
    several = len(keywords.get("patternProperties", ())) > 1
    both = "pattern" in keywords and bool({"format", "minLength", "maxLength"} & keywords.keys())
    return not (several or both or counted or keywords.keys() & loose)


def _brings_declared(keywords: Mapping[str, Json]) -> bool:
    """Whether every name that another brings with it has a place of its own, and room."""
    declared = {name for name, schema in keywords.get("properties", {}).items() if schema is not False}
    brought = {name for names in keywords["dependentRequired"].values() for name in names}
    return "maxProperties" not in keywords and brought <= declared


def _branch(branch: Branch, definitions: Mapping[str, Json]) -> tuple[Node, ...]:
    keywords = branch.keywords
    allowed = keywords.get("type", _DEFAULT_TYPES)
    if "enum" in keywords:
        fitting = {kinds.kind(member) for member in keywords["enum"]} & (
            set(allowed) | ({"integer"} if "number" in allowed else set())
        )
        members = tuple(member for member in keywords["enum"] if kinds.kind(member) in fitting)
        return (Constants(members),) if members else ()
    if "type" not in keywords and not any(keywords.keys() & typed for typed in _TYPED.values()):
        return (Anything(),)
    makers = {"number": _numbers, "integer": _numbers, "string": _text, "array": _array, "object": _object}
    found: list[Node] = []
    for kind in TYPES:
        if kind not in allowed or (kind == "integer" and "number" in allowed):
            continue
        if kind == "null":
            found.append(Constants((None,)))
        elif kind == "boolean":
            found.append(Constants((False, True)))
        else:
            made = makers[kind](keywords, kind, definitions)
            found += [] if made is None else [made]
    return tuple(found)


def _numbers(keywords: Mapping[str, Json], kind: str, _definitions: Mapping[str, Json]) -> Node | None:
    low, high = keywords.get("minimum"), keywords.get("maximum")
    if keywords.get("format") in {"int32", "int64"}:
        bits = 31 if keywords["format"] == "int32" else 63
        low = -(2**bits) if low is None else max(low, -(2**bits))
        high = 2**bits - 1 if high is None else min(high, 2**bits - 1)
    return Numbers(
        minimum=low,
        maximum=high,
        above=keywords.get("exclusiveMinimum"),
        below=keywords.get("exclusiveMaximum"),
        multiple_of=keywords.get("multipleOf"),
        fractions=kind == "number",
    )


def _text(keywords: Mapping[str, Json], _kind: str, _definitions: Mapping[str, Json]) -> Node | None:
    return Text(
        minimum=int(keywords.get("minLength", 0)),
        maximum=int(keywords["maxLength"]) if "maxLength" in keywords else None,
        pattern=keywords.get("pattern"),
        format=keywords.get("format"),
    )


def _array(keywords: Mapping[str, Json], _kind: str, definitions: Mapping[str, Json]) -> Node | None:
    prefix = tuple(_part(item, definitions) for item in keywords.get("prefixItems", ()))
    rest = keywords.get("items", keywords.get("unevaluatedItems", True))
    most = int(keywords["maxItems"]) if "maxItems" in keywords else None
    if NOTHING in prefix:
        prefix, rest = prefix[: prefix.index(NOTHING)], False
    if rest is False:
        most = len(prefix) if most is None else min(most, len(prefix))
    return Array(
        prefix=prefix,
        items=None if rest is False else _part(rest, definitions),
        minimum=int(keywords.get("minItems", 0)),
        maximum=most,
        unique=keywords.get("uniqueItems") is True,
        contains=_part(all_of(rest, keywords["contains"]), definitions) if "contains" in keywords else None,
        fewest=int(keywords.get("minContains", 1)),
        most=int(keywords["maxContains"]) if "maxContains" in keywords else None,
    )


def _object(keywords: Mapping[str, Json], _kind: str, definitions: Mapping[str, Json]) -> Node | None:
    declared = dict(keywords.get("properties", {}))
    patterns = keywords.get("patternProperties", {})
    rest = keywords.get("additionalProperties", keywords.get("unevaluatedProperties", True))
    wanted = keywords.get("required", ())
    for name in wanted:
        if name not in declared:
            fitting = [schema for pattern, schema in patterns.items() if matches(pattern, name)]
            declared[name] = all_of(*fitting) if fitting else rest
    made = {name: _part(schema, definitions) for name, schema in declared.items()}
    if any(made[name] == NOTHING for name in wanted):
        return None
    return Object(
        required={name: made[name] for name in declared if name in wanted},
        optional={name: made[name] for name in declared if name not in wanted and made[name] != NOTHING},
        patterns={pattern: _part(schema, definitions) for pattern, schema in patterns.items()},
        rest=None if rest is False else _part(rest, definitions),
        names=_part(all_of({"type": "string"}, keywords["propertyNames"]), definitions)
        if "propertyNames" in keywords
        else None,
        minimum=int(keywords.get("minProperties", 0)),
        maximum=int(keywords["maxProperties"]) if "maxProperties" in keywords else None,
        needs={name: tuple(others) for name, others in keywords.get("dependentRequired", {}).items()},
        forbidden=frozenset(name for name, made_ in made.items() if made_ == NOTHING),
    )
