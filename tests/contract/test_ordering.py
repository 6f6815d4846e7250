"""What a query says of the order of a list, and which neighbours stand the wrong way round."""

import pytest

from accord import ordering
from accord.contract import Parameter
from accord.ordering import Order

NAMES = ("name", "createdAt", "price")


def parameter(name, **schema):
    return Parameter(name=name, location="query", schema={"type": "string", **schema})


@pytest.mark.parametrize(
    ("value", "name", "descending"),
    [
        ("name", "name", None),
        ("-price", "price", True),
        ("+price", "price", False),
        ("price:desc", "price", True),
        ("created_at_asc", "createdAt", False),
        ("price,-name", "price", None),
        ("price desc", "price", True),
        (["-created_at", "name"], "createdAt", True),
    ],
)
def test_an_order_is_read_in_the_forms_that_services_have(value, name, descending):
    found = ordering.asked([parameter("sort")], {"sort": value}, NAMES)
    assert found == Order(parameter="sort", name=name, descending=descending)


@pytest.mark.parametrize("value", ["relevance", "", "--price", "desc", 7, "price/name"])
def test_what_names_no_property_of_the_items_asks_for_nothing_that_is_known(value):
    assert ordering.asked([parameter("sort")], {"sort": value}, NAMES) is None


def test_a_parameter_of_its_own_says_which_way_by_its_default_too():
    both = [parameter("order_by"), parameter("direction", enum=["asc", "desc"], default="desc")]
    assert ordering.asked(both, {"order_by": "price"}, NAMES) == Order(
        parameter="order_by", name="price", descending=True
    )
    assert ordering.asked(both, {"order_by": "price", "direction": "asc"}, NAMES) == Order(
        parameter="order_by", name="price", descending=False
    )


def test_where_a_mark_turns_the_order_round_its_absence_says_ascending():
    marked = [parameter("sort", enum=["price", "-price", "hot"])]
    assert list(ordering.offered(marked, NAMES)) == [
        (Order(parameter="sort", name="price", descending=False), {"sort": "price"}),
        (Order(parameter="sort", name="price", descending=True), {"sort": "-price"}),
    ]


@pytest.mark.parametrize(
    ("values", "descending", "pair"),
    [
        ([1, 2, 2, 3.5], False, None),
        ([1, 3, 2], False, (3, 2)),
        ([1, 3, 2], None, (3, 2)),
        ([3, 2, 2, 1], None, None),
        ([3, None, "x", 1], True, None),
        ([10, True, 9], False, (10, 9)),
        (["a", "B", "c"], False, None),
        (["B", "a", "c"], False, None),
        (["c", "B", "a"], False, ("c", "B")),
        (["b 10", "b 9", "é", "a-b"], False, None),
        (["2026-02-01", "2026-01-01T10:00:00Z"], False, ("2026-02-01", "2026-01-01T10:00:00")),
        (["2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00Z"], False, None),
        ([1, "a", 0], False, None),
    ],
)
def test_only_neighbours_whose_order_nobody_disputes_are_told(values, descending, pair):
    assert ordering.misplaced(values, descending=descending) == pair


def test_what_is_arranged_is_in_order_and_what_cannot_be_compared_comes_last():
    items = [{"n": 3}, {"m": 1}, {"n": 1}, "x", {"n": None}, {"n": 2}]
    down = Order(parameter="sort", name="n", descending=True)
    assert ordering.arranged(items, down) == [{"n": 3}, {"n": 2}, {"n": 1}, {"m": 1}, "x", {"n": None}]
    assert ordering.misplaced([3, 2, 1], descending=True) is None
