"""What a schema refuses, as a union of schemas: one for each of its keywords, where each can be turned round."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.schemas.keywords import TYPES, assertions

_TOGETHER = (
    ("properties", "patternProperties", "additionalProperties"),
    ("prefixItems", "items"),
    ("contains", "minContains", "maxContains"),
    ("if", "then", "else"),
)
_MOST = 12
_KINDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("pattern", "format", "minLength", "maxLength"), "string")
    | dict.fromkeys(("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "number")
    | dict.fromkeys(("items", "prefixItems", "contains", "uniqueItems", "minItems", "maxItems"), "array")
    | dict.fromkeys(("properties", "patternProperties", "additionalProperties", "propertyNames"), "object")
    | dict.fromkeys(("dependentRequired", "dependentSchemas", "minProperties", "maxProperties"), "object")
)
"""The only type of value that a keyword can refuse."""


def complement(schema: Json) -> list[Json] | None:
    """Schemas that hold together exactly the values that `schema` refuses; None where that is not told apart."""
    if not isinstance(schema, Mapping):
        return [] if schema else [True]
    kept = assertions(schema)
    if any(key.startswith("unevaluated") for key in kept):
        return None
    found: list[Json] = []
    for group in _groups(kept):
        parts = _turned(group)
        if parts is None and len(group) == len(kept):
            return None
        found += [_refusing(group)] if parts is None else parts
    return found if len(found) <= _MOST else None


def _groups(schema: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    done: set[str] = set()
    for key in schema:
        if key not in done:
            together = next((keys for keys in _TOGETHER if key in keys), (key,))
            yield {name: schema[name] for name in together if name in schema}
            done |= set(together)


def _refusing(group: Mapping[str, Json]) -> Json:
    kind = _KINDS.get(next(iter(group)))
    return {"not": dict(group)} | ({"type": kind} if kind else {})


def _turned(group: Mapping[str, Json]) -> list[Json] | None:
    if _asserts_nothing(group):
        return []
    if len(group) > 1:
        return None
    ((key, value),) = group.items()
    turn = _TURNED.get(key)
    return None if turn is None else turn(value)


def _asserts_nothing(group: Mapping[str, Json]) -> bool:
    conditional = group.keys() <= {"if", "then", "else"} and not ("if" in group and len(group) > 1)
    return conditional or group.keys() <= {"minContains", "maxContains"} or group.get("uniqueItems") is False


def _types(value: Json) -> list[Json]:
    refused = {value} if isinstance(value, str) else set(value)
    rest = [name for name in TYPES if name not in refused | {"integer"}]
    if "integer" in refused and "number" not in refused:
        rest.remove("number")
        return [{"type": "number", "not": {"multipleOf": 1}}, *([{"type": rest}] if rest else [])]
    return [{"type": rest}] if rest else []


def _limit(kind: str, keyword: str) -> Callable[[Any], list[Json]]:
    return lambda value: [{"type": kind, keyword: value}]


def _least(kind: str, keyword: str) -> Callable[[Any], list[Json]]:
    return lambda value: [{"type": kind, keyword: value - 1}] if value > 0 else []


def _most(kind: str, keyword: str) -> Callable[[Any], list[Json]]:
    return lambda value: [{"type": kind, keyword: value + 1}]


_TURNED: Mapping[str, Callable[[Any], list[Json]]] = MappingProxyType(
    {
        "type": _types,
        "not": lambda value: [value],
        "anyOf": lambda value: [{"allOf": [{"not": part} for part in value]}],
        "allOf": lambda value: [{"not": part} for part in value],
        "minimum": _limit("number", "exclusiveMaximum"),
        "maximum": _limit("number", "exclusiveMinimum"),
        "exclusiveMinimum": _limit("number", "maximum"),
        "exclusiveMaximum": _limit("number", "minimum"),
        "minLength": _least("string", "maxLength"),
        "maxLength": _most("string", "minLength"),
        "minItems": _least("array", "maxItems"),
        "maxItems": _most("array", "minItems"),
        "minProperties": _least("object", "maxProperties"),
        "maxProperties": _most("object", "minProperties"),
        "required": lambda value: [{"type": "object", "properties": {name: False}} for name in value],
        "properties": lambda value: [
            {"type": "object", "required": [name], "properties": {name: {"not": part}}} for name, part in value.items()
        ],
        "items": lambda value: [{"type": "array", "contains": {"not": value}}],
        "contains": lambda value: [{"type": "array", "items": {"not": value}}],
    }
)
