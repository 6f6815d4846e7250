"""Canonical forms: a schema as a union of forms, each of one JSON type, its compositions merged and bounds intersected.

What only some of its alternatives declare is declared by the schema: `if` and `not` are alternatives too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from accord.document import Json, unescape
from accord.proof.complements import complement
from accord.proof.words import (
    KINDS,
    SIZED,
    Form,
    Words,
    form,
    is_empty_range,
    item,
    list_of,
    member,
    merge,
    names,
    other_members,
    own,
    patterns,
    prefix_length,
)
from accord.schemas.joining import key_of
from accord.schemas.keywords import IN_PLACE

_MOST_FORMS = 64
_MOST_REFUSED = 6
_MOST_NESTED = 2
_ENDLESS = 1 << 62
_COMPOSING = IN_PLACE | {"not", "if", "then", "else", "dependentSchemas", "dependentRequired"}


class TooManyError(ValueError):
    """The schema has more alternatives than are worth telling apart."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a schema is read: its definitions, the references followed at this value, questions inside questions."""

    definitions: Mapping[str, Json]
    followed: frozenset[str] = frozenset()
    nested: int = 0


def forms(schema: Json, definitions: Mapping[str, Json]) -> tuple[Form, ...]:
    """The alternatives of `schema`, those that hold no value left out; TooManyError when there are too many."""
    found = []
    scope = Scope(definitions)
    expanded = expand(schema, scope)
    parted = len(expanded) > 1 or any("refused" in words or "residue" in words for words in expanded)
    declared = _declared(schema, definitions) if parted else frozenset()
    for words in expanded:
        for kind in KINDS:
            made = form(kind, {**words, "declared": declared} if declared and kind == "object" else words)
            if made is not None and not is_empty(made, scope):
                found.append(_tightened(made) if kind == "array" else made)
    return tuple(found)


def _tightened(form: Form) -> Form:
    """An array that ends where no item may stand."""
    last = next((index for index in range(prefix_length(form) + 1) if item(form, index) is False), None)
    return form if last is None else Form(form.kind, merge(dict(form.words), {"maxItems": last}))


def _declared(schema: Json, definitions: Mapping[str, Json]) -> frozenset[str]:
    """The names that any part of `schema` about the same value speaks of."""
    found: set[str] = set()
    seen: set[str] = set()
    stack = [schema]
    while stack:
        part = stack.pop()
        if not isinstance(part, Mapping):
            continue
        found.update(part.get("properties", ()), part.get("required", ()))
        for name, needed in part.get("dependentRequired", {}).items():
            found.update((name, *needed))
        found.update(part.get("dependentSchemas", ()))
        reference = part.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            stack.append(_target(reference, definitions))
        for keyword in _COMPOSING & part.keys() - {"dependentRequired"}:
            value = part[keyword]
            stack.extend(value if isinstance(value, list) else value.values() if keyword in _MAPS else [value])
    return frozenset(found)


_MAPS = frozenset({"dependentSchemas"})


def _target(reference: str, definitions: Mapping[str, Json]) -> Json:
    return definitions[unescape(reference.removeprefix("#/$defs/"))]


def expand(schema: Json, scope: Scope) -> list[Words]:
    """`schema` as alternatives of words; a reference that leads to itself is left in their residue."""
    if not isinstance(schema, Mapping):
        return [{}] if schema is True else []
    result = [own(schema)]
    for either in _compositions(schema, scope):
        result = _both(result, either)
    return result


def _compositions(schema: Mapping[str, Json], scope: Scope) -> Iterator[list[Words]]:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield _followed(reference, scope)
    for part in schema.get("allOf", ()):
        yield expand(part, scope)
    if "anyOf" in schema:
        listed = list_of(schema["anyOf"])
        yield (
            [own({"enum": listed})] if listed else [words for part in schema["anyOf"] for words in expand(part, scope)]
        )
    if "oneOf" in schema:
        listed = list_of(schema["oneOf"], apart=True)
        yield [own({"enum": listed})] if listed else _one_of(schema["oneOf"], scope)
    if "not" in schema:
        yield _refused(schema["not"], scope)
    if "if" in schema and schema.keys() & {"then", "else"}:
        yield _conditional(schema, scope)
    for name, needed in schema.get("dependentRequired", {}).items():
        yield _dependent(name, [{"required": frozenset(needed)}])
    for name, part in schema.get("dependentSchemas", {}).items():
        yield _dependent(name, expand(part, scope))
    yield from _unevaluated(schema, scope.definitions)


def _followed(reference: str, scope: Scope) -> list[Words]:
    if reference in scope.followed:
        return [{"residue": (("", {"$ref": reference}),)}]
    return expand(_target(reference, scope.definitions), replace(scope, followed=scope.followed | {reference}))


def _one_of(parts: list[Json], scope: Scope) -> list[Words]:
    expanded = [expand(part, scope) for part in parts]
    found: list[Words] = []
    for index, mine in enumerate(expanded):
        others = [
            part for other, part in enumerate(parts) if other != index and not _disjoint(mine, expanded[other], scope)
        ]
        found += [merge(words, {"refused": tuple(others)}) if others else words for words in mine]
    return found


def _refused(schema: Json, scope: Scope) -> list[Words]:
    parts = complement(schema)
    if parts is None or len(parts) > _MOST_REFUSED:
        return [{"refused": (schema,)}]
    return [words for part in parts for words in expand(part, scope)]


def _conditional(schema: Mapping[str, Json], scope: Scope) -> list[Words]:
    held = _both(expand(schema["if"], scope), expand(schema.get("then", True), scope))
    return held + _both(_refused(schema["if"], scope), expand(schema.get("else", True), scope))


def _dependent(name: str, needed: list[Words]) -> list[Words]:
    with_it: Words = {"kinds": frozenset({"object"}), "required": frozenset({name})}
    return [{"objects": ({"properties": {name: False}},)}, *_both([with_it], needed)]


def _unevaluated(schema: Mapping[str, Json], definitions: Mapping[str, Json]) -> Iterator[list[Words]]:
    for keyword, kind in (("unevaluatedProperties", "object"), ("unevaluatedItems", "array")):
        if keyword not in schema or schema[keyword] in (True, {}):
            continue
        kept = {name: value for name, value in schema.items() if name != "$defs"}
        seen = _evaluated(schema, definitions, kind)
        if seen is None:
            yield [{"residue": ((kind, kept),)}]
        elif not seen[2] and kind == "object":
            names, patterns, _ = seen
            group = {"properties": dict.fromkeys(names, True), "patternProperties": dict.fromkeys(patterns, True)}
            yield [{"objects": ({**group, "additionalProperties": schema[keyword]},)}]
        elif not seen[2]:
            yield [{"arrays": ({"prefixItems": [True] * len(seen[0]), "items": schema[keyword]},)}]


def _evaluated(
    schema: Mapping[str, Json], definitions: Mapping[str, Json], kind: str
) -> tuple[list[str], list[str], bool] | None:
    """The names (or a name for each first item), the patterns, and whether all are evaluated; None where it depends."""
    names: dict[str, None] = {}
    patterns: dict[str, None] = {}
    every = False
    seen: set[str] = set()
    stack: list[tuple[Json, bool]] = [(schema, True)]
    while stack:
        part, outermost = stack.pop()
        if not isinstance(part, Mapping):
            continue
        if part.keys() & {"anyOf", "oneOf", "if", "dependentSchemas"} or (kind == "array" and "contains" in part):
            return None
        if kind == "object":
            names |= dict.fromkeys(part.get("properties", ()))
            patterns |= dict.fromkeys(part.get("patternProperties", ()))
            every |= "additionalProperties" in part or ("unevaluatedProperties" in part and not outermost)
        else:
            names |= dict.fromkeys(map(str, range(len(part.get("prefixItems", ())))))
            every |= "items" in part or ("unevaluatedItems" in part and not outermost)
        stack.extend((inner, False) for inner in part.get("allOf", ()))
        reference = part.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            stack.append((_target(reference, definitions), False))
    return list(names), list(patterns), every


def _both(some: list[Words], others: list[Words]) -> list[Words]:
    if len(some) * len(others) > _MOST_FORMS:
        raise TooManyError
    return [merge(one, other) for one in some for other in others]


def _disjoint(some: list[Words], others: list[Words], scope: Scope) -> bool:
    if scope.nested >= _MOST_NESTED:
        return False
    below = Scope(scope.definitions, nested=scope.nested + 1)
    return all(holds_nothing(merge(one, other), below) for one in some for other in others)


def holds_nothing(words: Words, scope: Scope, seen: frozenset[str] = frozenset()) -> bool:
    """Whether no value has `words`, as far as `is_empty` tells."""
    made = (form(kind, words) for kind in KINDS)
    return all(found is None or is_empty(found, scope, seen) for found in made)


def is_empty(form: Form, scope: Scope, seen: frozenset[str] = frozenset()) -> bool:
    """Whether no value has `form`, as far as bounds, requirements and their schemas tell.

    A schema that is met again inside itself is taken for empty: a value that needs itself is never finished.
    """
    words = form.words
    if form.kind == "number":
        return is_empty_range(words)
    sized = SIZED.get(form.kind)
    if sized and words.get("min" + sized, 0) > words.get("max" + sized, _ENDLESS):
        return True
    if form.kind == "object":
        required = words.get("required", ())
        return (
            len(required) > words.get("maxProperties", _ENDLESS)
            or words.get("minProperties", 0) > _most_properties(form)
            or any(_has_none(member(form, name), scope, seen) for name in required)
        )
    if form.kind == "array":
        needed = min(words.get("minItems", 0), prefix_length(form) + 1)
        return any(_has_none(item(form, index), scope, seen) for index in range(needed)) or any(
            _is_empty_count(form, group, scope, seen) for group in words.get("contains", ())
        )
    return False


def _most_properties(form: Form) -> int:
    if "minProperties" not in form.words or patterns(form) or other_members(form) is not False:
        return _ENDLESS
    return sum(member(form, name) is not False for name in names(form))


def _is_empty_count(form: Form, group: Mapping[str, Json], scope: Scope, seen: frozenset[str]) -> bool:
    longest = form.words.get("maxItems", _ENDLESS)
    least = group.get("minContains", 1)
    if least == 0 or least > min(group.get("maxContains", _ENDLESS), longest):
        return bool(least)
    places = [item(form, index) for index in range(prefix_length(form) + 1) if index < longest]
    return all(_has_none({"allOf": [place, group["contains"]]}, scope, seen) for place in places)


def _has_none(schema: Json, scope: Scope, seen: frozenset[str]) -> bool:
    if not isinstance(schema, Mapping):
        return schema is False
    key = key_of(schema)
    if key in seen:
        return True
    try:
        expanded = expand(schema, replace(scope, followed=frozenset()))
    except TooManyError:
        return False
    return all(holds_nothing(words, scope, seen | {key}) for words in expanded)
