"""The embedded service answers of a list what its query asks for, and names the place of what it makes."""

from pathlib import Path

import pytest

from accord.loading import load

SHOP = Path(__file__).parents[1] / "shop" / "shop.yaml"
KEY = {"X-Shop-Key": "accord"}


@pytest.fixture
def items(start, session):
    """The URL of a list of five things: three books, one of music, one game."""
    url = start(load(str(SHOP), operations=["listItems", "createItem", "getItem"]))
    for number, category in enumerate(("books", "music", "books", "games", "books"), start=1):
        sent = {"name": f"n{number}", "price": number, "category": category}
        assert session.post(f"{url}/items", json=sent, headers=KEY).status_code == 201
    return f"{url}/items"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["n1", "n2", "n3", "n4", "n5"]),
        ("limit=2", ["n1", "n2"]),
        ("limit=2&offset=3", ["n4", "n5"]),
        ("offset=9", []),
        ("category=books", ["n1", "n3", "n5"]),
        ("category=books&limit=1&offset=1", ["n3"]),
        ("category=other", []),
    ],
)
def test_a_list_has_what_its_query_asks_for(items, session, query, names):
    answer = session.get(f"{items}?{query}")
    assert (answer.status_code, [item["name"] for item in answer.json()["items"]]) == (200, names)


def test_the_place_of_a_new_thing_is_that_where_it_is_read(items, session):
    made = session.post(items, json={"name": "new", "price": 1, "category": "other"}, headers=KEY)
    assert made.headers["Location"] == f"/items/{made.json()['id']}"
    assert session.get(items.removesuffix("/items") + made.headers["Location"]).json() == made.json()
