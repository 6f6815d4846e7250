"""Canonical forms: a schema as a union of forms, each of one JSON type, its compositions merged and bounds intersected.

A form may say less than its schema only by its `residue`: what holds beside it and is not broken down further.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any

from accord import formats
from accord.document import Json, unescape
from accord.strategies.merging import all_of, key_of, matches

KINDS = ("null", "boolean", "number", "string", "array", "object")
_MOST_FORMS = 64
_TRIVIAL_PATTERNS = frozenset({"", "^", "$", ".*", ".*?", "^.*", ".*$"})
_SIZED = {"string": "Length", "array": "Items", "object": "Properties"}
_WIDTHS = {"int32": 31, "int64": 63}
_UNASSERTED = frozenset({"binary", "password"})
_GROUPED = {
    "objects": ("properties", "patternProperties", "additionalProperties"),
    "arrays": ("prefixItems", "items"),
}
_RESIDUE: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "contains": (("contains", "minContains", "maxContains"), "array"),
        "propertyNames": (("propertyNames",), "object"),
        "dependentRequired": (("dependentRequired",), "object"),
        "dependentSchemas": (("dependentSchemas",), "object"),
        "if": (("if", "then", "else"), ""),
    }
)
"""Keywords kept whole: with which others, and for values of which type alone."""

Words = dict[str, Any]


class TooManyError(ValueError):
    """The schema has more alternatives than are worth telling apart."""


@dataclass(frozen=True, slots=True)
class Form:
    """One alternative: values of one JSON type (an integer is a number, a multiple of 1) and what holds of them."""

    kind: str
    words: Mapping[str, Any]


def kind_of(value: Json) -> str:
    """The JSON type of `value`; integers are numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = ((int | float, "number"), (str, "string"), (list, "array"))
    return next((name for types, name in names if isinstance(value, types)), "object")


def forms(schema: Json, definitions: Mapping[str, Json]) -> tuple[Form, ...]:
    """The alternatives of `schema`, those that hold no value left out; TooManyError when there are too many."""
    found = []
    for words in _expand(schema, definitions, frozenset()):
        for kind in KINDS:
            form = _form(kind, words)
            if form is not None and not is_empty(form, definitions):
                found.append(form)
    return tuple(found)


def _form(kind: str, words: Words) -> Form | None:
    if kind not in words.get("kinds", KINDS):
        return None
    kept = {key: value for key, value in words.items() if key != "kinds"}
    kept["residue"] = tuple(item for only, item in words.get("residue", ()) if only in ("", kind))
    if "enum" in words:
        kept["enum"] = [item for item in words["enum"] if kind_of(item) == kind]
        if not kept["enum"]:
            return None
    return Form(kind, kept)


def _expand(schema: Json, definitions: Mapping[str, Json], seen: frozenset[str]) -> list[Words]:
    if not isinstance(schema, Mapping):
        return [{}] if schema is True else []
    result = [_own(schema)]
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in seen:
            result = _both(result, [{"residue": (("", {"$ref": reference}),)}])
        else:
            target = definitions[unescape(reference.removeprefix("#/$defs/"))]
            result = _both(result, _expand(target, definitions, seen | {reference}))
    for part in schema.get("allOf", ()):
        result = _both(result, _expand(part, definitions, seen))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            parts = [_expand(part, definitions, seen) for part in schema[keyword]]
            either = [words for part in parts for words in part]
            if keyword == "oneOf" and not _are_disjoint(parts, definitions):
                either = [_merge(words, {"residue": (("", {"oneOf": schema["oneOf"]}),)}) for words in either]
            result = _both(result, either)
    return result


def _own(schema: Mapping[str, Json]) -> Words:
    words: Words = {key: schema[key] for key in _JOIN if key in schema and key in _PLAIN}
    _typed(schema, words)
    for key, joined in (
        ("minimum", "low"),
        ("exclusiveMinimum", "low"),
        ("maximum", "high"),
        ("exclusiveMaximum", "high"),
    ):
        if key in schema:
            bound = (Fraction(str(schema[key])), key.startswith("exclusive"))
            words[joined] = _JOIN[joined](words[joined], bound) if joined in words else bound
    if "multipleOf" in schema:
        step = Fraction(str(schema["multipleOf"]))
        words["multipleOf"] = _multiple(words["multipleOf"], step) if "multipleOf" in words else step
    words |= {key: frozenset(schema[key]) for key in ("required",) if key in schema}
    if schema.get("pattern", "") not in _TRIVIAL_PATTERNS:
        words["pattern"] = frozenset({schema["pattern"]})
    _formatted(schema, words)
    for name, keys in _GROUPED.items():
        group = {key: schema[key] for key in keys if key in schema}
        if group:
            words[name] = (group,)
    residue = _residue(schema)
    if residue:
        words["residue"] = residue
    return words


def _formatted(schema: Mapping[str, Json], words: Words) -> None:
    name = schema.get("format", "")
    if name in _WIDTHS:
        limit = Fraction(2 ** _WIDTHS[name])
        for key, bound in (("low", (-limit, False)), ("high", (limit, True))):
            words[key] = _JOIN[key](words[key], bound) if key in words else bound
    elif name in formats.TEXT and name not in _UNASSERTED:
        words["format"] = frozenset({name})


def _typed(schema: Mapping[str, Json], words: Words) -> None:
    if "type" in schema:
        names = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
        words["kinds"] = frozenset("number" if name == "integer" else name for name in names)
        if "integer" in names and "number" not in names:
            words["multipleOf"] = Fraction(1)
    refused = schema.get("not")
    if refused is True or refused == {}:
        words["kinds"] = frozenset()
    elif isinstance(refused, Mapping) and refused.keys() == {"type"} and "integer" not in str(refused["type"]):
        gone = {refused["type"]} if isinstance(refused["type"], str) else set(refused["type"])
        words["kinds"] = frozenset(words.get("kinds", KINDS)) - gone
    if "enum" in schema or "const" in schema:
        members = schema.get("enum", [schema.get("const")])
        words["enum"] = _members(members, [schema["const"]]) if "const" in schema else members


def _residue(schema: Mapping[str, Json]) -> tuple[tuple[str, Json], ...]:
    found: list[tuple[str, Json]] = []
    for key, (keys, kind) in _RESIDUE.items():
        if key in schema:
            found.append((kind, {name: schema[name] for name in keys if name in schema}))
    refused = schema.get("not", False)
    if refused not in (False, True, {}) and (set(refused) != {"type"} or "integer" in str(refused["type"])):
        found.append(("", {"not": refused}))
    for key, kind in (("unevaluatedProperties", "object"), ("unevaluatedItems", "array")):
        if key in schema and schema[key] not in (True, {}):
            found.append((kind, {name: value for name, value in schema.items() if name != "$defs"}))
    return tuple(found)


def _both(some: list[Words], others: list[Words]) -> list[Words]:
    if len(some) * len(others) > _MOST_FORMS:
        raise TooManyError
    return [_merge(one, other) for one in some for other in others]


def _merge(one: Words, other: Words) -> Words:
    return {
        key: _JOIN[key](one[key], other[key]) if key in one and key in other else (one if key in one else other)[key]
        for key in one | other
    }


def _are_disjoint(parts: list[list[Words]], definitions: Mapping[str, Json]) -> bool:
    for index, part in enumerate(parts):
        for other in parts[index + 1 :]:
            merged = [_merge(one, two) for one in part for two in other]
            shared = [_form(kind, words) for words in merged for kind in KINDS]
            if any(form is not None and not is_empty(form, definitions) for form in shared):
                return False
    return True


def is_empty(form: Form, definitions: Mapping[str, Json], seen: frozenset[str] = frozenset()) -> bool:
    """Whether no value has `form`, as far as bounds, requirements and their schemas tell.

    A schema that is met again inside itself is taken for empty: a value that needs itself is never finished.
    """
    words = form.words
    if form.kind == "number" and "low" in words and "high" in words:
        low, high = words["low"], words["high"]
        return bool(low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])))
    sized = _SIZED.get(form.kind)
    if sized and words.get("min" + sized, 0) > words.get("max" + sized, 1 << 62):
        return True
    if form.kind == "object":
        return len(words.get("required", ())) > words.get("maxProperties", 1 << 62) or any(
            _holds_nothing(member(form, name), definitions, seen) for name in words.get("required", ())
        )
    if form.kind == "array" and words.get("minItems", 0) > 0:
        return _holds_nothing(item(form, 0), definitions, seen)
    return False


def _holds_nothing(schema: Json, definitions: Mapping[str, Json], seen: frozenset[str]) -> bool:
    if not isinstance(schema, Mapping):
        return schema is False
    key = key_of(schema)
    if key in seen:
        return True
    try:
        expanded = _expand(schema, definitions, frozenset())
    except TooManyError:
        return False
    found = [_form(kind, words) for words in expanded for kind in KINDS]
    return all(form is None or is_empty(form, definitions, seen | {key}) for form in found)


def member(form: Form, name: str) -> Json:
    """What holds of the property `name` of an object of `form`."""
    return all_of(*(_applies(group, name) for group in form.words.get("objects", ())))


def _applies(group: Mapping[str, Json], name: str) -> Json:
    patterned = [schema for pattern, schema in group.get("patternProperties", {}).items() if matches(pattern, name)]
    if name in group.get("properties", {}):
        return all_of(group["properties"][name], *patterned)
    return all_of(*patterned) if patterned else group.get("additionalProperties", True)


def other_members(form: Form) -> Json:
    """What holds of properties that `form` does not name."""
    return all_of(*(group.get("additionalProperties", True) for group in form.words.get("objects", ())))


def names(form: Form) -> tuple[str, ...]:
    """The properties that `form` names, in its order; those it requires included."""
    found = [name for group in form.words.get("objects", ()) for name in group.get("properties", {})]
    return tuple(dict.fromkeys((*found, *sorted(form.words.get("required", ())))))


def item(form: Form, index: int) -> Json:
    """What holds of the item at `index` of an array of `form`."""
    found = []
    for group in form.words.get("arrays", ()):
        prefix = group.get("prefixItems", ())
        found.append(prefix[index] if index < len(prefix) else group.get("items", True))
    return all_of(*found)


def prefix_length(form: Form) -> int:
    """How many items of an array of `form` have a schema of their own."""
    return max((len(group.get("prefixItems", ())) for group in form.words.get("arrays", ())), default=0)


def _members(one: Iterable[Json], other: Iterable[Json]) -> list[Json]:
    known = set(map(key_of, other))
    return [value for value in one if key_of(value) in known]


def _multiple(one: Fraction, other: Fraction) -> Fraction:
    common = lcm(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(common, one.denominator * other.denominator)


_PLAIN = frozenset(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems"))
_JOIN: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    dict.fromkeys(("minLength", "minItems", "minProperties", "low"), max)
    | dict.fromkeys(("maxLength", "maxItems", "maxProperties"), min)
    | dict.fromkeys(("pattern", "format", "required"), lambda one, other: one | other)
    | dict.fromkeys(("objects", "arrays", "residue"), lambda one, other: one + other)
    | {
        "kinds": lambda one, other: frozenset(one) & frozenset(other),
        "enum": _members,
        "multipleOf": _multiple,
        "high": lambda one, other: min(one, other, key=lambda bound: (bound[0], not bound[1])),
        "uniqueItems": lambda one, other: one or other,
    }
)
"""How two values of a word hold together."""
