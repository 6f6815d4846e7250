"""Which definitions reach themselves, and the schemas that are made of such a one."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from accord.document import Json, unescape
from accord.schemas.keywords import IN_PLACE, subschemas

_CHOSEN = ("if", "then", "else")
"""Hold one schema of the same value each."""

_NONE: Mapping[str, Json] = MappingProxyType({})

_known: dict[int, tuple[Mapping[str, Json], int, frozenset[str]]] = {}


def recursive(definitions: Mapping[str, Json]) -> frozenset[str]:
    """The names in `definitions` that a chain of `$ref`s leads back to; kept by identity and size."""
    known = _known.get(id(definitions))
    if known is not None and known[0] is definitions and known[1] == len(definitions):
        return known[2]
    found = _cyclic({name: tuple(references(schema)) for name, schema in definitions.items()})
    _known[id(definitions)] = (definitions, len(definitions), found)
    return found


def references(schema: Json) -> Iterator[str]:
    """The names of the definitions that `schema` refers to directly."""
    for _, part in subschemas(schema, ""):
        if isinstance(part.get("$ref"), str):
            yield unescape(part["$ref"].removeprefix("#/$defs/"))


def described(schema: Json, definitions: Mapping[str, Json] = _NONE) -> frozenset[str]:
    """The definitions that a value of `schema` itself may be described by: in place, and by what those are in place."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, Mapping):
            continue
        waiting += [one for keyword in IN_PLACE for one in part.get(keyword, ())]
        waiting += [part[keyword] for keyword in _CHOSEN if keyword in part]
        name = unescape(part["$ref"].removeprefix("#/$defs/")) if isinstance(part.get("$ref"), str) else None
        if name is not None and name not in found:
            found.add(name)
            waiting.append(definitions.get(name))
    return frozenset(found)


def without(schema: Json, loops: frozenset[str]) -> Json:
    """`schema` with nothing that one of the definitions `loops` describes: False where nothing is left."""
    if described(schema).isdisjoint(loops):
        return schema
    kept = {key: part for key, part in schema.items() if key not in IN_PLACE}
    for keyword in IN_PLACE & schema.keys():
        parts = [without(part, loops) for part in schema[keyword]]
        kept[keyword] = parts if keyword == "allOf" else [part for part in parts if part is not False]
        if False in parts if keyword == "allOf" else not kept[keyword]:
            return False
    return kept if described(kept).isdisjoint(loops) else False


def _cyclic(graph: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The nodes on a cycle, or between two: what is left when those without a way in or out are taken away."""
    ahead = {name: {other for other in others if other in graph} for name, others in graph.items()}
    behind: dict[str, set[str]] = {name: set() for name in graph}
    for name, others in ahead.items():
        for other in others:
            behind[other].add(name)
    for out, back in ((ahead, behind), (behind, ahead)):
        waiting = [name for name, others in out.items() if not others]
        while waiting:
            name = waiting.pop()
            for other in back.pop(name, ()):
                out[other].discard(name)
                if not out[other] and other in back:
                    waiting.append(other)
            out.pop(name, None)
            for others in back.values():
                others.discard(name)
    return frozenset(ahead)
