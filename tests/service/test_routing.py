"""A path leads to the operation whose template fits it best."""

import pytest

from accord.contract import Contract, Operation
from accord.document import Document
from accord.messages.routing import match_path, operation_for, operations_at

TEMPLATES = (
    "GET /users/{id}",
    "DELETE /users/{name}",
    "GET /users/me",
    "GET /users/{id}.{format}",
    "GET /{kind}/{id}/x",
    "GET /users/{id}/x",
    "GET /café/a b",
    "GET /",
)
CONTRACT = Contract(
    document=Document(uri="made.yaml", data={}, text=""),
    operations=tuple(Operation(method=item.split()[0], path=item.partition(" ")[2]) for item in TEMPLATES),
)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/users/7", "GET /users/{id}"),
        ("get", "/users/7", "GET /users/{id}"),
        ("DELETE", "/users/7", "DELETE /users/{name}"),
        ("GET", "/users/me", "GET /users/me"),
        ("DELETE", "/users/me", None),
        ("GET", "/users/a/x", "GET /users/{id}/x"),
        ("GET", "/cars/a/x", "GET /{kind}/{id}/x"),
        ("GET", "/users/", None),
        ("GET", "/users", None),
        ("GET", "/users/7/", None),
        ("GET", "//users/7", None),
        ("GET", "/users/a%2Fb", "GET /users/{id}"),
        ("GET", "/caf%C3%A9/a%20b", "GET /café/a b"),
        ("GET", "/café/a b", "GET /café/a b"),
        ("GET", "/", "GET /"),
        ("GET", "", None),
    ],
)
def test_a_path_leads_to_one_operation_or_none(method, path, expected):
    found = operation_for(CONTRACT, method, path)
    assert (found and found.name) == expected


def test_templates_that_differ_in_names_alone_are_one_path():
    assert [(item.name, places) for item, places in operations_at(CONTRACT, "/users/7")] == [
        ("GET /users/{id}", {"id": "7"}),
        ("DELETE /users/{name}", {"name": "7"}),
    ]


@pytest.mark.parametrize(
    ("template", "path", "places"),
    [
        ("/a/{b}", "/a/c%20d", {"b": "c%20d"}),
        ("/a/{b}.{c}", "/a/x.y.z", {"b": "x.y", "c": "z"}),
        ("/a/{b}", "/a/b/c", None),
        ("/a.b", "/aXb", None),
        ("/a", "/a\n", None),
    ],
)
def test_the_texts_in_the_places_are_given_as_they_are_written(template, path, places):
    assert match_path(template, path) == places
