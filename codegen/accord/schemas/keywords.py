"""The keywords of JSON Schema 2020-12: which hold schemas, what their values must be, how older spellings map."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from accord.document import Json, join

IN_PLACE = frozenset({"allOf", "anyOf", "oneOf"})
"""Hold lists of schemas that apply to the same value."""
LISTS = frozenset({"prefixItems"})
"""Hold lists of schemas that apply to parts of the value."""
MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
"""Hold schemas by name or pattern."""
SINGLES = frozenset(
    [
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    ]
)
"""Hold one schema."""
ANNOTATIONS = frozenset(
    [
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$comment",
        "contentEncoding",
        "contentMediaType",
    ]
)
"""Say something about a value and assert nothing."""
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

_Note = Callable[[str, str], None]


def assertions(schema: Mapping[str, Json]) -> dict[str, Json]:
    """`schema` without annotations, extensions and `$defs`: what it asserts."""
    silent = ANNOTATIONS | {"$defs"}
    return {key: value for key, value in schema.items() if key not in silent and not key.startswith("x-")}


def subschemas(schema: Json, pointer: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """`schema` and every schema written inside it, each with its pointer; older spellings too, no `$ref` followed."""
    stack = [(pointer, schema)]
    while stack:
        where, item = stack.pop()
        if not isinstance(item, dict):
            continue
        yield where, item
        for key, value in item.items():
            if (key in IN_PLACE | LISTS or key == "items") and isinstance(value, list):
                stack.extend((join(where, key, index), child) for index, child in enumerate(value))
            elif key in MAPS | {"dependencies"} and isinstance(value, dict):
                stack.extend((join(where, key, name), child) for name, child in value.items())
            elif key in SINGLES | {"additionalItems"}:
                stack.append((join(where, key), value))


def modern(schema: Mapping[str, Json], version: str, note: _Note) -> dict[str, Json]:
    """`schema` with this level spelt in 2020-12; what cannot be, or means nothing, is dropped and told to `note`.

    `version` is `3.0` or `3.1`. `note(keyword, reason)` is called for each keyword that is not asserted as written.
    """
    spelt = dict(schema)
    if version == "3.0":
        for key in sorted(spelt.keys() & _NOT_IN_3_0):
            note(key, "is no keyword of OpenAPI 3.0, and is not checked")
            del spelt[key]
    _older_drafts(spelt, note)
    _bounds(spelt, version, note)
    for key in list(spelt):
        if key in _DROPPED:
            if _DROPPED[key]:
                note(key, _DROPPED[key])
            del spelt[key]
        elif key not in _SHAPES:
            if key not in {"nullable", "example"} and not key.startswith("x-"):
                note(key, "is no keyword accord knows, and is not checked")
                del spelt[key]
        elif not _SHAPES[key](spelt[key]):
            note(key, f"cannot be {_short(spelt[key])}, and is not checked")
            del spelt[key]
    _example(spelt)
    return _nullable(spelt, version, note)


def _older_drafts(spelt: dict[str, Json], note: _Note) -> None:
    if isinstance(spelt.get("items"), list):
        note("items", "is a list, as before 2020-12; read as `prefixItems`")
        spelt["prefixItems"] = spelt.pop("items")
        if "additionalItems" in spelt:
            spelt["items"] = spelt["additionalItems"]
    spelt.pop("additionalItems", None)
    dependencies = spelt.pop("dependencies", None)
    if isinstance(dependencies, dict):
        note("dependencies", "is older than 2020-12; read as `dependentRequired` and `dependentSchemas`")
        lists = {name: value for name, value in dependencies.items() if isinstance(value, list)}
        rest = {name: value for name, value in dependencies.items() if not isinstance(value, list)}
        spelt |= {"dependentRequired": lists} if lists else {}
        spelt |= {"dependentSchemas": rest} if rest else {}
    if spelt.get("type") == "any":
        note("type", "is `any`, as before draft 4; read as no type")
        del spelt["type"]


def _bounds(spelt: dict[str, Json], version: str, note: _Note) -> None:
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = spelt.get(exclusive)
        if isinstance(flag, bool):
            if version != "3.0":
                note(exclusive, "is a boolean, as in OpenAPI 3.0; read as there")
            del spelt[exclusive]
            if flag and inclusive in spelt:
                spelt[exclusive] = spelt.pop(inclusive)


def _example(spelt: dict[str, Json]) -> None:
    if "example" in spelt:
        example = spelt.pop("example")
        if not isinstance(spelt.get("examples"), list):
            spelt["examples"] = [example]


def _nullable(spelt: dict[str, Json], version: str, note: _Note) -> dict[str, Json]:
    nullable = spelt.pop("nullable", None)
    if nullable is not True:
        return spelt
    if version != "3.0":
        note("nullable", 'is OpenAPI 3.0\'s, and means nothing here; write `type: [..., "null"]`')
        return spelt
    kind = spelt.get("type")
    if "enum" in spelt and None not in spelt["enum"]:
        note("nullable", "is true beside an `enum` without null; read as null allowed")
        spelt["enum"] = [*spelt["enum"], None]
    if kind is not None:
        kinds = [kind] if isinstance(kind, str) else list(kind)
        spelt["type"] = kinds if "null" in kinds else [*kinds, "null"]
    rest = spelt.keys() & (IN_PLACE | {"not"})
    if not rest:
        return spelt
    note("nullable", "is true beside a composition; read as null allowed")
    spelt.pop("type", None)
    told = {key: value for key, value in spelt.items() if key in ANNOTATIONS}
    inner = {key: value for key, value in spelt.items() if key not in told}
    if kind is not None:
        inner["type"] = kind
    return {"anyOf": [inner, {"type": "null"}], **told}


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004  a line's worth


def _is_number(value: Json) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    )


def _is_size(value: Json) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _is_names(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_type(value: Json) -> bool:
    kinds = [value] if isinstance(value, str) else value
    return _is_names(kinds) and bool(kinds) and all(kind in TYPES for kind in kinds)


def _is_anything(_value: Json) -> bool:
    return True


_SHAPES: Mapping[str, Callable[[Json], bool]] = MappingProxyType(
    dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number)
    | dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _is_size)
    | dict.fromkeys(("minContains", "maxContains"), _is_size)
    | dict.fromkeys(("pattern", "format", "title", "description", "$comment", "$ref"), _is_text)
    | dict.fromkeys(("contentEncoding", "contentMediaType"), _is_text)
    | dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "deprecated"), lambda value: isinstance(value, bool))
    | dict.fromkeys(SINGLES, _is_anything)
    | dict.fromkeys(IN_PLACE | LISTS, lambda value: isinstance(value, list) and bool(value))
    | dict.fromkeys(MAPS, lambda value: isinstance(value, dict))
    | dict.fromkeys(("const", "default"), _is_anything)
    | {
        "type": _is_type,
        "enum": lambda value: isinstance(value, list),
        "examples": lambda value: isinstance(value, list),
        "required": _is_names,
        "multipleOf": lambda value: _is_number(value) and value > 0,
        "dependentRequired": lambda value: isinstance(value, dict) and all(map(_is_names, value.values())),
    }
)
"""What the value of each keyword must be for it to mean anything."""

_DROPPED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("$defs", "definitions", "$id", "$anchor", "$dynamicAnchor", "$schema", "externalDocs", "xml"), "")
    | {
        "$dynamicRef": "is not followed: a `$ref` is",
        "$recursiveRef": "is not followed: a `$ref` is",
        "$vocabulary": "is not read",
        "contentSchema": "is an annotation in 2020-12, and is not checked",
        "discriminator": "is a hint; the branches themselves decide",
    }
)
"""Keywords that do not survive, and what the ledger says of them; nothing where no promise is lost."""

_NOT_IN_3_0 = frozenset(
    [
        "const",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "else",
        "examples",
        "if",
        "maxContains",
        "minContains",
        "patternProperties",
        "prefixItems",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentEncoding",
        "contentMediaType",
    ]
)
"""Keywords of 2020-12 that OpenAPI 3.0's Schema Object does not have."""
