"""Leaving out one part of a JSON value."""

from hypothesis import given, settings
from hypothesis import strategies as st

from accord.document import walk
from accord.reducing import without_one

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=12,
)


def test_outer_parts_are_left_out_first():
    assert list(without_one({"a": [1, {"b": 2}], "c": 3})) == [
        {"c": 3},
        {"a": [1, {"b": 2}]},
        {"a": [{"b": 2}], "c": 3},
        {"a": [1], "c": 3},
        {"a": [1, {}], "c": 3},
    ]


@settings(deadline=None, max_examples=50)
@given(VALUES)
def test_every_property_and_item_is_left_out_once_and_nothing_else_changes(value):
    count = len(list(walk(value)))
    smaller = list(without_one(value))
    assert len(smaller) == count - 1
    assert all(len(list(walk(item))) < count for item in smaller)
