"""Judging: what the authority says of a value, asked only about the parts that the accept filter does not take.

A schema is followed as far as objects and arrays promise something of each part by itself: what an object says of
itself is judged without its parts, and each part by itself; where several schemas speak of one part, all of it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from accord.contract import Schema
from accord.document import Json, join
from accord.schemas import refusals, shapes
from accord.validity import parts, validation
from accord.validity.parts import Part, Tree
from accord.validity.validation import Violation


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


_last: list[tuple[Schema, Json, _Found]] = []


def violations(schema: Schema, value: Json) -> Iterator[Violation]:
    """What `validation.violations` says, and sooner."""
    yield from _judged(schema, value).violations


def undocumented(schema: Schema, value: Json) -> Iterator[str]:
    """What `shapes.undocumented` says, and sooner; each pointer once."""
    yield from _judged(schema, value).undocumented


def is_valid(schema: Schema, value: Json) -> bool:
    """What `validation.is_valid` says, and sooner where the filter takes the value."""
    part = parts.part_of(parts.tree_of(schema), schema, "")
    return (part.takes is not None and part.takes(value)) or validation.is_valid(schema, value)


def told(schema: Schema, rule: Part, value: Json) -> tuple[list[Violation], list[str]]:
    """What both say of a part of a value of `schema` that is under `rule`, their pointers from there."""
    found = _Found()
    _judge_part(found, parts.tree_of(schema), rule, value, _Where())
    return found.violations, list(found.undocumented)


def _judged(schema: Schema, value: Json) -> _Found:
    """Both, found in one walk; the checks ask one after the other about the same value."""
    if _last and _last[0][0] is schema and _last[0][1] is value:
        return _last[0][2]
    found, tree = _Found(), parts.tree_of(schema)
    try:
        _judge(found, tree, (schema, ""), value, _Where())
    except (RecursionError, ValueError) as failure:
        found.violations = [validation.too_deep(failure)]
        found.undocumented = dict.fromkeys(shapes.undocumented(value, schema, tree.definitions))
    _last[:] = [(schema, value, found)]
    return found


def _judge(found: _Found, tree: Tree, rule: tuple[Json, str], value: Json, where: _Where) -> None:
    part = parts.part_of(tree, *rule)
    if part.takes is None or not part.takes(value):
        _judge_part(found, tree, part, value, where)


def _judge_part(found: _Found, tree: Tree, part: Part, value: Json, where: _Where) -> None:
    """Judge a value that nothing takes at once."""
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


def _of_union(tree: Tree, part: Part, value: Json, where: _Where) -> list[Violation] | None:
    """What the nearest branch of a union says, told by the branches alone that no constant rules out.

    None where the authority has to see all of them.
    """
    errors: list[tuple[int, Part, list[Any]]] = []
    for at, rule in enumerate(part.whole[part.union]):
        if _is_ruled_out(tree, rule, value):
            continue
        branch = parts.part_of(tree, rule, join(part.within, part.union, at))
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


def _is_ruled_out(tree: Tree, rule: Json, value: Json) -> bool:
    """Whether a property that branch `rule` fixes to some texts has another value."""
    if not isinstance(value, dict) or not isinstance(rule, Mapping):
        return False
    fixed = tree.fixed.get(id(rule))
    if fixed is None:
        fixed = tree.fixed[id(rule)] = _fixed(parts.followed(rule, tree.definitions, "")[0])
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


def _judge_object(found: _Found, tree: Tree, part: Part, value: dict[str, Json], where: _Where) -> None:
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


def _is_taken(tree: Tree, rule: tuple[Json, str], value: Json) -> bool:
    takes = parts.part_of(tree, *rule).takes
    return takes is not None and takes(value)
