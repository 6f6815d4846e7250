"""Which JSON types a schema lets through, seen through references and compositions."""

from collections.abc import Mapping

from accord.document import Json, unescape
from accord.schemas.keywords import TYPES

ALL = frozenset(TYPES)


def follow(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """`schema`, or what its `$ref` leads to when nothing but annotations stands beside it."""
    seen: set[str] = set()
    while isinstance(schema, Mapping) and isinstance(schema.get("$ref"), str) and schema["$ref"] not in seen:
        seen.add(schema["$ref"])
        schema = definitions[unescape(schema["$ref"].removeprefix("#/$defs/"))]
    return schema


def kind(value: Json) -> str:
    """The JSON type of `value`; a whole number is an `integer`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def kinds(schema: Json, definitions: Mapping[str, Json], _seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """A superset of the JSON types that `schema` accepts; `number` and `integer` both where fractions are."""
    if schema is True or schema is False:
        return ALL if schema else frozenset()
    found = ALL
    if "type" in schema:
        names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        found &= frozenset(names) | ({"integer"} if "number" in names else frozenset())
    if "enum" in schema:
        found &= frozenset(map(kind, schema["enum"]))
    if "const" in schema:
        found &= {kind(schema["const"])}
    name = schema.get("$ref")
    if isinstance(name, str) and name not in _seen:
        target = definitions[unescape(name.removeprefix("#/$defs/"))]
        found &= kinds(target, definitions, _seen | {name})
    for part in schema.get("allOf", ()):
        found &= kinds(part, definitions, _seen)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            found &= frozenset().union(*(kinds(part, definitions, _seen) for part in schema[keyword]))
    return found


def properties(schema: Json, definitions: Mapping[str, Json]) -> dict[str, Json]:
    """The properties that `schema` declares, through `$ref` and every composition; `false` ones left out."""
    found: dict[str, Json] = {}
    waiting, seen = [schema], set()
    while waiting:
        here = waiting.pop()
        if not isinstance(here, Mapping) or id(here) in seen:
            continue
        seen.add(id(here))
        for name, part in here.get("properties", {}).items():
            if part is not False:
                found.setdefault(name, part)
        if isinstance(here.get("$ref"), str):
            waiting.append(definitions[unescape(here["$ref"].removeprefix("#/$defs/"))])
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting.extend(reversed(here.get(keyword, ())))
    return found


def items(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """The schema of the items of the arrays that `schema` accepts; True where none is said."""
    schema = follow(schema, definitions)
    if not isinstance(schema, Mapping):
        return True
    for part in (schema, *(branch for key in ("allOf", "anyOf", "oneOf") for branch in schema.get(key, ()))):
        target = follow(part, definitions)
        if isinstance(target, Mapping) and "items" in target:
            return target["items"]
    return True
