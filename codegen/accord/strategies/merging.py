"""A schema as alternatives without compositions: `$ref`, `allOf`, `anyOf`, `oneOf`, `if` resolved beforehand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from accord.document import Json, unescape
from accord.schemas import kinds
from accord.schemas.joining import JOIN, all_of, key_of, matches
from accord.schemas.keywords import ANNOTATIONS, assertions
from accord.strategies.negating import negated

__all__ = ["Branch", "all_of", "branches", "is_free", "key_of", "matches"]

_MOST_BRANCHES = 64
_MOST_APART = 4
_COMPOSED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "$defs"})


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative: keywords that hold together, none of them a composition.

    `exact` says that every value drawn from the keywords is valid; else it still has to be held to the whole schema.
    """

    keywords: Mapping[str, Json]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _View:
    """How a schema is looked at: its definitions, references followed so far, whether alternatives shall be apart."""

    definitions: Mapping[str, Json]
    apart: bool
    seen: frozenset[str] = frozenset()


def branches(schema: Json, definitions: Mapping[str, Json], *, apart: bool = False) -> tuple[Branch, ...]:
    """The alternatives of `schema`, in its order; none when nothing can be valid.

    Where they are wanted `apart`, as for drawing, those of `oneOf` and `if` exclude each other where that can be said,
    and `unevaluated…` is said by keywords that know what was evaluated.
    """
    found_ = _expand(schema, _View(definitions, apart))
    kept = [branch for branch in found_ if branch.keywords.get("type") != [] and branch.keywords.get("enum") != []]
    return tuple(kept[:_MOST_BRANCHES])


def _expand(schema: Json, view: _View) -> list[Branch]:
    if not isinstance(schema, Mapping):
        return [Branch({})] if schema is True else []
    own = {key: value for key, value in schema.items() if key not in _COMPOSED | ANNOTATIONS and key[:2] != "x-"}
    opposite = negated(own["not"], apart=view.apart) if "not" in own else None
    if opposite is not None:
        del own["not"]
    result = [Branch(_normal(own), exact=not (own.keys() & {"not", "unevaluatedProperties", "unevaluatedItems"}))]
    if opposite is not None:
        result = _both(result, _expand(opposite, view))
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in view.seen:
        target = view.definitions[unescape(reference.removeprefix("#/$defs/"))]
        result = _both(result, _expand(target, replace(view, seen=view.seen | {reference})))
    for part in schema.get("allOf", ()):
        result = _both(result, _expand(part, view))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and not (keyword == "anyOf" and any(map(is_free, schema[keyword]))):
            result = _both(result, _either(keyword, schema[keyword], view))
    if "if" in schema and schema.keys() & {"then", "else"}:
        result = _both(result, _conditional(schema, view))
    return list(map(_evaluated, result)) if view.apart else result


def _either(keyword: str, parts: list[Json], view: _View) -> list[Branch]:
    """The alternatives of `anyOf` or `oneOf`."""
    exact = keyword == "anyOf" or _disjoint(parts, view.definitions)
    if view.apart and not exact and len(parts) <= _MOST_APART:
        opposites = [negated(kinds.follow(part, view.definitions), apart=True) for part in parts]
        if all(opposite is not None for opposite in opposites):
            alone = [all_of(part, *opposites[:at], *opposites[at + 1 :]) for at, part in enumerate(parts)]
            return _in_turn([_expand(part, view) for part in alone])
    found_ = [_expand(part, view) for part in parts]
    return [Branch(item.keywords, exact=item.exact and exact) for item in _in_turn(found_)]


def _conditional(schema: Mapping[str, Json], view: _View) -> list[Branch]:
    """The alternatives of `if`: met, with `then`; and not met, with `else`."""
    met = _both(_expand(schema["if"], view), _expand(schema.get("then", True), view))
    opposite = negated(schema["if"], apart=True) if view.apart else None
    if opposite is not None:
        return _in_turn([met, _expand(all_of(opposite, schema.get("else", True)), view)])
    other = _expand(schema.get("else", True), view)
    return [Branch(item.keywords, exact=False) for item in (*met, *other)]


def _evaluated(branch: Branch) -> Branch:
    """`branch` with `unevaluated…` as what holds for names and items that none of its keywords speaks of."""
    words = dict(branch.keywords)
    for unevaluated, known in (("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items")):
        if unevaluated in words:
            words.setdefault(known, words[unevaluated])
            del words[unevaluated]
    return Branch(words, exact=branch.exact)


def is_free(schema: Json) -> bool:
    """Whether `schema` asserts nothing at all."""
    return schema is True or (isinstance(schema, Mapping) and not assertions(schema))


def _in_turn(parts: list[list[Branch]]) -> list[Branch]:
    """Every part's first alternative before any part's second, so that a cut loses none of the parts."""
    longest = max(map(len, parts), default=0)
    return [part[index] for index in range(longest) for part in parts if index < len(part)]


def _disjoint(parts: Iterable[Json], definitions: Mapping[str, Json]) -> bool:
    """Whether no value can fit two of `parts`, told by type, or by a required property with different constants."""
    known = [kinds.kinds(part, definitions) - {"number"} for part in parts]
    if all(not (one & other) for index, one in enumerate(known) for other in known[:index]):
        return True
    tags = [_tags(part, definitions) for part in parts]
    shared = set(tags[0]).intersection(*tags[1:]) if tags else set()
    return any(
        all(not (tag[name] & other[name]) for index, tag in enumerate(tags) for other in tags[:index])
        for name in shared
    )


def _tags(part: Json, definitions: Mapping[str, Json]) -> dict[str, frozenset[str]]:
    schema = kinds.follow(part, definitions)
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return {}
    found_ = {}
    for name in schema.get("required", ()):
        held = kinds.follow(schema.get("properties", {}).get(name, True), definitions)
        if isinstance(held, Mapping) and ("const" in held or "enum" in held):
            members = [held["const"]] if "const" in held else held["enum"]
            found_[name] = frozenset(map(key_of, members))
    return found_


def _normal(keywords: dict[str, Json]) -> dict[str, Json]:
    if "type" in keywords:
        names = [keywords["type"]] if isinstance(keywords["type"], str) else list(keywords["type"])
        keywords["type"] = names
    if "const" in keywords:
        members = [keywords.pop("const")]
        keywords["enum"] = (
            [item for item in keywords["enum"] if key_of(item) == key_of(members[0])] if "enum" in keywords else members
        )
    return keywords


def _both(some: list[Branch], others: list[Branch]) -> list[Branch]:
    merged = [_merge(one, other) for one in some for other in others]
    return merged[:_MOST_BRANCHES]


def _merge(one: Branch, other: Branch) -> Branch:
    if not one.keywords or not other.keywords:
        return Branch(one.keywords or other.keywords, exact=one.exact and other.exact)
    held = dict(one.keywords)
    exact = one.exact and other.exact
    for key, value in other.keywords.items():
        if key not in held:
            held[key] = value
        elif held[key] != value:
            joined = JOIN.get(key)
            if joined is None:
                exact = False
            else:
                held[key] = joined(held[key], value)
    if held.keys() & {"properties", "additionalProperties", "patternProperties"}:
        held |= _joined_objects(one.keywords, other.keywords)
    if held.keys() & {"prefixItems", "items"}:
        held |= _joined_arrays(one.keywords, other.keywords)
    return Branch(held, exact=exact)


def _joined_objects(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """`properties`, `patternProperties` and `additionalProperties` of two schemas that hold together."""
    names = dict.fromkeys((*one.get("properties", {}), *other.get("properties", {})))
    result: dict[str, Json] = {}
    if names:
        result["properties"] = {name: all_of(_applies(one, name), _applies(other, name)) for name in names}
    patterns = {**one.get("patternProperties", {})}
    for pattern, schema in other.get("patternProperties", {}).items():
        patterns[pattern] = all_of(patterns.get(pattern, True), schema)
    if patterns:
        result["patternProperties"] = patterns
    if "additionalProperties" in one or "additionalProperties" in other:
        result["additionalProperties"] = all_of(
            one.get("additionalProperties", True), other.get("additionalProperties", True)
        )
    return result


def _joined_arrays(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    """`prefixItems` and `items` of two schemas that hold together."""
    longest = max(len(known.get("prefixItems", ())) for known in (one, other))
    result: dict[str, Json] = {}
    if longest:
        result["prefixItems"] = [all_of(_item(one, index), _item(other, index)) for index in range(longest)]
    if "items" in one or "items" in other:
        result["items"] = all_of(one.get("items", True), other.get("items", True))
    return result


def _item(keywords: Mapping[str, Json], index: int) -> Json:
    prefix = keywords.get("prefixItems", ())
    return prefix[index] if index < len(prefix) else keywords.get("items", True)


def _applies(keywords: Mapping[str, Json], name: str) -> Json:
    """What `keywords` say of the property `name`, by name, by pattern or by default."""
    patterns = [schema for pattern, schema in keywords.get("patternProperties", {}).items() if matches(pattern, name)]
    declared = keywords.get("properties", {})
    if name in declared:
        return all_of(declared[name], *patterns)
    return all_of(*patterns) if patterns else keywords.get("additionalProperties", True)
