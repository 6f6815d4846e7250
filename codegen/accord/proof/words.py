"""One JSON type's share of a schema as words: bounds, requirements, and what is held of members and items.

Words of schemas that hold together are merged. A form may say less than its schema only by its `residue`: what holds
beside it and is not broken down further.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.schemas import formats
from accord.schemas.joining import all_of, key_of, matches
from accord.schemas.keywords import assertions

KINDS = ("null", "boolean", "number", "string", "array", "object")
SIZED: Mapping[str, str] = MappingProxyType({"string": "Length", "array": "Items", "object": "Properties"})
_MOST_VALUES = 32
_TRIVIAL_PATTERNS = frozenset({"", "^", "$", ".*", ".*?", "^.*", ".*$"})
_WIDTHS = {"int32": 31, "int64": 63}
_LONG = {"date": 10, "uuid": 36}
_UNASSERTED = frozenset({"binary", "password"})
_GROUPED = {
    "objects": ("properties", "patternProperties", "additionalProperties"),
    "arrays": ("prefixItems", "items"),
    "contains": ("contains", "minContains", "maxContains"),
    "called": ("propertyNames",),
}
_BOUNDS = {"minimum": "low", "exclusiveMinimum": "low", "maximum": "high", "exclusiveMaximum": "high"}

Words = dict[str, Any]


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


def form(kind: str, words: Words) -> Form | None:
    """The form of `kind` that `words` allow, if they allow one."""
    if kind not in words.get("kinds", KINDS):
        return None
    kept = {key: value for key, value in words.items() if key != "kinds"}
    kept["residue"] = tuple(item for only, item in words.get("residue", ()) if only in ("", kind))
    if "enum" in words:
        kept["enum"] = [item for item in words["enum"] if kind_of(item) == kind]
        if not kept["enum"]:
            return None
    return Form(kind, kept)


def own(schema: Mapping[str, Json]) -> Words:
    """What `schema` says itself, its compositions and references aside."""
    words: Words = {key: schema[key] for key in _PLAIN if key in schema}
    _typed(schema, words)
    for key, word in _BOUNDS.items():
        if key in schema:
            _hold(words, word, (Fraction(str(schema[key])), key.startswith("exclusive")))
    if "multipleOf" in schema:
        _hold(words, "multipleOf", Fraction(str(schema["multipleOf"])))
    words |= {key: frozenset(schema[key]) for key in ("required",) if schema.get(key)}
    if schema.get("pattern", "") not in _TRIVIAL_PATTERNS:
        words["pattern"] = frozenset({schema["pattern"]})
    _formatted(schema, words)
    for name, keys in _GROUPED.items():
        group = {key: schema[key] for key in keys if key in schema}
        if keys[0] in group or (group and name in {"objects", "arrays"}):
            words[name] = (group,)
    return words


def _hold(words: Words, key: str, value: Any) -> None:
    words[key] = _JOIN[key](words[key], value) if key in words else value


def _formatted(schema: Mapping[str, Json], words: Words) -> None:
    name = schema.get("format", "")
    if name in _WIDTHS:
        limit = Fraction(2 ** _WIDTHS[name])
        _hold(words, "low", (-limit, False))
        _hold(words, "high", (limit, True))
    elif name in formats.TEXT and name not in _UNASSERTED:
        words["format"] = frozenset({name})
        if name in _LONG:
            _hold(words, "minLength", _LONG[name])
            _hold(words, "maxLength", _LONG[name])


def _typed(schema: Mapping[str, Json], words: Words) -> None:
    if "type" in schema:
        listed = {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
        words["kinds"] = frozenset("number" if name == "integer" else name for name in listed)
        if "integer" in listed and "number" not in listed:
            words["multipleOf"] = Fraction(1)
    if "enum" in schema or "const" in schema:
        listed = schema.get("enum", [schema.get("const")])
        words["enum"] = _members(listed, [schema["const"]]) if "const" in schema else listed


def merge(one: Words, other: Words) -> Words:
    """The words of values that have both."""
    return {
        key: _JOIN[key](one[key], other[key]) if key in one and key in other else (one if key in one else other)[key]
        for key in one | other
    }


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
    """The properties that `form` names, in its order; those it requires and those its schema declares included."""
    found = [name for group in form.words.get("objects", ()) for name in group.get("properties", {})]
    rest = sorted(form.words.get("required", frozenset()) | form.words.get("declared", frozenset()))
    return tuple(dict.fromkeys((*found, *rest)))


def patterns(form: Form) -> dict[str, Json]:
    """What holds of properties whose names match a pattern, by pattern."""
    found: dict[str, Json] = {}
    for group in form.words.get("objects", ()):
        for pattern, schema in group.get("patternProperties", {}).items():
            found[pattern] = all_of(found.get(pattern, True), schema)
    return found


def demanded(form: Form, pattern: str) -> Json:
    """At least what a reader of `form` holds names to that match `pattern`."""
    rest = (
        group.get("patternProperties", {}).get(pattern, group.get("additionalProperties", True))
        for group in form.words.get("objects", ())
    )
    return all_of(*rest)


def called(form: Form) -> Json:
    """What holds of the names of an object of `form`."""
    return all_of(*(group["propertyNames"] for group in form.words.get("called", ())))


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


def values(form: Form) -> list[Json] | None:
    """All values that `form` can have, where they can be told one by one; some may still be invalid."""
    if "enum" in form.words:
        return list(form.words["enum"])
    if form.kind in {"null", "boolean"}:
        return [None] if form.kind == "null" else [False, True]
    if form.kind == "number" and {"low", "high", "multipleOf"} <= form.words.keys():
        step = form.words["multipleOf"]
        first, last = ceil(form.words["low"][0] / step), floor(form.words["high"][0] / step)
        if last - first < _MOST_VALUES:
            return [plain(step * index) for index in range(first, last + 1)]
    return None


def is_empty_range(words: Mapping[str, Any]) -> bool:
    """Whether no number lies within the bounds and on the step of `words`."""
    if "low" not in words or "high" not in words:
        return False
    (low, above), (high, below) = words["low"], words["high"]
    if low > high or (low == high and (above or below)):
        return True
    step = words.get("multipleOf")
    if step is None:
        return False
    first, last = ceil(low / step), floor(high / step)
    first += above and first * step == low
    last -= below and last * step == high
    return bool(first > last)


def list_of(parts: Iterable[Json], *, apart: bool = False) -> list[Json]:
    """The values of schemas that each do nothing but list some; none where one does more, or two list the same."""
    found: list[Json] = []
    for part in parts:
        said = assertions(part) if isinstance(part, Mapping) else {}
        if said.keys() != {"enum"} and said.keys() != {"const"}:
            return []
        found += said["enum"] if "enum" in said else [said["const"]]
    return [] if apart and len(set(map(key_of, found))) < len(found) else found


def plain(number: Fraction) -> int | float:
    """`number` as JSON writes it; what is beyond a float as the whole number below it."""
    try:
        return int(number) if number.denominator == 1 else float(number)
    except OverflowError:
        return int(number)


def _members(one: Iterable[Json], other: Iterable[Json]) -> list[Json]:
    known = set(map(key_of, other))
    return [value for value in one if key_of(value) in known]


def _multiple(one: Fraction, other: Fraction) -> Fraction:
    common = lcm(one.numerator * other.denominator, other.numerator * one.denominator)
    return Fraction(common, one.denominator * other.denominator)


def _lowest(one: tuple[Fraction, bool], other: tuple[Fraction, bool]) -> tuple[Fraction, bool]:
    return min(one, other, key=lambda bound: (bound[0], not bound[1]))


_PLAIN = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems")
_JOIN: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    dict.fromkeys(("minLength", "minItems", "minProperties", "low"), max)
    | dict.fromkeys(("maxLength", "maxItems", "maxProperties"), min)
    | dict.fromkeys(("pattern", "format", "required", "declared"), lambda one, other: one | other)
    | dict.fromkeys(("objects", "arrays", "contains", "called", "refused", "residue"), lambda one, other: one + other)
    | {
        "kinds": lambda one, other: frozenset(one) & frozenset(other),
        "enum": _members,
        "multipleOf": _multiple,
        "high": _lowest,
        "uniqueItems": lambda one, other: one or other,
    }
)
"""How two values of a word hold together."""
