"""The embedded service answers of a list what its query asks for, and names the place of what it makes."""

import json
from pathlib import Path

import pytest

from accord.document import Document
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


@pytest.mark.parametrize(
    ("query", "told"), [("limit=2", (5, 2)), ("limit=2&offset=3", (5, None)), ("category=books", (3, None))]
)
def test_a_page_says_how_many_fit_and_where_the_next_one_begins(items, session, query, told):
    page = session.get(f"{items}?{query}").json()
    assert (page["total"], page.get("next")) == told


def test_a_list_comes_in_the_order_that_is_asked_for_and_heeds_the_defaults_of_its_query(items, session):
    for price in range(20):
        sent = {"name": "more", "price": 100 - price, "category": "other"}
        assert session.post(items, json=sent, headers=KEY).status_code == 201
    page = session.get(f"{items}?sort=price&offset=3").json()
    assert [item["price"] for item in page["items"]] == [4, 5, *range(81, 99)]
    assert (page["total"], page["next"]) == (25, 23)


def test_a_list_has_nothing_beyond_the_bounds_of_its_query(start, session):
    number = {"name": "min_size", "in": "query", "schema": {"type": "integer"}}
    item = {
        "type": "object",
        "required": ["size"],
        "properties": {"id": {"type": "integer", "readOnly": True}, "size": {"type": "integer"}},
    }
    media = {"application/json": {"schema": item}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Boxes", "version": "1"},
        "paths": {
            "/boxes": {
                "get": {
                    "parameters": [number],
                    "responses": {"200": {"description": "Boxes.", "content": {"application/json": {"schema": {"type": "array", "items": item}}}}},
                },
                "post": {"requestBody": {"content": media}, "responses": {"201": {"description": "The box.", "content": media}}},
            },
            "/boxes/{id}": {
                "get": {
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                    "responses": {"200": {"description": "The box.", "content": media}},
                }
            },
        },
    }  # fmt: skip
    url = start(load(Document(uri="boxes.json", data=document, text=json.dumps(document))))
    for size in (1, 2, 3):
        assert session.post(f"{url}/boxes", json={"size": size}).status_code == 201
    assert [box["size"] for box in session.get(f"{url}/boxes?min_size=2").json()] == [2, 3]


def test_the_place_of_a_new_thing_is_that_where_it_is_read(items, session):
    made = session.post(items, json={"name": "new", "price": 1, "category": "other"}, headers=KEY)
    assert made.headers["Location"] == f"/items/{made.json()['id']}"
    assert session.get(items.removesuffix("/items") + made.headers["Location"]).json() == made.json()
