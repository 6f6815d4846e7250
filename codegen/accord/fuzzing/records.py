"""Objects that answers showed, as what a body may be made of: the alternative each is of, and what it has of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from accord.contract import Schema
from accord.document import Json, unescape
from accord.fuzzing.hints import is_given
from accord.strategies import merging
from accord.validity import validation

MOST = 6
"""So many objects are looked at, those first that have most of what is asked for."""

Record: TypeAlias = Mapping[str, Json]


def known(seen: Sequence[Record], valid: Mapping[str, Callable[[Json], bool]]) -> Iterator[Record]:
    """What objects have of the properties that `valid` knows, without what a service is likely to give, then with it.

    `valid` says of a value of each whether it may be there.
    """
    for record in sorted(seen, key=lambda record: -len(valid.keys() & record.keys()))[:MOST]:
        shared = {name: record[name] for name in sorted(valid.keys() & record.keys()) if valid[name](record[name])}
        plain = {name: value for name, value in shared.items() if not is_given(name)}
        yield from (part for part in (plain, shared) if len(part) > 1)


def target(schema: Schema) -> Mapping[str, Json]:
    """The object schema that `schema` is, or names."""
    if isinstance(schema.get("$ref"), str):
        found = schema.get("$defs", {}).get(unescape(schema["$ref"].removeprefix("#/$defs/")))
        return found if isinstance(found, Mapping) else {}
    return schema


def kinds(schema: Schema, seen: Sequence[Record]) -> list[Schema]:
    """The alternatives of `schema`, where it has no properties of its own, first those which objects in answers are of.

    One that is composed of parts has itself as the only one.
    """
    if not schema or "properties" in target(schema):
        return []
    names = schema.get("$defs", {})
    options = [{**branch.keywords, "$defs": names} for branch in merging.branches(schema, names)]
    found: list[Schema] = []
    for record in seen:
        own = (item for item in options if len(record.keys() & item.get("properties", {}).keys()) > 1)
        kind = next((item for item in own if _is_of(item, record)), None)
        if kind is not None and kind not in found:
            found.append(kind)
    found += [item for item in options if item.get("properties") and item not in found]
    return found[:MOST]


def _is_of(kind: Schema, record: Record) -> bool:
    """Whether what `kind` knows of `record` is valid there."""
    there = {name: value for name, value in record.items() if kind["properties"].get(name, False) is not False}
    return validation.is_valid(kind, there)


def united(found: Sequence[Schema]) -> Schema:
    """A schema of what is valid under one of those that were `found`, with the named schemas that they share."""
    if len(found) == 1:
        return found[0]
    parts = [{key: part for key, part in schema.items() if key != "$defs"} for schema in found]
    return {"oneOf": parts, "$defs": found[0].get("$defs", {})}
