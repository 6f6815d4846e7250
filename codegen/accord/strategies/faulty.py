"""Every fault that a schema lets one make, outer places first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations, islice

from accord.contract import Schema
from accord.document import Json
from accord.schemas import kinds
from accord.strategies import faulty_parts, missteps, siblings
from accord.strategies.fault import BASIC, Fault, Scope, at_once, draw, drawn_near, whole
from accord.strategies.merging import all_of, branches, is_free
from accord.strategies.recursion import described, recursive

_MOST_FAULTS = 3000
_MOST_BRANCHES = 8


def faults(schema: Schema) -> tuple[Fault, ...]:
    """Every fault that `schema` lets one make, outer places first; inside of a recursive definition once."""
    own = {key: value for key, value in schema.items() if key != "$defs"}
    found = islice(_inside(own, Scope(schema.get("$defs", {}), _inside), ""), _MOST_FAULTS)
    return tuple(sorted(found, key=lambda fault: fault.pointer.count("/")))


def _inside(schema: Json, scope: Scope, pointer: str) -> Iterator[Fault]:
    """The faults of `schema`, whose value stands at `pointer`."""
    if not isinstance(schema, Mapping):
        return
    definitions = scope.definitions
    loops = described(schema, definitions) & recursive(definitions)
    again = bool(loops & scope.trail) or (bool(loops) and not scope.left)
    scope = replace(scope, trail=scope.trail | loops, left=scope.left - bool(loops))
    allowed = kinds.kinds(schema, definitions)
    missing = [kind for kind in BASIC if kind not in allowed and not (kind == "number" and "integer" not in allowed)]
    if missing:
        make = partial(missteps.other_types, missing, draw(schema, definitions))
        yield Fault("type", pointer, make, partial(missteps.near_types, missing))
    if "integer" in allowed and "number" not in allowed:
        yield Fault("type", pointer, *at_once((0.5, 1.5, -0.5)))
    yield from _composed(schema, definitions, pointer)
    found = () if again else branches(schema, definitions)[:_MOST_BRANCHES]
    for branch in found:
        yield from faulty_parts.of_branch(branch.keywords, scope, pointer)
    yield from siblings.faults(whole(schema, definitions), [branch.keywords for branch in found], pointer)


def _composed(schema: Mapping[str, Json], definitions: Mapping[str, Json], pointer: str) -> Iterator[Fault]:
    """What `not`, `oneOf`, `if` and `dependentSchemas` forbid."""
    if schema.keys() == {"$ref"}:
        target = kinds.follow(schema, definitions)
        schema = target if isinstance(target, Mapping) else {}
    for keyword, parts in _opposed(schema, definitions):
        rest = {key: value for key, value in schema.items() if key not in {keyword, "then", "else"}}
        if keyword in {"then", "else"}:
            rest.pop("if")
        make = partial(draw, all_of(rest, *parts), definitions)
        yield Fault(keyword, pointer, make, drawn_near(make))


def _opposed(schema: Mapping[str, Json], definitions: Mapping[str, Json]) -> Iterator[tuple[str, tuple[Json, ...]]]:
    """Each composition by its keyword, and what a value fits that breaks it and nothing else beside it."""
    if "not" in schema:
        yield "not", (schema["not"],)
    for one, other in combinations(schema.get("oneOf", ()), 2):
        if kinds.kinds(one, definitions) & kinds.kinds(other, definitions):
            yield "oneOf", (one, other)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and not any(map(is_free, schema[keyword])):
            yield keyword, tuple({"not": part} for part in schema[keyword])
    for at, part in enumerate(schema.get("allOf", ())):
        others = [other for number, other in enumerate(schema["allOf"]) if number != at]
        yield "allOf", (*others, {"not": part})
    for keyword in schema.keys() & {"then", "else"} if "if" in schema else ():
        met = schema["if"] if keyword == "then" else {"not": schema["if"]}
        yield keyword, (met, {"not": schema[keyword]})
    for name, dependent in schema.get("dependentSchemas", {}).items():
        yield "dependentSchemas", ({"required": [name]}, {"not": dependent})
