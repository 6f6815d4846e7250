"""Yes or no: whether a value is valid, by closures made of a schema once; the authority's verdict, without its words.

What a keyword asserts is said once: the commonest ones here, all others are asked of the authority's own functions.
A law holds that both give the same verdict; of the two only the yes is taken, a no is asked of the authority again.
"""

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from accord.contract import Schema
from accord.document import Json, unescape
from accord.schemas.formats import is_format
from accord.schemas.patterns import compile_pattern, found
from accord.validity.asserting import TYPES, additional, checker, is_number

Test: TypeAlias = Callable[[Json], bool]

DEEPEST = 30
"""So many levels of a value are left to the authority, which knows what is too deep for Python."""

_MOST_DEFINITIONS = 256
_PLAIN = (type(None), bool, int, float, str, list, dict)
_CLASSES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "null": (type(None),),
        "boolean": (bool,),
        "integer": (int,),
        "number": (int, float),
        "string": (str,),
        "array": (list,),
        "object": (dict,),
    }
)


class _Deciders:
    """The tests of schemas that share their `definitions`, each of these made when it is first asked."""

    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self.definitions = definitions
        self.named: dict[str, Test] = {}
        self.authority = checker({}, definitions)

    def schema(self, schema: Json) -> Test:
        """Whether a value is valid under `schema`."""
        if isinstance(schema, bool):
            return _anything if schema else _nothing
        tests = [self.keyword(name, expected, schema) for name, expected in schema.items() if name != "$defs"]
        return _every(tuple(test for test in tests if test is not _anything))

    def keyword(self, name: str, expected: Json, schema: Schema) -> Test:
        """Whether a value has what one keyword asserts."""
        check = self.authority.VALIDATORS.get(name)
        if check is None:
            return _anything
        known = _MADE.get(name)
        made = None if known is None else known(self, expected, schema)
        return made or (lambda value: next(iter(check(self.authority, expected, value, schema) or ()), None) is None)

    def reference(self, ref: str) -> Test:
        """Whether a value is valid under the definition that `ref` leads to."""
        name, named = unescape(ref.removeprefix("#/$defs/")), self.named

        def by_name(value: Json) -> bool:
            if name not in named:
                named[name] = self.schema(self.definitions[name])
            return named[name](value)

        return by_name


_deciders: dict[int, _Deciders] = {}


def decider(schema: Schema) -> Test:
    """Whether a value of fewer than DEEPEST levels is valid under `schema`. It raises what the authority would."""
    definitions: Mapping[str, Json] = schema.get("$defs", {})
    known = _deciders.get(id(definitions))
    if known is None or known.definitions is not definitions:
        if len(_deciders) >= _MOST_DEFINITIONS:
            _deciders.clear()
        known = _deciders[id(definitions)] = _Deciders(definitions)
    return known.schema(schema)


def is_deep(value: Json) -> bool:
    """Whether `value` has DEEPEST levels of objects and arrays, or more."""
    level = [value]
    for _ in range(DEEPEST):
        inside = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        if not inside:
            return False
        level = [part for parts in inside for part in parts]
    return True


def _anything(_value: Json) -> bool:
    return True


def _nothing(_value: Json) -> bool:
    return False


def _every(tests: tuple[Test, ...]) -> Test:
    if len(tests) < 2:  # noqa: PLR2004  nothing to go through
        return tests[0] if tests else _anything

    def every(value: Json) -> bool:
        for test in tests:  # noqa: SIM110  `all` of a generator takes twice as long
            if not test(value):
                return False
        return True

    return every


def _type(_made: _Deciders, expected: Json, _schema: Schema) -> Test | None:
    names = [expected] if isinstance(expected, str) else expected
    if not all(isinstance(name, str) and name in TYPES for name in names):
        return None
    taken = frozenset(kind for name in names for kind in _CLASSES[name])
    refused = frozenset(_PLAIN) - taken - ({float} if "integer" in names else set())
    tests = tuple(TYPES[name] for name in names)

    def typed(value: Json) -> bool:
        kind = type(value)
        return kind in taken or (kind not in refused and any(test(value) for test in tests))

    return typed


def _properties(made: _Deciders, expected: Json, _schema: Schema) -> Test:
    tests = tuple((name, test) for name, part in expected.items() if (test := made.schema(part)) is not _anything)

    def held(value: Json) -> bool:
        if isinstance(value, dict):
            for name, test in tests:
                if name in value and not test(value[name]):
                    return False
        return True

    return held


def _additional(made: _Deciders, expected: Json, schema: Schema) -> Test:
    test, declared = made.schema(expected), schema.get("properties", {})
    if schema.get("patternProperties"):
        return lambda value: not isinstance(value, dict) or all(test(value[name]) for name in additional(value, schema))
    return lambda value: (
        not isinstance(value, dict) or all(test(part) for name, part in value.items() if name not in declared)
    )


def _items(made: _Deciders, expected: Json, schema: Schema) -> Test:
    test, prefix = made.schema(expected), len(schema.get("prefixItems", ()))
    return lambda value: not isinstance(value, list) or all(map(test, value[prefix:] if prefix else value))


def _required(_made: _Deciders, expected: Json, _schema: Schema) -> Test:
    return lambda value: not isinstance(value, dict) or all(name in value for name in expected)


def _enum(made: _Deciders, expected: Json, schema: Schema) -> Test:
    texts = frozenset(item for item in expected if isinstance(item, str))
    check, authority = made.authority.VALIDATORS["enum"], made.authority

    def among(value: Json) -> bool:
        if type(value) is str:  # equal to no value of another kind
            return value in texts
        return next(check(authority, expected, value, schema), None) is None

    return among


def _one_of(made: _Deciders, expected: Json, _schema: Schema) -> Test:
    tests = tuple(map(made.schema, expected))

    def one(value: Json) -> bool:
        accepted = (True for test in tests if test(value))
        return next(accepted, False) and not next(accepted, False)

    return one


def _any_of(made: _Deciders, expected: Json, _schema: Schema) -> Test:
    tests = tuple(map(made.schema, expected))
    return lambda value: any(test(value) for test in tests)


def _not(made: _Deciders, expected: Json, _schema: Schema) -> Test:
    test = made.schema(expected)
    return lambda value: not test(value)


def _pattern(_made: _Deciders, expected: Json, _schema: Schema) -> Test:
    compiled = compile_pattern(expected)
    if compiled is None:
        return _anything
    return lambda value: not isinstance(value, str) or found(compiled, value, otherwise=True)


def _number(fails: Callable[[Any, Any], bool]) -> Callable[[_Deciders, Json, Schema], Test]:
    return lambda _made, expected, _schema: lambda value: not is_number(value) or not fails(value, expected)


def _length(kind: type[Any], fails: Callable[[Any, Any], bool]) -> Callable[[_Deciders, Json, Schema], Test]:
    return lambda _made, expected, _schema: lambda value: not isinstance(value, kind) or not fails(len(value), expected)


_MADE: Mapping[str, Callable[[_Deciders, Any, Schema], Test | None]] = MappingProxyType(
    {
        "$ref": lambda made, expected, _schema: made.reference(expected),
        "additionalProperties": _additional,
        "allOf": lambda made, expected, _schema: _every(tuple(map(made.schema, expected))),
        "anyOf": _any_of,
        "enum": _enum,
        "exclusiveMaximum": _number(operator.ge),
        "exclusiveMinimum": _number(operator.le),
        "format": lambda _made, expected, _schema: lambda value: is_format(expected, value),
        "items": _items,
        "maxItems": _length(list, operator.gt),
        "maxLength": _length(str, operator.gt),
        "maxProperties": _length(dict, operator.gt),
        "maximum": _number(operator.gt),
        "minItems": _length(list, operator.lt),
        "minLength": _length(str, operator.lt),
        "minProperties": _length(dict, operator.lt),
        "minimum": _number(operator.lt),
        "not": _not,
        "oneOf": _one_of,
        "pattern": _pattern,
        "properties": _properties,
        "required": _required,
        "type": _type,
    }
)
"""How the keywords are tested that most schemas have; None where one is not as it should be."""
