"""JSON Schema → msgspec types that accept a part of what the schema accepts, and never more."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal, Union

import msgspec
from msgspec import UNSET, Meta, UnsetType

from accord.contract import Schema
from accord.document import Json, unescape
from accord.schemas.formats import TEXT
from accord.schemas.keywords import assertions
from accord.schemas.subsets import FORMATS, same_pattern

EACH = "*"
"""The step to every item of an array and every value of a map; attributes are never named so."""

FORM = "form"
"""The key under which a loose type carries the expression that its texts are still to be held to."""

FORMAT = "format"
"""The key under which a loose type carries the name of the format that the expression stands for."""

_EXACT = 2**53
"""Bounds beyond this are not told apart by floats."""

_NEVER = Annotated[str, Meta(pattern=r"(?!)")]
_NUMERIC = frozenset(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
_TEXT = frozenset(["minLength", "maxLength", "pattern"])
_ARRAY = frozenset(["items", "minItems", "maxItems"])
_OBJECT = frozenset(["properties", "required", "additionalProperties"])
_OVERLAPPING = {"integer": "number"}


class Uncompilable(Exception):  # noqa: N818  no error: the authority judges instead
    """A schema says something that no msgspec type holds soundly."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A part that is left undecoded: the steps to it (attributes and EACH), and the schema for the authority."""

    steps: tuple[str, ...]
    schema: Schema


@dataclass(frozen=True, slots=True)
class _Making:
    """What a compilation carries along; `open` are the names of the definitions that are being compiled."""

    definitions: Mapping[str, Json]
    closed: bool
    loose: bool
    holes: list[Hole] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    steps: tuple[str, ...] = ()
    within: frozenset[str] = frozenset()


def compiled(schema: Schema, *, closed: bool = False, loose: bool = False) -> tuple[Any, tuple[Hole, ...]]:
    """The msgspec type of `schema` and the parts it leaves to the authority. Raises Uncompilable.

    A `closed` one refuses names that are not documented, so that what it reads holds every name of the text. A `loose`
    one carries the expressions for texts with it, to be held against many at once, and does not hold them itself.
    """
    making = _Making(schema.get("$defs", {}), closed, loose)
    kind = _type(making, {key: value for key, value in schema.items() if key != "$defs"}, _Place())
    return kind, tuple(making.holes)


def _type(making: _Making, schema: Json, place: _Place) -> Any:
    if schema is False:
        return _NEVER
    said = {} if schema is True else assertions(schema)
    if not said:
        return Any
    keyword = next(iter(said)) if len(said) == 1 else ""
    if keyword == "$ref":
        name = unescape(said["$ref"].removeprefix("#/$defs/"))
        if name in place.within:
            raise Uncompilable(name)
        return _type(making, making.definitions[name], _Place(place.steps, place.within | {name}))
    if keyword in {"anyOf", "oneOf"} or (keyword == "allOf" and len(said["allOf"]) == 1):
        return _union(making, said[keyword], place, exclusive=keyword == "oneOf")
    return _members(said) if {"const", "enum"} & said.keys() else _typed(making, said, place)


def _typed(making: _Making, said: Mapping[str, Json], place: _Place) -> Any:
    kinds = _kinds(said)
    stray = set(said) - {"type", "format", *_NUMERIC, *_TEXT, *_ARRAY, *_OBJECT}
    if stray - ({"minProperties"} if kinds == ("object",) and not said.get("properties") else set()):
        raise Uncompilable(", ".join(sorted(stray)))
    return _one_of(_KINDS[kind](making, said, place) for kind in kinds)


def _one_of(kinds: Any) -> Any:
    return Union[tuple(kinds)]  # noqa: UP007  of members known when compiled


def _kinds(said: Mapping[str, Json]) -> tuple[str, ...]:
    """The JSON types to accept; where none is named, the one that the keywords speak of."""
    named = said.get("type")
    if isinstance(named, str):
        return (named,)
    if named:
        return tuple(kind for kind in named if not (kind == "integer" and "number" in named))
    for kind, keywords in (("object", _OBJECT), ("array", _ARRAY), ("string", _TEXT), ("number", _NUMERIC)):
        if keywords & said.keys():
            return (kind,)
    raise Uncompilable("no type")


def _union(making: _Making, branches: list[Json], place: _Place, *, exclusive: bool) -> Any:
    """The branches that msgspec can tell apart; of `oneOf` only where no value has the type of two."""
    if len(branches) == 1:
        return _type(making, branches[0], place)
    chosen: list[Any] = []
    taken: set[str] = set()
    for branch in branches:
        kinds = _declared(making, branch)
        if exclusive and (not kinds or kinds & taken):
            raise Uncompilable("oneOf")
        if not kinds or kinds & taken:
            continue
        held = len(making.holes)
        try:
            chosen.append(_type(making, branch, place))
        except Uncompilable:
            del making.holes[held:]
            continue
        finally:
            taken |= kinds if exclusive else set()
        taken |= kinds
    if not chosen:
        raise Uncompilable("union")
    return _one_of(chosen)


def _declared(making: _Making, branch: Json) -> set[str]:
    """The types that a branch names itself or by its `$ref`; none when it does not say."""
    for _ in range(len(making.definitions) + 1):
        if not isinstance(branch, Mapping) or "type" in branch:
            break
        if "$ref" not in branch:
            return set()
        branch = making.definitions[unescape(branch["$ref"].removeprefix("#/$defs/"))]
    named = branch.get("type", ()) if isinstance(branch, Mapping) else ()
    return {_OVERLAPPING.get(kind, kind) for kind in ([named] if isinstance(named, str) else named)}


def _members(said: Mapping[str, Json]) -> Any:
    """Texts and null alone: msgspec's literals would take `true` for 1."""
    if set(said) - {"type", "const", "enum"} or {"const", "enum"} <= said.keys():
        raise Uncompilable("enum")
    kinds = _kinds(said) if "type" in said else ("string", "null")
    values = [said["const"]] if "const" in said else said["enum"]
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str) and "string" in kinds))
    null = (type(None),) if None in values and "null" in kinds else ()
    if not texts and not null:
        raise Uncompilable("enum")
    return _one_of((*((Literal[texts],) if texts else ()), *null))


def _number(_making: _Making, said: Mapping[str, Json], _place: _Place) -> Any:
    if said.get("format") in {"int32", "int64"}:
        return _integer(_making, said, _place)
    limits = _limits(said, whole=False)
    if not limits:
        return float
    return _one_of((_integer(_making, said, _place), Annotated[float, Meta(**limits)]))


def _integer(_making: _Making, said: Mapping[str, Json], _place: _Place) -> Any:
    limits = _limits(said, whole=True)
    form = said.get("format")
    if form in {"int32", "int64"}:
        bits = int(form[3:]) - 1
        limits["ge"] = max(limits.get("ge", -(2**bits)), -(2**bits))
        limits["le"] = min(limits.get("le", 2**bits - 1), 2**bits - 1)
    return Annotated[int, Meta(**limits)] if limits else int


def _limits(said: Mapping[str, Json], *, whole: bool) -> dict[str, Any]:
    """The bounds as msgspec has them, for whole numbers or for fractions."""
    if any(not -_EXACT < said[keyword] < _EXACT for keyword in _NUMERIC & said.keys()):
        raise Uncompilable("bounds")
    if not whole:
        names = {"minimum": "ge", "exclusiveMinimum": "gt", "maximum": "le", "exclusiveMaximum": "lt"}
        found = {short: float(said[keyword]) for keyword, short in names.items() if keyword in said}
        if {"ge", "gt"} <= found.keys() or {"le", "lt"} <= found.keys():
            raise Uncompilable("bounds")
        return found
    least = [math.ceil(said["minimum"])] if "minimum" in said else []
    least += [math.floor(said["exclusiveMinimum"]) + 1] if "exclusiveMinimum" in said else []
    most = [math.floor(said["maximum"])] if "maximum" in said else []
    most += [math.ceil(said["exclusiveMaximum"]) - 1] if "exclusiveMaximum" in said else []
    return {**({"ge": max(least)} if least else {}), **({"le": min(most)} if most else {})}


def _string(making: _Making, said: Mapping[str, Json], _place: _Place) -> Any:
    limits: dict[str, Any] = _lengths(said, "minLength", "maxLength")
    form = FORMATS.get(said["format"], "") if "format" in said else None
    if form == "" and _asserts(said["format"]):
        raise Uncompilable("format")
    if form and "pattern" in said:
        raise Uncompilable("pattern and format")
    if "pattern" in said:
        form = same_pattern(said["pattern"])
        if form is None:
            raise Uncompilable("pattern")
    if form and making.loose:
        limits["extra"] = {FORM: form, FORMAT: said.get("format", "") if "pattern" not in said else ""}
    elif form:
        limits["pattern"] = form
    return Annotated[str, Meta(**limits)] if limits else str


def _asserts(name: Json) -> bool:
    return name in TEXT and name not in {"binary", "password"}


def _lengths(said: Mapping[str, Json], least: str, most: str) -> dict[str, int]:
    names = {least: "min_length", most: "max_length"}
    return {short: int(said[keyword]) for keyword, short in names.items() if keyword in said}


def _array(making: _Making, said: Mapping[str, Json], place: _Place) -> Any:
    inner = _part(making, said.get("items", True), _Place((*place.steps, EACH), place.within))
    limits = _lengths(said, "minItems", "maxItems")
    return Annotated[list[inner], Meta(**limits)] if limits else list[inner]  # type: ignore[valid-type,call-overload]


def _part(making: _Making, schema: Json, place: _Place) -> Any:
    """The type of a part, or a hole where it has none."""
    held = len(making.holes)
    try:
        return _type(making, schema, place)
    except Uncompilable:
        del making.holes[held:]
        making.holes.append(Hole(place.steps, {"allOf": [schema], "$defs": making.definitions}))
        return msgspec.Raw


def _object(making: _Making, said: Mapping[str, Json], place: _Place) -> Any:
    properties, required = said.get("properties", {}), tuple(said.get("required", ()))
    rest = said.get("additionalProperties", True)
    if not properties and not required and rest is not False:
        inner = _part(making, rest, _Place((*place.steps, EACH), place.within))
        limits = {"min_length": said["minProperties"]} if said.get("minProperties") else {}
        return Annotated[dict[str, inner], Meta(**limits)] if limits else dict[str, inner]  # type: ignore[valid-type]
    if "minProperties" in said or rest not in (True, False, {}):
        raise Uncompilable("additionalProperties")
    fields = []
    for number, name in enumerate(dict.fromkeys((*properties, *required))):
        attribute = f"f{number}"
        inner = _part(making, properties.get(name, True), _Place((*place.steps, attribute), place.within))
        if name in required:
            fields.append((attribute, inner, msgspec.field(name=name)))
        elif inner is msgspec.Raw or inner is Any:
            fields.append((attribute, inner, msgspec.field(name=name, default=UNSET)))
        else:
            fields.append((attribute, _one_of((inner, UnsetType)), msgspec.field(name=name, default=UNSET)))
    forbid = rest is False or making.closed
    if (making.closed or rest is False) and any(name not in properties for name in required):
        raise Uncompilable("required")
    return msgspec.defstruct("Object", fields, gc=False, kw_only=True, forbid_unknown_fields=forbid)


def _null(_making: _Making, _said: Mapping[str, Json], _place: _Place) -> Any:
    return type(None)


def _boolean(_making: _Making, _said: Mapping[str, Json], _place: _Place) -> Any:
    return bool


_KINDS: Mapping[str, Callable[[_Making, Mapping[str, Json], _Place], Any]] = MappingProxyType(
    {
        "null": _null,
        "boolean": _boolean,
        "integer": _integer,
        "number": _number,
        "string": _string,
        "array": _array,
        "object": _object,
    }
)
