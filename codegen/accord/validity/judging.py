"""Judging: what the authority says of a value, asked only about the parts that the accept filter does not take.

A schema is followed as far as objects and arrays promise something of each part by itself: what an object says of
itself is judged without its parts, and each part by itself; where several schemas speak of one part, all of it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accord.contract import Schema
from accord.document import Json, join, unescape
from accord.schemas import refusals, shapes
from accord.schemas.keywords import assertions
from accord.validity import acceptance, validation
from accord.validity.validation import Violation

_OBJECT = frozenset(["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"])
_ARRAY = frozenset(["type", "items", "minItems", "maxItems", "uniqueItems"])
_MOST = 4096


@dataclass(slots=True)
class _Part:
    """A schema: what takes its values at once, what it says of a value itself, and the schemas of the parts.

    `full` is the schema with its definitions, and so is `own` where it has no parts; `rest` is for the properties that
    are not in `schemas`, `items` for the items of an array. `documented` are the names of an open object. `union` is
    the keyword of one, if it is all that the schema says.
    """

    whole: Json
    full: Schema
    own: Schema
    within: str
    takes: Callable[[Json], bool] | None
    has_parts: bool = False
    documented: frozenset[str] | None = None
    schemas: Mapping[str, tuple[Json, str]] = field(default_factory=dict)
    rest: tuple[Json, str] | None = None
    items: tuple[Json, str] | None = None
    union: str = ""


@dataclass(slots=True)
class _Tree:
    """The parts of one schema, made when a value leads to them."""

    definitions: Mapping[str, Json]
    parts: dict[tuple[int, str], _Part] = field(default_factory=dict)
    fixed: dict[int, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Where:
    """A place in a value: the tokens to it, its pointer with `*` for items, and whether names there are documented."""

    tokens: tuple[str | int, ...] = ()
    pointer: str = ""
    named: bool = True


@dataclass(slots=True)
class _Found:
    violations: list[Violation] = field(default_factory=list)
    undocumented: dict[str, None] = field(default_factory=dict)


_trees: dict[int, tuple[Schema, _Tree]] = {}
_last: list[tuple[Schema, Json, _Found]] = []


def violations(schema: Schema, value: Json) -> Iterator[Violation]:
    """What `validation.violations` says, and sooner."""
    yield from _judged(schema, value).violations


def undocumented(schema: Schema, value: Json) -> Iterator[str]:
    """What `shapes.undocumented` says, and sooner; each pointer once."""
    yield from _judged(schema, value).undocumented


def is_valid(schema: Schema, value: Json) -> bool:
    """What `validation.is_valid` says, and sooner where the filter takes the value."""
    part = _part(_tree(schema), schema, "")
    return (part.takes is not None and part.takes(value)) or validation.is_valid(schema, value)


def _judged(schema: Schema, value: Json) -> _Found:
    """Both, found in one walk; the checks ask one after the other about the same value."""
    if _last and _last[0][0] is schema and _last[0][1] is value:
        return _last[0][2]
    found, tree = _Found(), _tree(schema)
    try:
        _judge(found, tree, (schema, ""), value, _Where())
    except (RecursionError, ValueError) as failure:
        found.violations = [validation.too_deep(failure)]
        found.undocumented = dict.fromkeys(shapes.undocumented(value, schema, tree.definitions))
    _last[:] = [(schema, value, found)]
    return found


def _tree(schema: Schema) -> _Tree:
    known = _trees.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_trees) >= _MOST:
        _trees.clear()
    made = _Tree(schema.get("$defs", {}))
    _trees[id(schema)] = (schema, made)
    return made


def _judge(found: _Found, tree: _Tree, rule: tuple[Json, str], value: Json, where: _Where) -> None:
    part = _part(tree, *rule)
    if part.takes is not None and part.takes(value):
        return
    told = _of_union(tree, part, value, where) if part.union else None
    if told is None:
        told = list(validation.violations_at(part.own, value, where.tokens, part.within))
    found.violations += told
    if not part.has_parts:
        if where.named:
            inner = shapes.undocumented(value, part.whole, tree.definitions)
            found.undocumented.update(dict.fromkeys(where.pointer + pointer for pointer in inner))
        return
    if isinstance(value, list) and part.items is not None:
        for at, item in enumerate(value):
            if _is_taken(tree, part.items, item):
                continue
            _judge(found, tree, part.items, item, _Where((*where.tokens, at), where.pointer + "/*", where.named))
    if isinstance(value, dict):
        _judge_object(found, tree, part, value, where)


def _of_union(tree: _Tree, part: _Part, value: Json, where: _Where) -> list[Violation] | None:
    """What the nearest branch of a union says, told by the branches alone that no constant rules out.

    None where the authority has to see all of them.
    """
    errors: list[tuple[int, _Part, list[Any]]] = []
    for at, rule in enumerate(part.whole[part.union]):
        if _is_ruled_out(tree, rule, value):
            continue
        branch = _part(tree, rule, join(part.within, part.union, at))
        taken = branch.takes is not None and branch.takes(value)
        errors.append((at, branch, [] if taken else list(validation.validator(branch.full).iter_errors(value))))
    fitting = sum(not found for _, _, found in errors)
    if fitting:
        return [] if part.union == "anyOf" or fitting == 1 else None
    near = min(errors, key=lambda item: (refusals.distance(item[2]), item[0]), default=None)
    if near is None or refusals.is_strange(near[2]):
        return None
    _, branch, _ = near
    told = validation.violations_at(branch.full, value, where.tokens, branch.within)
    return [replace(item, conditional=True) for item in told]


def _is_ruled_out(tree: _Tree, rule: Json, value: Json) -> bool:
    """Whether a property that branch `rule` fixes to some texts has another value."""
    if not isinstance(value, dict) or not isinstance(rule, Mapping):
        return False
    fixed = tree.fixed.get(id(rule))
    if fixed is None:
        fixed = tree.fixed[id(rule)] = _fixed(_followed(rule, tree.definitions, "")[0])
    return any(
        name in value and value[name] not in texts for name, texts in fixed.items() if isinstance(value.get(name), str)
    )


def _fixed(rule: Json) -> Mapping[str, tuple[str, ...]]:
    """The texts that a schema allows its properties, where it lists them."""
    properties = rule.get("properties", {}) if isinstance(rule, Mapping) else {}
    listed = {
        name: tuple(inner.get("enum", [inner.get("const")]))
        for name, inner in properties.items()
        if isinstance(inner, Mapping) and {"enum", "const"} & inner.keys()
    }
    return {name: texts for name, texts in listed.items() if all(isinstance(text, str) for text in texts)}


def _judge_object(found: _Found, tree: _Tree, part: _Part, value: dict[str, Json], where: _Where) -> None:
    if where.named and part.documented is not None:
        strange = [join(where.pointer, name) for name in value if name not in part.documented]
        found.undocumented.update(dict.fromkeys(strange))
    for name, rule in part.schemas.items():
        if name in value and not _is_taken(tree, rule, value[name]):
            below = _Where((*where.tokens, name), join(where.pointer, name), where.named)
            _judge(found, tree, rule, value[name], below)
    if part.rest is not None:
        for name, inner in value.items():
            if name not in part.own["properties"]:
                _judge(found, tree, part.rest, inner, _Where((*where.tokens, name), named=False))


def _is_taken(tree: _Tree, rule: tuple[Json, str], value: Json) -> bool:
    takes = _part(tree, *rule).takes
    return takes is not None and takes(value)


def _part(tree: _Tree, schema: Json, within: str) -> _Part:
    known = tree.parts.get((id(schema), within))
    if known is None:
        known = tree.parts[id(schema), within] = _made(tree, schema, within)
    return known


def _made(tree: _Tree, schema: Json, within: str) -> _Part:
    rule, within = _followed(schema, tree.definitions, within)
    own = {**(rule if isinstance(rule, Mapping) else {"allOf": [rule]}), "$defs": tree.definitions}
    part = _Part(rule, own, own, within, acceptance.takes(own, closed=True))
    said = assertions(rule) if isinstance(rule, Mapping) else {}
    if said.get("type") == "array" and not said.keys() - _ARRAY and isinstance(said.get("items"), Mapping):
        part.own = {key: value for key, value in own.items() if key != "items"}
        part.items, part.has_parts = (said["items"], within + "/items"), True
    elif "properties" in said and not said.keys() - _OBJECT:
        _open(part, said)
    elif said.keys() == {"anyOf"} or said.keys() == {"oneOf"}:
        part.union = next(iter(said))
    return part


def _open(part: _Part, said: Schema) -> None:
    """Take the schemas of an object's properties out of what it says of itself."""
    properties, rest = said["properties"], said.get("additionalProperties", True)
    kept = {name: rule if rule is False else True for name, rule in properties.items()}
    part.own, part.has_parts = {**part.own, "properties": kept}, True
    part.schemas = {
        name: (rule, join(part.within + "/properties", name))
        for name, rule in properties.items()
        if isinstance(rule, Mapping)
    }
    if isinstance(rest, Mapping):
        part.own = {**part.own, "additionalProperties": True}
        part.rest = (rest, part.within + "/additionalProperties")
    known = shapes.names([said])
    part.documented = known if known and shapes.is_open([said]) else None


def _followed(schema: Json, definitions: Mapping[str, Json], within: str) -> tuple[Json, str]:
    """The schema that `schema` is another name for, and where it stands."""
    for _ in range(len(definitions) + 1):
        said = assertions(schema) if isinstance(schema, Mapping) else {}
        if said.keys() != {"$ref"}:
            break
        name = unescape(said["$ref"].removeprefix("#/$defs/"))
        schema, within = definitions[name], join("/$defs", name)
    return schema, within
