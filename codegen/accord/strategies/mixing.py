"""The partitions and hostile values of a plan in random company."""

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from accord.contract import Operation
from accord.document import Json
from accord.strategies import rows
from accord.strategies.drafts import Draft
from accord.strategies.partitions import Choice
from accord.strategies.parts import Parts, parts
from accord.strategies.valid_steps import odd_values, places

_Odd = tuple[Choice, list[Json]]
_ODD = 3
"""At most so many hostile values stand in one request: one hides another."""


def mixed(operation: Operation, pinned: Mapping[str, Json]) -> SearchStrategy[Draft]:
    """Conforming requests of `operation` whose parts are partitions chosen at random, some of them hostile values."""
    known = parts(operation, pinned)
    if not known.writable:
        return st.nothing()
    return (
        _chosen(known, _odd(known)).filter(lambda found: known.conforms(*found)).map(lambda found: known.draft(*found))
    )


@st.composite
def _chosen(draw: DrawFn, known: Parts, options: list[_Odd]) -> tuple[rows.Row, dict[int, Json]]:
    numbers = [draw(st.integers(0, len(factor.choice.levels) - 1)) for factor in known.factors]
    overrides: dict[int, Json] = {}
    if options and draw(st.integers(0, 1)) == 1:
        for at in draw(st.sets(st.integers(0, len(options) - 1), min_size=1, max_size=_ODD)):
            place, values = options[at]
            overrides[id(place)] = draw(st.sampled_from(values))
    return rows.settled(known.factors, numbers), overrides


def _odd(known: Parts) -> list[_Odd]:
    found = [(place, odd_values(known, place)[0]) for place in places(known)]
    return [(place, values) for place, values in found if values]
