"""Is every value of this schema a value of that one? Proved, refuted by a value, or undecided, and never by a guess.

The inner schema belongs to who writes the value, the outer to who reads it. In a closed world the writer uses only
properties that its own schema declares; in an open one any name that it does not forbid.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Any

from accord import canonical, validation
from accord.canonical import Form, TooManyError
from accord.document import Json, unescape
from accord.keywords import ANNOTATIONS
from accord.strategies.merging import all_of

_MOST_MEMBERS = 32
_REFERENCE = re.compile(r'"\$ref": "#/\$defs/((?:[^"\\]|\\.)*)"')


@dataclass(slots=True, kw_only=True)
class Question:
    """A proof under way: the definitions of both sides, the world, and what has been proved so far.

    `goals` holds pairs of schemas, proved, refused or being proved; a pair that is met again while it is being proved
    may be taken for granted, since the values below it are smaller (coinduction).
    """

    outer: Mapping[str, Json]
    inner: Mapping[str, Json]
    open_world: bool = False
    same: frozenset[str] = frozenset()
    goals: dict[tuple[str, str], bool] = field(default_factory=dict)
    trail: list[tuple[str, str]] = field(default_factory=list)
    under_way: set[tuple[str, str]] = field(default_factory=set)
    presumed: set[tuple[str, str]] = field(default_factory=set)


def question(outer: Mapping[str, Json], inner: Mapping[str, Json], *, open_world: bool = False) -> Question:
    """A question about schemas over two sets of definitions; those that mean the same in both are found at once."""
    return Question(outer=outer, inner=inner, open_world=open_world, same=unchanged(outer, inner))


def unchanged(one: Mapping[str, Json], other: Mapping[str, Json]) -> frozenset[str]:
    """The names that say the same in both, with all that they reach; annotations aside."""
    texts = {name: spelt(one[name]) for name in one.keys() & other.keys()}
    kept = {name for name, text in texts.items() if text == spelt(other[name])}
    reached = {name: references(texts[name]) for name in kept}
    while True:
        gone = {name for name in kept if not reached[name] <= kept}
        if not gone:
            return frozenset(kept)
        kept -= gone


def spelt(schema: Json) -> str:
    """What `schema` asserts, as text: equal texts assert the same where their definitions do."""
    return json.dumps(_asserted(schema), sort_keys=True, default=dict)


def references(text: str) -> frozenset[str]:
    """The definitions that a schema, written as JSON, refers to."""
    return frozenset(unescape(json.loads(f'"{name}"')) for name in _REFERENCE.findall(text))


def _asserted(schema: Json, *, named: bool = False) -> Json:
    if isinstance(schema, Mapping):
        return {
            key: value
            if key in {"enum", "const"} and not named
            else sorted(value)
            if key == "required" and not named and all(isinstance(name, str) for name in value)
            else _asserted(value, named=not named and key in {"properties", "patternProperties", "dependentSchemas"})
            for key, value in schema.items()
            if named or (key not in ANNOTATIONS and key != "$defs" and not key.startswith("x-"))
        }
    return [_asserted(part) for part in schema] if isinstance(schema, list) else schema


def proves(asked: Question, outer: Json, inner: Json) -> bool:
    """Whether every value of `inner` is proved to be a value of `outer`; False says nothing more than *not proved*."""
    texts = (spelt(outer), spelt(inner))
    if texts[0] == texts[1] and references(texts[0]) <= asked.same:
        return True
    if texts in asked.goals:
        if texts in asked.under_way:
            asked.presumed.add(texts)
        return asked.goals[texts]
    start = len(asked.trail)
    asked.goals[texts] = True
    asked.under_way.add(texts)
    asked.trail.append(texts)
    holds = _holds(asked, outer, inner)
    asked.under_way.discard(texts)
    if not holds:
        if texts in asked.presumed:  # what was proved on the strength of it is open again
            for other in asked.trail[start:]:
                if asked.goals.get(other):
                    del asked.goals[other]
        asked.presumed.discard(texts)
        asked.goals[texts] = False
    return holds


def _holds(asked: Question, outer: Json, inner: Json) -> bool:
    if outer is True or outer == {} or inner is False:
        return True
    try:
        wide = canonical.forms(outer, asked.outer)
        narrow = canonical.forms(inner, asked.inner)
    except TooManyError:
        return False
    return all(_covered(asked, (outer, inner), wide, form) for form in narrow)


def _covered(asked: Question, pair: tuple[Json, Json], wide: Iterable[Form], form: Form) -> bool:
    values = members(form)
    if values is not None:
        outer, inner = (
            {**_mapping(side), "$defs": defs} for side, defs in zip(pair, (asked.outer, asked.inner), strict=True)
        )
        return all(validation.is_valid(outer, value) or not validation.is_valid(inner, value) for value in values)
    return any(_fits(asked, other, form) for other in wide if other.kind == form.kind)


def _mapping(schema: Json) -> Mapping[str, Json]:
    return schema if isinstance(schema, Mapping) else ({} if schema else {"not": {}})


def members(form: Form) -> list[Json] | None:
    """All values that `form` can have, where they can be told one by one; some may still be invalid."""
    if "enum" in form.words:
        return list(form.words["enum"])
    if form.kind in {"null", "boolean"}:
        return [None] if form.kind == "null" else [False, True]
    if form.kind == "number" and {"low", "high", "multipleOf"} <= form.words.keys():
        step = form.words["multipleOf"]
        first, last = ceil(form.words["low"][0] / step), floor(form.words["high"][0] / step)
        if last - first < _MOST_MEMBERS:
            return [plain(step * index) for index in range(first, last + 1)]
    return None


def plain(number: Fraction) -> int | float:
    """`number` as JSON writes it."""
    return int(number) if number.denominator == 1 else float(number)


def _fits(asked: Question, wide: Form, narrow: Form) -> bool:
    if "enum" in wide.words or not _keeps_residue(asked, wide, narrow):
        return False
    return bool(_FITS[wide.kind](asked, wide, narrow))


def _keeps_residue(asked: Question, wide: Form, narrow: Form) -> bool:
    kept = {spelt(schema) for schema in narrow.words.get("residue", ())}
    texts = [spelt(schema) for schema in wide.words.get("residue", ())]
    return all(text in kept and references(text) <= asked.same for text in texts)


def _number(_asked: Question, wide: Form, narrow: Form) -> bool:
    step = narrow.words.get("multipleOf")
    for key, rounded, sign in (("low", ceil, 1), ("high", floor, -1)):
        if key in wide.words:
            bound, strict = narrow.words.get(key, (None, False))
            if bound is None:
                return False
            if step is not None:
                edge = step * rounded(bound / step)
                bound, strict = (edge + sign * step if strict and edge == bound else edge), False
            limit, exclusive = wide.words[key]
            if sign * bound < sign * limit or (bound == limit and exclusive and not strict):
                return False
    wanted = wide.words.get("multipleOf")
    return wanted is None or (step is not None and (step / wanted).denominator == 1)


def _string(_asked: Question, wide: Form, narrow: Form) -> bool:
    return _sized(wide, narrow, "Length") and all(
        wide.words.get(key, frozenset()) <= narrow.words.get(key, frozenset()) for key in ("pattern", "format")
    )


def _sized(wide: Form, narrow: Form, what: str, least: int = 0, most: float = float("inf")) -> bool:
    low = max(narrow.words.get("min" + what, 0), least)
    high = min(narrow.words.get("max" + what, float("inf")), most)
    return bool(low >= wide.words.get("min" + what, 0) and high <= wide.words.get("max" + what, float("inf")))


def _array(asked: Question, wide: Form, narrow: Form) -> bool:
    longest = narrow.words.get("maxItems", float("inf"))
    unique = wide.words.get("uniqueItems") and not narrow.words.get("uniqueItems") and longest > 1
    if unique or not _sized(wide, narrow, "Items"):
        return False
    last = max(canonical.prefix_length(wide), canonical.prefix_length(narrow))
    indices = [index for index in range(last + 1) if index < longest]
    return all(proves(asked, canonical.item(wide, index), canonical.item(narrow, index)) for index in indices)


def _object(asked: Question, wide: Form, narrow: Form) -> bool:
    required = narrow.words.get("required", frozenset())
    if not wide.words.get("required", frozenset()) <= required:
        return False
    declared = canonical.names(narrow)
    rest = invents(narrow, open_world=asked.open_world)
    most = float("inf") if rest else sum(canonical.member(narrow, name) is not False for name in declared)
    if not _sized(wide, narrow, "Properties", len(required), most):
        return False
    if not all(proves(asked, canonical.member(wide, name), canonical.member(narrow, name)) for name in declared):
        return False
    if not rest:
        return True
    patterns = [_patterns(form) for form in (wide, narrow)]
    if not patterns[0].keys() <= patterns[1].keys() and any(patterns[0].values()):
        return False
    others = [name for name in canonical.names(wide) if name not in declared]
    pairs = [(canonical.member(wide, name), canonical.member(narrow, name)) for name in others]
    pairs += [(canonical.other_members(wide), canonical.other_members(narrow))]
    pairs += [(_demanded(wide, name), schema) for name, schema in patterns[1].items()]
    return all(proves(asked, outer, inner) for outer, inner in pairs)


def _patterns(form: Form) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for group in form.words.get("objects", ()):
        for pattern, schema in group.get("patternProperties", {}).items():
            found[pattern] = all_of(found.get(pattern, True), schema)
    return found


def _demanded(form: Form, pattern: str) -> Json:
    """At least what a reader of `form` holds names to that match `pattern`."""
    rest = (
        group.get("patternProperties", {}).get(pattern, group.get("additionalProperties", True))
        for group in form.words.get("objects", ())
    )
    return all_of(*rest)


def invents(form: Form, *, open_world: bool) -> bool:
    """Whether a writer of `form` may use names that it does not list: a map, a pattern, any name in an open world."""
    groups = form.words.get("objects", ())
    if any(group.get("patternProperties") for group in groups):
        return True
    rest = canonical.other_members(form)
    return rest is not False and (open_world or (isinstance(rest, Mapping) and bool(_asserted(rest))))


def _same(_asked: Question, _wide: Form, _narrow: Form) -> bool:
    return True


_FITS: Mapping[str, Any] = MappingProxyType(
    {"null": _same, "boolean": _same, "number": _number, "string": _string, "array": _array, "object": _object}
)
