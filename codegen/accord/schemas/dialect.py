"""OpenAPI 3.0, 3.1 and older drafts → JSON Schema 2020-12, once, at the door; request view and response view."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accord import fetching
from accord.contract import Direction, Origin, Schema
from accord.document import Document, Json, at, escape, join, split
from accord.fetching import Library
from accord.findings import Unchecked
from accord.schemas import keywords
from accord.schemas.formats import is_known
from accord.schemas.patterns import compile_pattern

_REQUIRING = keywords.IN_PLACE | {"required", "if", "then", "else", "not"}
"""Where names are required, of this value, here or below."""
_NOISE = frozenset({"components", "schemas", "$defs", "definitions", "content", "schema", "properties", "paths"})


@dataclass(slots=True, kw_only=True)
class Lowering:
    """The state of lowering one contract: what has been named so far, and what could not be said in 2020-12.

    `definitions` is shared by every schema that comes out; it grows as `$ref`s are met. `version` is `3.0` or `3.1`.
    """

    library: Library
    version: str
    definitions: dict[str, Json] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    request_views: dict[str, str] = field(default_factory=dict)
    ledger: list[Unchecked] = field(default_factory=list)
    reserved: frozenset[str] = frozenset()
    names: dict[tuple[str, str, Direction], str] = field(default_factory=dict)
    one_sided: dict[tuple[str, str], bool] = field(default_factory=dict)
    marked: dict[tuple[str, str, Direction], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in which document a schema is being lowered, for whom, and which names its parents hide from this view."""

    document: Document
    pointer: str
    direction: Direction
    hidden: frozenset[str] = frozenset()


def lowering(library: Library, version: str) -> Lowering:
    """A fresh lowering; the component names of the first document are kept for its own schemas."""
    data = library.root.data
    components = data.get("components") if isinstance(data, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    names = frozenset(schemas) if isinstance(schemas, dict) else frozenset()
    return Lowering(library=library, version=version, reserved=names)


def lower(state: Lowering, document: Document, pointer: str, direction: Direction) -> Schema:
    """The schema at `pointer` of `document` as a self-contained 2020-12 schema, as `direction` sees it.

    Raises DocumentError for a `$ref` that leads nowhere.
    """
    place = _Place(document=document, pointer=pointer, direction=direction)
    lowered = _schema(state, place, at(document.data, pointer))
    whole = lowered if isinstance(lowered, dict) else ({} if lowered else {"not": {}})
    return {**whole, "$defs": state.definitions}


def define(state: Lowering, document: Document, pointer: str, direction: Direction) -> str:
    """The name in `definitions` of the schema at `pointer`, lowered now if it was not yet."""
    sided = direction is Direction.REQUEST and _is_one_sided(state, document, pointer)
    key = (document.uri, pointer, direction if sided else Direction.RESPONSE)
    if key in state.names:
        return state.names[key]
    name = _name(state, document, pointer)
    if sided:
        base = define(state, document, pointer, Direction.RESPONSE)
        name = _unused(state, f"{base}Request")
        state.request_views[base] = name
    state.names[key] = name
    state.origins[name] = Origin(uri=document.uri, pointer=pointer)
    state.definitions[name] = {}  # holds the place, so that a cycle finds it
    place = _Place(document=document, pointer=pointer, direction=key[2])
    state.definitions[name] = _schema(state, place, at(document.data, pointer))
    return name


def note(state: Lowering, document: Document, pointer: str, what: str, reason: str) -> None:
    """Write one thing that cannot be held to into the ledger, with where it stands."""
    state.ledger.append(Unchecked(what=what, reason=f"{reason} ({document.uri}#{pointer})"))


def _name(state: Lowering, document: Document, pointer: str) -> str:
    tokens = split(pointer)
    if document is state.library.root and tokens[:2] == ("components", "schemas") and len(tokens) == 3:  # noqa: PLR2004  its depth
        wanted = re.sub(r"[%/~\x00-\x1f\x7f]", "_", tokens[2]) or "_"
        return wanted if wanted not in state.definitions else _unused(state, wanted)
    telling = [token for token in tokens if token not in _NOISE and "/" not in token]
    stem = re.sub(r".*/|(\.openapi)?\.\w+$", "", document.uri)
    words = re.findall(r"[A-Za-z0-9]+", " ".join(telling) or stem)
    return _unused(state, "".join(word[0].upper() + word[1:] for word in words) or "Schema")


def _unused(state: Lowering, name: str) -> str:
    taken = state.reserved | state.definitions.keys()
    number = 2
    candidate = name
    while candidate in taken:
        candidate = f"{name}{number}"
        number += 1
    return candidate


def _is_one_sided(state: Lowering, document: Document, pointer: str) -> bool:
    """Whether the schema at `pointer` reaches a readOnly or writeOnly, so that reading and writing differ."""
    start = (document.uri, pointer)
    seen: set[tuple[str, str]] = set()
    stack = [(document, pointer)]
    while stack and start not in state.one_sided:
        here, where = stack.pop()
        if (here.uri, where) in seen:
            continue
        seen.add((here.uri, where))
        known = state.one_sided.get((here.uri, where))
        if known is None:
            for inner, schema in keywords.subschemas(at(here.data, where), where):
                marked = schema.get("readOnly") is True or schema.get("writeOnly") is True
                if marked and not _ignores_siblings(state, schema):
                    known = True
                elif isinstance(schema.get("$ref"), str):
                    stack.append(fetching.resolve(state.library, here, schema["$ref"], pointer=inner))
        if known:
            state.one_sided[start] = True
    if start not in state.one_sided:
        state.one_sided.update(dict.fromkeys(seen, False))
    return state.one_sided[start]


def _schema(state: Lowering, place: _Place, schema: Json) -> Json:
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict):
        note(state, place.document, place.pointer, "schema", "is no object and no boolean; anything is accepted")
        return True
    if _ignores_siblings(state, schema):
        _ignored_siblings(state, place, schema)
        return {"$ref": _reference(state, place, schema["$ref"])}
    spelt = keywords.modern(
        schema, state.version, lambda what, why: note(state, place.document, place.pointer, what, why)
    )
    _unasserted(state, place, spelt)
    place = _Place(
        document=place.document,
        pointer=place.pointer,
        direction=place.direction,
        hidden=place.hidden | _hidden(state, place, schema),
    )
    return _any_or_null(state, place, {key: _keyword(state, place, key, value) for key, value in spelt.items()})


def _unasserted(state: Lowering, place: _Place, schema: Mapping[str, Json]) -> None:
    """Name the patterns that cannot be compiled and the format that is not known: they assert nothing."""
    patterns = [schema["pattern"]] if "pattern" in schema else []
    for pattern in (*patterns, *schema.get("patternProperties", ())):
        if compile_pattern(pattern) is None:
            note(state, place.document, place.pointer, "pattern", f"`{pattern}` is no ECMA-262 pattern")
    if "format" in schema and not is_known(schema["format"]):
        note(state, place.document, place.pointer, "format", f"`{schema['format']}` is not known")


def _ignores_siblings(state: Lowering, schema: Mapping[str, Json]) -> bool:
    """OpenAPI 3.0 section 4.7.23: what stands beside a `$ref` SHALL be ignored."""
    return state.version == "3.0" and isinstance(schema.get("$ref"), str)


def _ignored_siblings(state: Lowering, place: _Place, schema: Mapping[str, Json]) -> None:
    for keyword in sorted(schema.keys() - {"$ref", "description", "summary", "title"}):
        if not keyword.startswith("x-"):
            note(state, place.document, place.pointer, keyword, "stands beside `$ref`, where OpenAPI 3.0 ignores it")


def _keyword(state: Lowering, place: _Place, key: str, value: Json) -> Json:
    if key == "$ref":
        return _reference(state, place, value)
    if key == "required":
        return [name for name in value if name not in place.hidden]
    if key == "properties":
        return {name: _property(state, place, name, value[name]) for name in value}
    keep = key in _REQUIRING
    if key in keywords.IN_PLACE | keywords.LISTS:
        return [_schema(state, _below(place, key, index, keep=keep), item) for index, item in enumerate(value)]
    if key in keywords.MAPS:
        return {name: _schema(state, _below(place, key, name, keep=False), item) for name, item in value.items()}
    return _schema(state, _below(place, key, keep=keep), value) if key in keywords.SINGLES else value


def _below(place: _Place, *tokens: str | int, keep: bool = True) -> _Place:
    return _Place(
        document=place.document,
        pointer=join(place.pointer, *tokens),
        direction=place.direction,
        hidden=place.hidden if keep else frozenset(),
    )


def _property(state: Lowering, place: _Place, name: str, schema: Json) -> Json:
    if _is_hidden(state, place, name, schema):
        return False
    return _schema(state, _below(place, "properties", name, keep=False), schema)


def _hidden(state: Lowering, place: _Place, schema: Mapping[str, Json]) -> frozenset[str]:
    """The names that `schema`, with all it is composed of, keeps from this direction, where it may require them."""
    found: set[str] = set()
    if _REQUIRING.isdisjoint(schema):
        return frozenset()
    plain = "$ref" not in schema and "allOf" not in schema
    for below, part in [(place, schema)] if plain else _composed(state, place, schema, set()):
        properties = part.get("properties")
        if isinstance(properties, dict):
            found |= {name for name, child in properties.items() if _is_hidden(state, below, name, child)}
    return frozenset(found)


def _composed(
    state: Lowering, place: _Place, schema: Json, seen: set[int]
) -> Iterator[tuple[_Place, Mapping[str, Json]]]:
    if not isinstance(schema, dict) or id(schema) in seen:
        return
    seen.add(id(schema))
    if not _ignores_siblings(state, schema):
        yield place, schema
    if isinstance(schema.get("$ref"), str):
        target, pointer = fetching.resolve(state.library, place.document, schema["$ref"], pointer=place.pointer)
        there = _Place(document=target, pointer=pointer, direction=place.direction)
        yield from _composed(state, there, at(target.data, pointer), seen)
    members = schema.get("allOf")
    for index, member in enumerate(members if isinstance(members, list) else ()):
        yield from _composed(state, _below(place, "allOf", index), member, seen)


def _is_hidden(state: Lowering, owner: _Place, name: str, schema: Json) -> bool:
    """Whether this property of `owner` is one that its direction may not carry; a `$ref` to a marked schema is too."""
    if not isinstance(schema, dict):
        return False
    mark = "readOnly" if owner.direction is Direction.REQUEST else "writeOnly"
    if "$ref" not in schema and "allOf" not in schema:
        return schema.get(mark) is True
    bare = len(schema) == 1 and "$ref" in schema
    key = (owner.document.uri, str(schema["$ref"]) if bare else "", owner.direction)
    if not bare or key not in state.marked:
        place = _below(owner, "properties", name, keep=False)
        found = any(part.get(mark) is True for _, part in _composed(state, place, schema, set()))
        if not bare:
            return found
        state.marked[key] = found
    return state.marked[key]


def _reference(state: Lowering, place: _Place, ref: str) -> str:
    target, pointer = fetching.resolve(state.library, place.document, ref, pointer=place.pointer)
    return "#/$defs/" + escape(define(state, target, pointer, place.direction))


def _any_or_null(state: Lowering, place: _Place, schema: dict[str, Json]) -> dict[str, Json]:
    """`oneOf: [{}, {type: null}]` says *any or null* and means it; read strictly it would refuse null alone."""
    branches = schema.get("oneOf")
    if not isinstance(branches, list) or len(branches) != 2:  # noqa: PLR2004  a pair
        return schema
    bare = [keywords.assertions(branch) if isinstance(branch, dict) else branch for branch in branches]
    if {"type": "null"} not in bare or not any(item in ({}, True) for item in bare):
        return schema
    note(
        state,
        place.document,
        place.pointer,
        "oneOf",
        "says anything or null, which null would match twice; read as anything",
    )
    return {key: value for key, value in schema.items() if key != "oneOf"}
