"""Which definitions reach themselves."""

from collections.abc import Iterator, Mapping

from accord.document import Json, unescape
from accord.schemas.keywords import subschemas

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
