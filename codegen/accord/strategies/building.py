"""Schema → strategy: nodes turned into Hypothesis strategies, recursion bounded by a budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.contract import Schema
from accord.document import Json
from accord.strategies import recursion, scalars
from accord.strategies.containers import Strategy, anything, arrays, objects
from accord.strategies.merging import key_of
from accord.strategies.nodes import (
    Anything,
    Array,
    Constants,
    Either,
    Held,
    Late,
    Named,
    Node,
    Numbers,
    Object,
    Text,
    node,
)
from accord.validity import validation

_MOST = 1024
BUDGET = 3
"""How often recursive definitions may be entered on the way down; after that what needs no recursion is drawn."""

_built: dict[int, tuple[Schema, Strategy]] = {}
_builders: dict[int, "_Builder"] = {}


@dataclass(slots=True)
class _Builder:
    definitions: Mapping[str, Json]
    recursive: frozenset[str]
    nodes: dict[str, Node] = field(default_factory=dict)
    strategies: dict[tuple[str, int], Strategy] = field(default_factory=dict)


def from_schema(schema: Schema) -> SearchStrategy[Any]:
    """A strategy for the JSON values that are valid under `schema` (2020-12, `$ref`s into its `$defs`).

    Its `is_empty` is true where nothing is valid. Kept by the schema's identity.
    """
    known = _built.get(id(schema))
    if known is not None and known[0] is schema:
        return known[1]
    if len(_built) >= _MOST:
        _built.clear()
    definitions = schema.get("$defs", {})
    made = strategy(
        node({key: schema[key] for key in schema if key != "$defs"}, definitions), _builder(definitions), BUDGET
    )
    _built[id(schema)] = (schema, made)
    return made


def _builder(definitions: Mapping[str, Json]) -> _Builder:
    known = _builders.get(id(definitions))
    if known is None or known.definitions is not definitions or known.recursive != recursion.recursive(definitions):
        known = _Builder(definitions, recursion.recursive(definitions))
        _builders[id(definitions)] = known
    return known


def strategy(item: Node, builder: _Builder, budget: int) -> Strategy:
    """What `item` describes, with `budget` entries into recursive definitions left."""
    if isinstance(item, Constants):
        return st.sampled_from(item.values) if item.values else st.nothing()
    if isinstance(item, Numbers):
        return scalars.numbers(
            item.minimum,
            item.maximum,
            above=item.above,
            below=item.below,
            multiple_of=item.multiple_of,
            fractions=item.fractions,
        )
    if isinstance(item, Text):
        return scalars.text(item.minimum, item.maximum, pattern=item.pattern, format=item.format)
    return _composed(item, builder, budget)


def _composed(item: Node, builder: _Builder, budget: int) -> Strategy:
    if isinstance(item, Named):
        return _named(item.name, builder, budget)
    if isinstance(item, Late):
        return _late(item.schema, builder, budget - 1)
    if isinstance(item, Either):
        options = [made for made in (strategy(option, builder, budget) for option in item.options) if not made.is_empty]
        return st.one_of(options) if options else st.nothing()
    if isinstance(item, Held):
        whole = {**item.schema, "$defs": builder.definitions}
        return held(strategy(item.node, builder, budget), whole)
    if isinstance(item, Array):
        return _array(item, builder, budget)
    return _object(item, builder, budget) if isinstance(item, Object) else anything()


def held(drawn: Strategy, schema: Schema) -> Strategy:
    """`drawn`, as far as the authority accepts it under `schema`."""
    return drawn.filter(lambda value: validation.is_valid(schema, value))


def _named(name: str, builder: _Builder, budget: int) -> Strategy:
    left = budget - (name in builder.recursive)
    if left < 0:
        return st.nothing()
    key = (name, left)
    if key not in builder.strategies:
        if name not in builder.nodes:
            builder.nodes[name] = node(builder.definitions[name], builder.definitions)
        builder.strategies[key] = st.nothing()  # a definition that is nothing but itself
        builder.strategies[key] = strategy(builder.nodes[name], builder, left)
    return builder.strategies[key]


def _late(schema: Mapping[str, Json], builder: _Builder, left: int) -> Strategy:
    """Values of `schema`; with no entries into recursive definitions `left` those alone that need none."""
    key = (key_of(schema), left)
    if key not in builder.strategies:
        asked = schema if left >= 0 else recursion.without(schema, builder.recursive)
        drawn = strategy(node(asked, builder.definitions), builder, max(left, 0))
        builder.strategies[key] = drawn if asked is schema else held(drawn, {**schema, "$defs": builder.definitions})
    return builder.strategies[key]


def _array(item: Array, builder: _Builder, budget: int) -> Strategy:
    def below(inner: Node | None) -> Strategy | None:
        return None if inner is None else strategy(inner, builder, budget)

    return arrays(
        below(item.items),
        prefix=tuple(strategy(inner, builder, budget) for inner in item.prefix),
        minimum=item.minimum,
        maximum=item.maximum,
        unique=item.unique,
        contains=below(item.contains),
        fewest=item.fewest,
        most=item.most,
    )


def _object(item: Object, builder: _Builder, budget: int) -> Strategy:
    def each(members: Mapping[str, Node]) -> dict[str, Strategy]:
        return {name: strategy(inner, builder, budget) for name, inner in members.items()}

    return objects(
        each(item.required),
        each(item.optional),
        patterns=each(item.patterns),
        rest=None if item.is_closed else strategy(item.rest or Anything(), builder, budget),
        named=None if item.names is None else strategy(item.names, builder, budget),
        minimum=item.minimum,
        maximum=item.maximum,
        needs=item.needs,
        forbidden=item.forbidden,
    )
