"""How what two schemas say holds together, keyword by keyword."""

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.schemas.keywords import TYPES
from accord.schemas.patterns import compile_pattern, found


def matches(pattern: str, text: str) -> bool:
    """Whether an ECMA-262 pattern is found in `text`; one that cannot be compiled is not."""
    compiled = compile_pattern(pattern)
    return compiled is not None and found(compiled, text)


def all_of(*schemas: Json) -> Json:
    """One schema that holds all of `schemas`, in the simplest form."""
    if any(schema is False for schema in schemas):
        return False
    rest = [schema for schema in schemas if schema is not True and schema != {}]
    if len(rest) > 1:
        different: dict[str, Json] = {}
        for schema in rest:
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


JOIN: Mapping[str, Callable[[Any, Any], Json]] = MappingProxyType(
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
        "items": lambda one, _other: one,
        "prefixItems": lambda one, _other: one,
        "properties": lambda one, _other: one,
        "patternProperties": lambda one, _other: one,
        "additionalProperties": lambda one, _other: one,
    }
)
"""How two values of a keyword hold together; one that is not here (pattern, format, contains) is held to later."""
