"""How the authority asserts each keyword that accord configures, and where its `$ref`s lead."""

import functools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import jsonschema

from accord.contract import Schema
from accord.document import Json, unescape
from accord.schemas.formats import is_format
from accord.schemas.patterns import compile_pattern, found

_Errors = Iterator[jsonschema.ValidationError]


def checker(schema: Json, definitions: Mapping[str, Json]) -> Any:
    """The jsonschema validator of `schema` whose `$ref`s lead into `definitions`."""
    return _made()(schema, _resolver=definitions)


@functools.cache
def _made() -> Any:
    """The one validator class; it is dear to make, so what differs is handed over in place of its resolver."""
    made = jsonschema.validators.extend(jsonschema.Draft202012Validator, _KEYWORDS)  # type: ignore[no-untyped-call]
    made.descend = _descend
    made.is_type = lambda _self, instance, name: TYPES[name](instance)
    return made


def _definition(checker: Any, ref: str) -> tuple[str, Json]:
    """The name and schema that `ref` leads to."""
    name = unescape(ref.removeprefix("#/$defs/"))
    return name, checker._resolver[name]  # noqa: SLF001  where `checker` puts the definitions


def is_number(value: Json) -> bool:
    """Whether `value` is a number of JSON, which booleans are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: Mapping[str, Callable[[Json], bool]] = MappingProxyType(
    {
        "null": lambda value: value is None,
        "boolean": lambda value: isinstance(value, bool),
        "integer": lambda value: is_number(value) and (isinstance(value, int) or value.is_integer()),
        "number": is_number,
        "string": lambda value: isinstance(value, str),
        "array": lambda value: isinstance(value, list),
        "object": lambda value: isinstance(value, dict),
    }
)
"""jsonschema's own types, without its persistent map: that one panics where Python would raise RecursionError."""


def _descend(
    checker: Any, instance: Json, schema: Json, path: str | int | None = None, schema_path: str | int | None = None
) -> _Errors:
    """Jsonschema's `descend` without a new validator a level, and with the path of a value that `false` refuses."""
    if schema is True:
        return
    if schema is False:
        yield _placed(_refused_by_false(instance), path, schema_path)
        return
    for keyword, expected in schema.items():
        check = checker.VALIDATORS.get(keyword)
        for error in (check(checker, expected, instance, schema) or ()) if check else ():
            error._set(  # noqa: SLF001  as jsonschema's own does
                validator=keyword,
                validator_value=expected,
                instance=instance,
                schema=schema,
                type_checker=checker.TYPE_CHECKER,
            )
            if keyword not in {"if", "$ref"}:
                error.schema_path.appendleft(keyword)
            yield _placed(error, path, schema_path)


def _refused_by_false(instance: Json) -> jsonschema.ValidationError:
    return jsonschema.ValidationError("", validator=None, validator_value=None, instance=instance, schema=False)  # type: ignore[arg-type]


def _placed(error: Any, path: str | int | None, schema_path: str | int | None) -> Any:
    if path is not None:
        error.path.appendleft(path)
    if schema_path is not None:
        error.schema_path.appendleft(schema_path)
    return error


def _reference(checker: Any, ref: str, instance: Json, _schema: Json) -> _Errors:
    name, schema = _definition(checker, ref)
    for error in checker.descend(instance, schema):
        if not hasattr(error, "promise"):
            error.promise = (name, tuple(error.relative_schema_path))
        yield error


def _format(_checker: Any, name: str, instance: Json, _schema: Json) -> _Errors:
    if not is_format(name, instance):
        yield jsonschema.ValidationError("")


def _multiple_of(checker: Any, divisor: float, instance: Json, _schema: Json) -> _Errors:
    if checker.is_type(instance, "number") and not is_multiple(instance, divisor):
        yield jsonschema.ValidationError("")


def is_multiple(number: float, divisor: float) -> bool:
    """Whether `number` is a whole multiple of `divisor`, both as the decimals they are written as."""
    if isinstance(number, int) and isinstance(divisor, int):
        return number % divisor == 0
    try:
        return (_decimal(number) / _decimal(divisor)).denominator == 1
    except ValueError:
        return False


def _decimal(number: float) -> Fraction:
    return Fraction(number if isinstance(number, int) else repr(number))


def _unique_items(_checker: Any, wanted: Json, instance: Json, _schema: Json) -> _Errors:
    if wanted is True and isinstance(instance, list) and len(set(map(identity, instance))) < len(instance):
        yield jsonschema.ValidationError("")


def identity(value: Json) -> Any:
    """What two JSON values share exactly when they are equal (JSON Schema 2020-12 core section 4.2.2)."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list):
        return (list, tuple(map(identity, value)))
    if isinstance(value, dict):
        return (dict, frozenset((name, identity(item)) for name, item in value.items()))
    return value


def _pattern(_checker: Any, pattern: str, instance: Json, _schema: Json) -> _Errors:
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield jsonschema.ValidationError("")


def _matches(pattern: str, text: str, *, otherwise: bool = True) -> bool:
    compiled = compile_pattern(pattern)
    return otherwise if compiled is None else found(compiled, text, otherwise=otherwise)


def _pattern_properties(checker: Any, patterns: Mapping[str, Json], instance: Json, _schema: Json) -> _Errors:
    if isinstance(instance, dict):
        for pattern, schema in patterns.items():
            for name, value in instance.items():
                if _matches(pattern, name, otherwise=False):
                    yield from checker.descend(value, schema, path=name, schema_path=pattern)


def additional(instance: Mapping[str, Json], schema: Schema) -> list[str]:
    """The names in `instance` that neither `properties` nor `patternProperties` of `schema` speak of."""
    patterns = schema.get("patternProperties", ())
    declared = schema.get("properties", ())
    return [
        name
        for name in instance
        if name not in declared and not any(_matches(pattern, name, otherwise=False) for pattern in patterns)
    ]


def _additional_properties(checker: Any, rest: Json, instance: Json, schema: Schema) -> _Errors:
    if isinstance(instance, dict):
        for name in additional(instance, schema):
            if rest is False:
                yield jsonschema.ValidationError("", path=[name])
            else:
                yield from checker.descend(instance[name], rest, path=name)


def _unevaluated_properties(checker: Any, rest: Json, instance: Json, schema: Schema) -> _Errors:
    if not isinstance(instance, dict):
        return
    seen = _evaluated(checker, instance, schema, own=False)
    for name in instance:
        if name in seen:
            continue
        if rest is False:
            yield jsonschema.ValidationError("", path=[name])
        else:
            yield from checker.descend(instance[name], rest, path=name)


def _evaluated(checker: Any, instance: Mapping[str, Json], schema: Json, *, own: bool = True) -> set[str]:
    """The names that `schema` evaluates in an instance valid under it (JSON Schema 2020-12 core section 11.3)."""
    if not isinstance(schema, dict):
        return set()
    seen = {name for name in schema.get("properties", ()) if name in instance}
    for pattern in schema.get("patternProperties", ()):
        seen |= {name for name in instance if _matches(pattern, name, otherwise=False)}
    if "additionalProperties" in schema:
        seen |= set(additional(instance, schema))
    if own and "unevaluatedProperties" in schema:
        return set(instance)
    for part in _applied(checker, instance, schema):
        seen |= _evaluated(checker, instance, part)
    return seen


def _applied(checker: Any, instance: Json, schema: Schema) -> Iterator[Json]:
    """The subschemas of `schema` that apply to the same instance and accept it."""

    def accepts(part: Json) -> bool:
        return next(checker.descend(instance, part), None) is None

    if "$ref" in schema:
        yield _definition(checker, schema["$ref"])[1]
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from (part for part in schema.get(keyword, ()) if accepts(part))
    for name, part in schema.get("dependentSchemas", {}).items():
        if isinstance(instance, dict) and name in instance:
            yield part
    if "if" in schema:
        holds = accepts(schema["if"])
        if holds:
            yield schema["if"]
        branch = "then" if holds else "else"
        if branch in schema:
            yield schema[branch]


def _unevaluated_items(checker: Any, rest: Json, instance: Json, schema: Schema) -> _Errors:
    if not isinstance(instance, list):
        return
    seen = _evaluated_items(checker, instance, schema, own=False)
    for index, value in enumerate(instance):
        if index not in seen:
            yield from checker.descend(value, rest, path=index)


def _evaluated_items(checker: Any, instance: list[Json], schema: Json, *, own: bool = True) -> set[int]:
    if not isinstance(schema, dict):
        return set()
    if "items" in schema or (own and "unevaluatedItems" in schema):
        return set(range(len(instance)))
    seen = set(range(min(len(schema.get("prefixItems", ())), len(instance))))
    if "contains" in schema:
        holds = schema["contains"]
        seen |= {at for at, value in enumerate(instance) if next(checker.descend(value, holds), None) is None}
    for part in _applied(checker, instance, schema):
        seen |= _evaluated_items(checker, instance, part)
    return seen


_KEYWORDS: Mapping[str, Callable[..., _Errors]] = MappingProxyType(
    {
        "$ref": _reference,
        "format": _format,
        "multipleOf": _multiple_of,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "unevaluatedProperties": _unevaluated_properties,
        "unevaluatedItems": _unevaluated_items,
        "uniqueItems": _unique_items,
    }
)
