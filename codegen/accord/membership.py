"""A second judge of validity, written apart from the authority: each witness has to convince both.

It abstains where it does not know a keyword, and then the authority alone decides.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from accord import formats, patterns
from accord.canonical import kind_of
from accord.document import Json, unescape
from accord.keywords import ANNOTATIONS
from accord.strategies.merging import key_of

_MOST_DEPTH = 64


class AbstainedError(ValueError):
    """The schema says something that this judge does not know."""


def agrees(schema: Json, value: Json, definitions: Mapping[str, Json], *, valid: bool) -> bool:
    """Whether this judge too finds `value` valid, or invalid, as `valid` says; one that abstains agrees."""
    try:
        return has(schema, value, definitions) is valid
    except (AbstainedError, RecursionError):
        return True


def has(schema: Json, value: Json, definitions: Mapping[str, Json], depth: int = 0) -> bool:
    """Whether `schema` holds `value`. Raises AbstainedError for a keyword it does not know."""
    if not isinstance(schema, Mapping):
        return bool(schema)
    if depth > _MOST_DEPTH:
        raise AbstainedError

    def inner(part: Json, item: Json) -> bool:
        return has(part, item, definitions, depth + 1)

    for keyword, promise in schema.items():
        if keyword in ANNOTATIONS or keyword in _BESIDE or keyword.startswith("x-"):
            continue
        if keyword == "$ref":
            if not inner(definitions[unescape(promise.removeprefix("#/$defs/"))], value):
                return False
        elif keyword not in _JUDGES:
            raise AbstainedError
        elif not _JUDGES[keyword](inner, schema, promise, value):
            return False
    return True


def _type(_inner: Any, _schema: Any, promise: Json, value: Json) -> bool:
    kind = kind_of(value)
    names = [promise] if isinstance(promise, str) else promise
    return kind in names or (kind == "number" and "integer" in names and value == int(value))


def _number(compare: Callable[[Decimal, Decimal], bool]) -> Any:
    def judge(_inner: Any, _schema: Any, promise: Json, value: Json) -> bool:
        return kind_of(value) != "number" or compare(Decimal(str(value)), Decimal(str(promise)))

    return judge


def _size(kind: str, *, least: bool) -> Any:
    def judge(_inner: Any, _schema: Any, promise: Json, value: Json) -> bool:
        return kind_of(value) != kind or (len(value) >= promise if least else len(value) <= promise)

    return judge


def _pattern(_inner: Any, _schema: Any, promise: Json, value: Json) -> bool:
    compiled = patterns.compile_pattern(promise)
    return not isinstance(value, str) or compiled is None or patterns.found(compiled, value)


def _members(inner: Any, schema: Any, _promise: Json, value: Json) -> bool:
    if not isinstance(value, dict):
        return True
    for name, item in value.items():
        met = [part for key, part in schema.get("properties", {}).items() if key == name]
        met += [part for key, part in schema.get("patternProperties", {}).items() if _pattern(None, None, key, name)]
        if not all(inner(part, item) for part in met or [schema.get("additionalProperties", True)]):
            return False
    return True


def _items(inner: Any, schema: Any, _promise: Json, value: Json) -> bool:
    prefix = schema.get("prefixItems", [])
    parts = (
        [*prefix, *[schema.get("items", True)] * max(0, len(value) - len(prefix))] if isinstance(value, list) else []
    )
    return not isinstance(value, list) or all(inner(part, item) for part, item in zip(parts, value, strict=False))


def _condition(inner: Any, schema: Any, promise: Json, value: Json) -> bool:
    return bool(inner(schema.get("then" if inner(promise, value) else "else", True), value))


_JUDGES: Mapping[str, Any] = MappingProxyType(
    {
        "type": _type,
        "enum": lambda _i, _s, promise, value: key_of(value) in map(key_of, promise),
        "const": lambda _i, _s, promise, value: key_of(value) == key_of(promise),
        "minimum": _number(lambda value, bound: value >= bound),
        "maximum": _number(lambda value, bound: value <= bound),
        "exclusiveMinimum": _number(lambda value, bound: value > bound),
        "exclusiveMaximum": _number(lambda value, bound: value < bound),
        "multipleOf": _number(lambda value, step: value % step == 0),
        "minLength": _size("string", least=True),
        "maxLength": _size("string", least=False),
        "minItems": _size("array", least=True),
        "maxItems": _size("array", least=False),
        "minProperties": _size("object", least=True),
        "maxProperties": _size("object", least=False),
        "pattern": _pattern,
        "format": lambda _i, _s, promise, value: formats.is_format(promise, value),
        "required": lambda _i, _s, promise, value: (
            not isinstance(value, dict) or all(name in value for name in promise)
        ),
        "uniqueItems": lambda _i, _s, promise, value: (
            not promise or not isinstance(value, list) or len(set(map(key_of, value))) == len(value)
        ),
        **dict.fromkeys(("properties", "patternProperties", "additionalProperties"), _members),
        **dict.fromkeys(("items", "prefixItems"), _items),
        "allOf": lambda inner, _s, promise, value: all(inner(part, value) for part in promise),
        "anyOf": lambda inner, _s, promise, value: any(inner(part, value) for part in promise),
        "oneOf": lambda inner, _s, promise, value: sum(inner(part, value) for part in promise) == 1,
        "not": lambda inner, _s, promise, value: not inner(promise, value),
        "if": _condition,
    }
)
_BESIDE = frozenset({"then", "else", "$defs"})
