"""The faults of a union whose alternatives are closed: one with a name that another one of them declares."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import zip_longest
from typing import TypeAlias

from hypothesis import strategies as st

from accord.contract import Schema
from accord.document import Json
from accord.strategies.containers import Strategy
from accord.strategies.drawing import few
from accord.strategies.fault import Fault, draw
from accord.validity import validation

_CLOSING = ("additionalProperties", "unevaluatedProperties")
_MOST_NAMES = 6

_Branch: TypeAlias = Mapping[str, Json]


def faults(schema: Schema, branches: Sequence[_Branch], pointer: str) -> Iterator[Fault]:
    """A fault for each closed one of `branches`, the alternatives of `schema`, that others have more names than."""
    alternatives = list({tuple(branch.get("properties", ())): branch for branch in reversed(branches)}.values())[::-1]
    for branch in alternatives:
        keyword = next((word for word in _CLOSING if branch.get(word) is False), "")
        strange = dict(_strange(branch, [other for other in alternatives if other is not branch]))
        if keyword and strange:
            make = partial(_drawn, schema, branch, strange)
            yield Fault(keyword, pointer, make, partial(_near, schema, branch, strange), alone=True)


def _strange(branch: _Branch, others: Sequence[_Branch]) -> Iterator[tuple[str, Json]]:
    """Names that only `others` declare, with their schemas, one of each of them first."""
    declared = branch.get("properties", {})
    turns = [[pair for pair in other.get("properties", {}).items() if pair[0] not in declared] for other in others]
    found = dict(pair for turn in zip_longest(*turns) for pair in turn if pair is not None and pair[1] is not False)
    yield from list(found.items())[:_MOST_NAMES]


def _drawn(schema: Schema, branch: _Branch, strange: Mapping[str, Json]) -> Strategy:
    definitions = schema.get("$defs", {})
    more = st.one_of(
        *(st.tuples(st.just(name), draw(part, definitions)) for name, part in strange.items()),
    )
    return st.builds(lambda value, pair: {**value, pair[0]: pair[1]}, _whole(schema, branch), more)


def _near(schema: Schema, branch: _Branch, strange: Mapping[str, Json], value: Json) -> list[Json]:
    """`value`, or one that is drawn where it is none of `branch`, with each of the names in turn."""
    definitions = schema.get("$defs", {})
    own = isinstance(value, dict) and validation.is_valid({**branch, "$defs": definitions}, value)
    bases = [value] if own else few(_whole(schema, branch), 1)
    held = {name: few(draw(part, definitions), 1) for name, part in strange.items()}
    return [{**base, name: part} for name, parts in held.items() for base in bases for part in parts]


def _whole(schema: Schema, branch: _Branch) -> Strategy:
    """Objects of `branch` that are valid under `schema`."""
    return draw({**branch, "type": ["object"]}, schema.get("$defs", {})).filter(partial(validation.is_valid, schema))
