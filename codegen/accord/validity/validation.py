"""The authority on validity: jsonschema, Draft 2020-12, as configured here once for the whole tool."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import jsonschema

from accord.contract import Schema
from accord.document import Json, join
from accord.schemas import refusals
from accord.validity.asserting import checker
from accord.validity.deciding import Test, decider, is_deep

_MOST_SCHEMAS = 4096
_CONDITIONS = frozenset({"anyOf", "contains", "dependentSchemas", "else", "if", "not", "oneOf", "then"})

DEVIATIONS: Mapping[str, str] = MappingProxyType(
    {
        "$ref": "is looked up in the shared `$defs` alone",
        "format": "is asserted, each format of the specification and OpenAPI's; an unknown one asserts nothing",
        "multipleOf": "is decimal: 0.07 is a multiple of 0.01",
        "uniqueItems": "compares as JSON does, whatever the order, in linear time",
        "pattern": "is ECMA-262, with `\\p{L}`; one that cannot be compiled asserts nothing",
        "patternProperties": "has ECMA-262 patterns",
        "additionalProperties": "sees names that ECMA-262 patterns match",
        "unevaluatedProperties": "sees names that ECMA-262 patterns match",
        "depth": "a value nested too deep, or a refused number of too many digits, is refused without an exception",
    }
)
"""Where this configuration and bare jsonschema part; a test shows each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One promise that a value breaks.

    `pointer` leads into the value, to the offending part (a missing property's own place included); `schema_pointer`
    to the keyword: below `/$defs/NAME` for a definition, else in the schema itself. `message` is a sentence with the
    part as its subject; `expected` is what the keyword says. One that is `conditional` is broken only where something
    else is not so: in a branch of a union, under `if` or `not`.
    """

    keyword: str
    pointer: str
    schema_pointer: str
    message: str
    value: Json = None
    expected: Json = None
    conditional: bool = False


_ONCE = 2
"""So often a schema is asked before a test is made of it: many are looked at once."""

_validators: dict[int, tuple[Schema, Any]] = {}
_asked: dict[int, tuple[Schema, int, Test | None]] = {}


def validator(schema: Schema) -> Any:
    """The jsonschema validator of `schema`, kept by the schema's identity."""
    known = _validators.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_validators) >= _MOST_SCHEMAS:
        _validators.clear()
    made = checker({key: value for key, value in schema.items() if key != "$defs"}, schema.get("$defs", {}))
    _validators[id(schema)] = (schema, made)
    return made


def is_valid(schema: Schema, value: Json) -> bool:
    """Whether `value` is valid under `schema`; the first refusal ends the question."""
    try:
        return _is_accepted(schema, value) or next(validator(schema).iter_errors(value), None) is None
    except (RecursionError, ValueError) as failure:
        _beyond(failure)
        return False


def _is_accepted(schema: Schema, value: Json) -> bool:
    """Whether the test of `schema`, where there is one, takes `value`; what it refuses is the authority's to judge."""
    decided = _decider(schema)
    return decided is not None and not is_deep(value) and decided(value)


def _decider(schema: Schema) -> Test | None:
    """The test of a schema that is asked again and again, kept by the schema's identity."""
    known, count, test = _asked.get(id(schema), (schema, 0, None))
    if test is not None and known is schema:
        return test
    if len(_asked) >= _MOST_SCHEMAS:
        _asked.clear()
    count = count + 1 if known is schema else 1
    test = decider(schema) if count > _ONCE else None
    _asked[id(schema)] = (schema, count, test)
    return test


def violations(schema: Schema, value: Json) -> Iterator[Violation]:
    """Every promise of `schema` that `value` breaks; of `anyOf` and `oneOf` those of the nearest branch."""
    try:
        if _is_accepted(schema, value):
            return
        yield from tuple(violations_at(schema, value))
    except (RecursionError, ValueError) as failure:
        yield too_deep(failure)


def violations_at(
    schema: Schema, value: Json, tokens: tuple[str | int, ...] = (), within: str = ""
) -> Iterator[Violation]:
    """As `violations`, of a part: `tokens` lead to it from the whole value, and `within` to its schema.

    Raises what `too_deep` tells in words.
    """
    for error in list(validator(schema).iter_errors(value)):
        error.path.extendleft(reversed(tokens))
        yield from _violations(error, within)


def too_deep(error: Exception) -> Violation:
    """What is beyond Python in a value; any other error is raised again."""
    return Violation(keyword="depth", pointer="", schema_pointer="", message=_beyond(error))


def _beyond(error: Exception) -> str:
    """What of the value is beyond Python; any other error is raised again, as a fault of this tool."""
    if isinstance(error, RecursionError):
        return "the value is nested deeper than can be followed"
    if "integer string conversion" in str(error):
        return "the value holds a number of more digits than can be read"
    raise error


def _violations(error: jsonschema.ValidationError, within: str) -> Iterator[Violation]:
    inside = not _CONDITIONS.isdisjoint(map(str, error.absolute_schema_path))
    for leaf in refusals.nearest(error):
        name, tokens = getattr(leaf, "promise", ("", tuple(leaf.absolute_schema_path)))
        base = join("/$defs", name) if name else within
        for part, message in refusals.sentences(leaf):
            yield Violation(
                keyword=leaf.validator or "false",
                pointer=join("", *leaf.absolute_path, *part),
                schema_pointer=join(base, *tokens),
                message=message,
                value=leaf.instance,
                expected=leaf.validator_value,
                conditional=inside or leaf is not error,
            )
