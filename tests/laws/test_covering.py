"""A covering array covers: every combination of levels over any two (three) factors stands in some row."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.strategies.covering import covering


def missing(levels, rows, strength):
    return [
        (places, wanted)
        for places in itertools.combinations(range(len(levels)), strength)
        for wanted in itertools.product(*(range(levels[place]) for place in places))
        if not any(tuple(row[place] for place in places) == wanted for row in rows)
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 5), max_size=7), st.sampled_from([2, 3]))
def test_every_combination_stands_in_some_row(levels, strength):
    rows = covering(levels, strength)
    assert missing(levels, rows, min(strength, len(levels))) == []
    assert all(0 <= level < size for row in rows for level, size in zip(row, levels, strict=True))
    assert rows == covering(levels, strength)


@pytest.mark.parametrize(
    ("levels", "strength", "most"), [([4] * 10, 2, 35), ([6] * 40, 2, 110), ([3] * 10, 3, 90), ([9, 2, 2], 2, 18)]
)
def test_rows_are_few(levels, strength, most):
    rows = covering(levels, strength)
    fewest = math.prod(sorted(levels)[-strength:])
    assert fewest <= len(rows) <= most


def test_few_factors_give_their_full_product():
    assert covering([]) == ((),)
    assert covering([3]) == ((0,), (1,), (2,))
    assert covering([2, 2]) == ((0, 0), (0, 1), (1, 0), (1, 1))
