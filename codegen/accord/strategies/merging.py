"""A schema as alternatives without compositions: `$ref`, `allOf`, `anyOf`, `oneOf`, `if` resolved beforehand."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any

from accord import kinds
from accord.document import Json, unescape
from accord.keywords import ANNOTATIONS, TYPES, assertions
from accord.patterns import compile_pattern, found
from accord.strategies.negating import negated

_MOST_BRANCHES = 64
_COMPOSED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "$defs"})


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative: keywords that hold together, none of them a composition.

    `exact` says that every value drawn from the keywords is valid; else it still has to be held to the whole schema.
    """

    keywords: Mapping[str, Json]
    exact: bool = True


def branches(schema: Json, definitions: Mapping[str, Json]) -> tuple[Branch, ...]:
    """The alternatives of `schema`, in its order; none when nothing can be valid."""
    found_ = _expand(schema, definitions, frozenset())
    kept = [branch for branch in found_ if branch.keywords.get("type") != [] and branch.keywords.get("enum") != []]
    return tuple(kept[:_MOST_BRANCHES])


def _expand(schema: Json, definitions: Mapping[str, Json], seen: frozenset[str]) -> list[Branch]:
    if not isinstance(schema, Mapping):
        return [Branch({})] if schema is True else []
    own = {key: value for key, value in schema.items() if key not in _COMPOSED | ANNOTATIONS and key[:2] != "x-"}
    opposite = negated(own["not"]) if "not" in own else None
    if opposite is not None:
        del own["not"]
    result = [Branch(_normal(own), exact=not (own.keys() & {"not", "unevaluatedProperties", "unevaluatedItems"}))]
    if opposite is not None:
        result = _both(result, _expand(opposite, definitions, seen))
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        target = definitions[unescape(reference.removeprefix("#/$defs/"))]
        result = _both(result, _expand(target, definitions, seen | {reference}))
    for part in schema.get("allOf", ()):
        result = _both(result, _expand(part, definitions, seen))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and not (keyword == "anyOf" and any(map(is_free, schema[keyword]))):
            parts = [_expand(part, definitions, seen) for part in schema[keyword]]
            exact = keyword == "anyOf" or _disjoint(schema[keyword], definitions)
            either = [Branch(item.keywords, exact=item.exact and exact) for item in _in_turn(parts)]
            result = _both(result, either)
    if "if" in schema and schema.keys() & {"then", "else"}:
        held = _both(_expand(schema["if"], definitions, seen), _expand(schema.get("then", True), definitions, seen))
        other = _expand(schema.get("else", True), definitions, seen)
        either = [*held, *(Branch(item.keywords, exact=False) for item in other)]
        result = _both(result, [Branch(item.keywords, exact=False) for item in either])
    return result


def is_free(schema: Json) -> bool:
    """Whether `schema` asserts nothing at all."""
    return schema is True or (isinstance(schema, Mapping) and not assertions(schema))


def _in_turn(parts: list[list[Branch]]) -> list[Branch]:
    """Every part's first alternative before any part's second, so that a cut loses none of the parts."""
    longest = max(map(len, parts), default=0)
    return [part[index] for index in range(longest) for part in parts if index < len(part)]


def _disjoint(parts: Iterable[Json], definitions: Mapping[str, Json]) -> bool:
    """Whether no value can fit two of `parts`, told by type, or by a required property with different constants."""
    known = [kinds.kinds(part, definitions) - {"number"} for part in parts]
    if all(not (one & other) for index, one in enumerate(known) for other in known[:index]):
        return True
    tags = [_tags(part, definitions) for part in parts]
    shared = set(tags[0]).intersection(*tags[1:]) if tags else set()
    return any(
        all(not (tag[name] & other[name]) for index, tag in enumerate(tags) for other in tags[:index])
        for name in shared
    )


def _tags(part: Json, definitions: Mapping[str, Json]) -> dict[str, frozenset[str]]:
    schema = kinds.follow(part, definitions)
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return {}
    found_ = {}
    for name in schema.get("required", ()):
        held = kinds.follow(schema.get("properties", {}).get(name, True), definitions)
        if isinstance(held, Mapping) and ("const" in held or "enum" in held):
            members = [held["const"]] if "const" in held else held["enum"]
            found_[name] = frozenset(map(key_of, members))
    return found_


def _normal(keywords: dict[str, Json]) -> dict[str, Json]:
    if "type" in keywords:
        names = [keywords["type"]] if isinstance(keywords["type"], str) else list(keywords["type"])
        keywords["type"] = names
    if "const" in keywords:
        members = [keywords.pop("const")]
        keywords["enum"] = (
            [item for item in keywords["enum"] if key_of(item) == key_of(members[0])] if "enum" in keywords else members
        )
    return keywords


def _both(some: list[Branch], others: list[Branch]) -> list[Branch]:
    merged = [_merge(one, other) for one in some for other in others]
    return merged[:_MOST_BRANCHES]


def _merge(one: Branch, other: Branch) -> Branch:
    if not one.keywords or not other.keywords:
        return Branch(one.keywords or other.keywords, exact=one.exact and other.exact)
    held = dict(one.keywords)
    exact = one.exact and other.exact
    for key, value in other.keywords.items():
        if key not in held:
            held[key] = value
        elif held[key] != value:
            joined = _JOIN.get(key)
            if joined is None:
                exact = False
            else:
                held[key] = joined(held[key], value)
    if held.keys() & {"properties", "additionalProperties", "patternProperties"}:
        held |= _joined_objects(one.keywords, other.keywords)
    return Branch(held, exact=exact)


def _joined_objects(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """`properties`, `patternProperties` and `additionalProperties` of two schemas that hold together."""
    names = dict.fromkeys((*one.get("properties", {}), *other.get("properties", {})))
    result: dict[str, Json] = {}
    if names:
        result["properties"] = {name: all_of(_applies(one, name), _applies(other, name)) for name in names}
    patterns = {**one.get("patternProperties", {})}
    for pattern, schema in other.get("patternProperties", {}).items():
        patterns[pattern] = all_of(patterns.get(pattern, True), schema)
    if patterns:
        result["patternProperties"] = patterns
    if "additionalProperties" in one or "additionalProperties" in other:
        result["additionalProperties"] = all_of(
            one.get("additionalProperties", True), other.get("additionalProperties", True)
        )
    return result


def _applies(keywords: Mapping[str, Json], name: str) -> Json:
    """What `keywords` say of the property `name`, by name, by pattern or by default."""
    patterns = [schema for pattern, schema in keywords.get("patternProperties", {}).items() if matches(pattern, name)]
    declared = keywords.get("properties", {})
    if name in declared:
        return all_of(declared[name], *patterns)
    return all_of(*patterns) if patterns else keywords.get("additionalProperties", True)


def matches(pattern: str, text: str) -> bool:
    """Whether an ECMA-262 pattern is found in `text`; one that cannot be compiled is not."""
    compiled = compile_pattern(pattern)
    return compiled is not None and found(compiled, text)


def all_of(*schemas: Json) -> Json:
    """One schema that holds all of `schemas`, in the simplest form."""
    if any(schema is False for schema in schemas):
        return False
    different: dict[str, Json] = {}
    for schema in schemas:
        if schema is not True and schema != {}:
            different.setdefault(key_of(schema), schema)
    rest = list(different.values())
    return True if not rest else rest[0] if len(rest) == 1 else {"allOf": rest}


def key_of(value: Json) -> str:
    """A text that equal JSON values share: 1 and 1.0 are equal, 1 and true are not."""
    return (
        json.dumps(value, sort_keys=True, default=dict)
        if not _has_float(value)
        else json.dumps(_plain(value), sort_keys=True)
    )


def _has_float(value: Json) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_float, value.values()))
    return any(map(_has_float, value)) if isinstance(value, list) else isinstance(value, float)


def _plain(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _types(one: list[str], other: list[str]) -> list[str]:
    both = [name for name in TYPES if name in one and name in other]
    for narrow, wide in ((one, other), (other, one)):
        if "integer" in narrow and "number" in wide and "integer" not in both and "number" not in both:
            both.append("integer")
    return both


def _members(one: list[Json], other: list[Json]) -> list[Json]:
    known = set(map(key_of, other))
    return [member for member in one if key_of(member) in known]


def _common_multiple(one: float, other: float) -> float:
    first, second = Fraction(str(one)), Fraction(str(other))
    both = Fraction(
        lcm(first.numerator * second.denominator, second.numerator * first.denominator),
        first.denominator * second.denominator,
    )
    return int(both) if both.denominator == 1 else float(both)


def _needs(one: Mapping[str, list[str]], other: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: list(dict.fromkeys((*one.get(name, ()), *other.get(name, ())))) for name in {**one, **other}}


def _schemas(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    return {name: all_of(one.get(name, True), other.get(name, True)) for name in {**one, **other}}


def _prefixes(one: list[Json], other: list[Json]) -> list[Json]:
    longest = max(len(one), len(other))
    padded = [(list(item) + [True] * longest)[:longest] for item in (one, other)]
    return [all_of(*pair) for pair in zip(*padded, strict=True)]


_JOIN: Mapping[str, Callable[[Any, Any], Json]] = MappingProxyType(
    dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"), max)
    | dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"), min)
    | {
        "type": _types,
        "enum": _members,
        "multipleOf": _common_multiple,
        "required": lambda one, other: list(dict.fromkeys((*one, *other))),
        "uniqueItems": lambda one, other: one or other,
        "dependentRequired": _needs,
        "dependentSchemas": _schemas,
        "propertyNames": all_of,
        "items": all_of,
        "prefixItems": _prefixes,
        "properties": lambda one, _other: one,
        "patternProperties": lambda one, _other: one,
        "additionalProperties": lambda one, _other: one,
    }
)
"""How two values of a keyword hold together; one that is not here (pattern, format, contains) is held to later."""
