"""Parts: a schema followed as far as objects and arrays promise something of each part by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accord.contract import Schema
from accord.document import Json, join, unescape
from accord.schemas import shapes
from accord.schemas.keywords import assertions
from accord.validity import acceptance

_OBJECT = frozenset(["type", "properties", "required", "additionalProperties", "minProperties", "maxProperties"])
_ARRAY = frozenset(["type", "items", "minItems", "maxItems", "uniqueItems"])
_MOST = 4096


@dataclass(slots=True)
class Part:
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
class Tree:
    """The parts of one schema, made when a value leads to them."""

    definitions: Mapping[str, Json]
    parts: dict[tuple[int, str], Part] = field(default_factory=dict)
    fixed: dict[int, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


_trees: dict[int, tuple[Schema, Tree]] = {}


def tree_of(schema: Schema) -> Tree:
    """The parts of `schema`, kept by its identity."""
    known = _trees.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_trees) >= _MOST:
        _trees.clear()
    made = Tree(schema.get("$defs", {}))
    _trees[id(schema)] = (schema, made)
    return made


def part_of(tree: Tree, schema: Json, within: str) -> Part:
    """What `schema`, which stands at `within`, promises of each part by itself."""
    known = tree.parts.get((id(schema), within))
    if known is None:
        known = tree.parts[id(schema), within] = _made(tree, schema, within)
    return known


def _made(tree: Tree, schema: Json, within: str) -> Part:
    rule, within = followed(schema, tree.definitions, within)
    own = {**(rule if isinstance(rule, Mapping) else {"allOf": [rule]}), "$defs": tree.definitions}
    part = Part(rule, own, own, within, acceptance.takes(own, closed=True))
    said = assertions(rule) if isinstance(rule, Mapping) else {}
    if said.get("type") == "array" and not said.keys() - _ARRAY and isinstance(said.get("items"), Mapping):
        part.own = {key: value for key, value in own.items() if key != "items"}
        part.items, part.has_parts = (said["items"], within + "/items"), True
    elif "properties" in said and not said.keys() - _OBJECT:
        _open(part, said)
    elif said.keys() == {"anyOf"} or said.keys() == {"oneOf"}:
        part.union = next(iter(said))
    return part


def _open(part: Part, said: Schema) -> None:
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


def followed(schema: Json, definitions: Mapping[str, Json], within: str) -> tuple[Json, str]:
    """The schema that `schema` is another name for, and where it stands."""
    for _ in range(len(definitions) + 1):
        said = assertions(schema) if isinstance(schema, Mapping) else {}
        if said.keys() != {"$ref"}:
            break
        name = unescape(said["$ref"].removeprefix("#/$defs/"))
        schema, within = definitions[name], join("/$defs", name)
    return schema, within
