"""Questions about two schemas over two sets of definitions; the texts that schemas asserting the same share."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from accord.document import Json, unescape
from accord.schemas.keywords import ANNOTATIONS, MAPS

_REFERENCE = re.compile(r'"\$ref": "#/\$defs/((?:[^"\\]|\\.)*)"')
_MOST_SPELT = 8192
_VALUES = frozenset({"enum", "const"})
_SILENT = ANNOTATIONS | {"$defs"}
_spelt: dict[int, tuple[Json, str]] = {}


@dataclass(slots=True, kw_only=True)
class Question:
    """A proof under way: the definitions of both sides, the world, and what has been proved so far.

    `goals` holds pairs of schemas, proved, refused or being proved; a pair that is met again while it is being proved
    may be taken for granted, since the values below it are smaller (coinduction). `turned` counts how often the sides
    have been changed, as below a `not`.
    """

    outer: Mapping[str, Json]
    inner: Mapping[str, Json]
    open_world: bool = False
    turned: int = 0
    same: frozenset[str] = frozenset()
    goals: dict[tuple[str, str], bool] = field(default_factory=dict)
    trail: list[tuple[str, str]] = field(default_factory=list)
    under_way: set[tuple[str, str]] = field(default_factory=set)
    presumed: set[tuple[str, str]] = field(default_factory=set)


def question(outer: Mapping[str, Json], inner: Mapping[str, Json], *, open_world: bool = False) -> Question:
    """A question about schemas over two sets of definitions; those that mean the same in both are found at once."""
    return Question(outer=outer, inner=inner, open_world=open_world, same=unchanged(outer, inner))


def unchanged(one: Mapping[str, Json], other: Mapping[str, Json]) -> frozenset[str]:
    """The names that say the same in both, with all that they reach; annotations aside."""
    texts = {name: spelt(one[name]) for name in one.keys() & other.keys()}
    kept = {name for name, text in texts.items() if text == spelt(other[name])}
    reached = {name: references(texts[name]) for name in kept}
    while True:
        gone = {name for name in kept if not reached[name] <= kept}
        if not gone:
            return frozenset(kept)
        kept -= gone


def spelt(schema: Json) -> str:
    """What `schema` asserts, as text: equal texts assert the same where their definitions do; kept by identity."""
    known = _spelt.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    text = json.dumps(asserted(schema), sort_keys=True, default=dict)
    if isinstance(schema, Mapping):
        if len(_spelt) >= _MOST_SPELT:
            _spelt.clear()
        _spelt[id(schema)] = (schema, text)
    return text


@functools.lru_cache(maxsize=_MOST_SPELT)
def references(text: str) -> frozenset[str]:
    """The definitions that a schema, written as JSON, refers to."""
    return frozenset(unescape(json.loads(f'"{name}"')) for name in _REFERENCE.findall(text))


def asserted(schema: Json, *, named: bool = False) -> Json:
    """`schema` without annotations, `required` in one order."""
    if isinstance(schema, (str, int)) or schema is None:
        return schema
    if isinstance(schema, list):
        return [asserted(part) for part in schema]
    if not isinstance(schema, (dict, Mapping)):
        return schema
    if named:
        return {name: asserted(part) for name, part in schema.items()}
    return {
        key: value
        if key in _VALUES
        else sorted(value)
        if key == "required" and all(isinstance(name, str) for name in value)
        else asserted(value, named=key in MAPS)
        for key, value in schema.items()
        if key not in _SILENT and not key.startswith("x-")
    }
