"""What the authority refuses, in words: the nearest branch of a union, and one sentence for each broken promise."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from accord.document import Json, join

_LONGEST = 80
_MOST_MEMBERS = 12


def shown(value: Json) -> str:
    """`value` as JSON, control characters escaped, cut to one line's worth."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "a value too long or too deep to be shown"
    text = text[: _LONGEST + 1]  # a value of megabytes is not read to its end
    text = _printable(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def nearest(error: Any) -> Iterator[Any]:
    """The errors that tell a reader most: of a union that nothing fits, those of the branch that comes nearest."""
    branches: dict[int, list[Any]] = defaultdict(list)
    for inner in error.context or ():
        branches[inner.relative_schema_path[0]].append(inner)
    if not branches or error.validator not in {"anyOf", "oneOf"}:
        yield error
        return
    best = min(branches, key=lambda index: (distance(branches[index]), index))
    if is_strange(branches[best]):
        yield error
        return
    for inner in branches[best]:
        if not hasattr(inner, "promise") and hasattr(error, "promise"):
            name, tokens = error.promise
            inner.promise = (name, (*tokens, *inner.relative_schema_path))
        yield from nearest(inner)


def distance(errors: list[Any]) -> tuple[bool, int, int]:
    """How far a branch is from fitting: another type or another constant first, then by count and depth."""
    deepest = max(len(error.relative_path) for error in errors)
    return is_strange(errors), len(errors), -deepest


def is_strange(errors: list[Any]) -> bool:
    """Whether the errors of a branch say that something else is meant: another type, or another constant."""
    return any(
        (error.validator in {"type", None} and not error.relative_path)
        or (error.validator in {"const", "enum"} and len(error.relative_path) <= 1)
        for error in errors
    )


def sentences(error: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each broken promise of `error`: the tokens from the error's place to the offending part, and a sentence."""
    if error.validator == "required":
        for name in dict.fromkeys(error.validator_value):
            if error.message == f"{name!r} is a required property":
                yield (name,), f"{_subject(error, name)} is missing, which `required` names"
        return
    if error.validator == "dependentRequired":
        for owner, names in error.validator_value.items():
            for name in dict.fromkeys(names):
                if error.message == f"{name!r} is a dependency of {owner!r}":
                    yield (name,), f"{_subject(error, name)} is missing, which {_subject(error, owner)} depends on"
        return
    telling = _SENTENCES.get(error.validator, _other)
    yield (), f"{_subject(error)} {telling(error.instance, error.validator_value, error)}"


def _subject(error: Any, *more: str) -> str:
    pointer = _printable(join("", *error.absolute_path, *more))
    return f"`{pointer}`" if pointer else "the value"


def _type(value: Json, expected: Json, _error: Any) -> str:
    kinds = [expected] if isinstance(expected, str) else expected
    return f"is {shown(value)}, which is not of type {' or '.join(kinds)}"


def _enum(value: Json, expected: Json, _error: Any) -> str:
    members = ", ".join(shown(member) for member in expected[:_MOST_MEMBERS])
    more = f", … ({len(expected)})" if len(expected) > _MOST_MEMBERS else ""
    return f"is {shown(value)}, which is not one of {members}{more}"


def _other(value: Json, expected: Json, error: Any) -> str:
    if error.validator is None:
        return f"is {shown(value)}, where the schema allows no value"
    return f"is {shown(value)}, which `{error.validator}` {shown(expected)} refuses"


def _union(value: Json, expected: Json, error: Any) -> str:
    if error.validator == "oneOf" and not error.context:
        return f"is {shown(value)}, which fits more than one branch of `oneOf`, where exactly one may"
    return f"is {shown(value)}, which fits none of the {len(expected)} branches of `{error.validator}`"


def _undeclared(value: Json, _expected: Json, error: Any) -> str:
    name = error.path[-1] if error.path else ""
    held = value.get(name) if isinstance(value, dict) else value
    return f"is {shown(held)}, where no such property is declared"


def _than(words: str) -> Callable[[Json, Json, Any], str]:
    return lambda value, expected, _error: f"is {shown(value)}, {words.format(shown(expected))}"


def _count(words: str) -> Callable[[Json, Json, Any], str]:
    return lambda value, expected, _error: f"has {len(value)} {words.format(shown(expected))}"


_SENTENCES: Mapping[str | None, Callable[[Json, Json, Any], str]] = MappingProxyType(
    {
        "type": _type,
        "enum": _enum,
        "const": _than("which is not {}"),
        "minimum": _than("which is less than {}"),
        "maximum": _than("which is more than {}"),
        "exclusiveMinimum": _than("which is not more than {}"),
        "exclusiveMaximum": _than("which is not less than {}"),
        "multipleOf": _than("which is not a multiple of {}"),
        "minLength": _count("characters, fewer than {}"),
        "maxLength": _count("characters, more than {}"),
        "minItems": _count("items, fewer than {}"),
        "maxItems": _count("items, more than {}"),
        "minProperties": _count("properties, fewer than {}"),
        "maxProperties": _count("properties, more than {}"),
        "pattern": _than("which pattern {} does not match"),
        "format": _than("which is not of format {}"),
        "uniqueItems": _than("whose items are not all different"),
        "contains": _than("which does not contain what `contains` wants"),
        "not": _than("which `not` refuses"),
        "anyOf": _union,
        "oneOf": _union,
        "additionalProperties": _undeclared,
        "unevaluatedProperties": _undeclared,
    }
)
