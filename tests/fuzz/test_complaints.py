"""Complaints: what refusals of many kinds say of the places of a request, and the values that their words suggest."""

import json

import pytest

from accord.fuzzing.clues import suggested
from accord.fuzzing.complaints import MOST, Complaint, complaints

KNOWN = frozenset({"name", "email", "contact", "phone", "size", "due_date", "limit", "kind"})


def heard(value):
    """The steps and words of what an answer complains of."""
    return [(item.steps, item.text) for item in complaints(json.dumps(value).encode(), KNOWN)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"code": "bad", "message": "/contact/phone: pattern"}, [(("contact", "phone"), "/contact/phone: pattern")]),
        (
            {"detail": [{"loc": ["body", "contact", "phone"], "msg": "Field required"}, {"loc": ["query", "limit"], "msg": "too large"}]},
            [(("body", "contact", "phone"), "Field required"), (("query", "limit"), "too large")],
        ),
        (
            {"errors": {"name": ["can't be blank"], "contact.phone": ["is invalid"]}},
            [(("name",), "can't be blank"), (("contact", "phone"), "is invalid")],
        ),
        ({"status": 422, "errors": [{"detail": "must be positive", "pointer": "#/size"}]}, [(("size",), "must be positive")]),
        (
            {"errors": [{"source": {"pointer": "/data/attributes/name"}, "detail": "is too long"}]},
            [(("data", "attributes", "name"), "is too long")],
        ),
        (
            {"path": "/shippers", "errors": [{"field": "size", "defaultMessage": "must be at least 1"}]},
            [(("size",), "must be at least 1")],
        ),
        ({"error": "'phone' is a required property", "path": ["contact"]}, [(("contact", "phone"), "'phone' is a required property")]),
        ({"error": "Due date must be given"}, [(("due_date",), "Due date must be given")]),
        ({"name": ["This field is required."]}, [(("name",), "This field is required.")]),
        (
            [{"instancePath": "/contact", "params": {"missingProperty": "phone"}, "message": "must have it"}],
            [(("contact", "phone"), "must have it phone")],
        ),
        ({"title": "against the contract", "status": 422}, []),
        ("the kind is wrong", [(("kind",), "the kind is wrong")]),
        (17, []),
    ],
)  # fmt: skip
def test_a_place_is_found_however_a_refusal_names_it(answer, expected):
    assert heard(answer) == expected


def test_an_answer_that_is_no_json_is_read_as_a_text():
    assert complaints(b"name is required", KNOWN) == (Complaint(("name",), "name is required"),)


def test_what_a_hostile_answer_says_is_bounded():
    many = {"errors": [{"loc": ["body", "name", str(at)], "msg": "x" * 9999} for at in range(999)]}
    found = complaints(json.dumps(many).encode()[:65536], KNOWN)
    assert len(found) <= MOST
    found = complaints(json.dumps({"errors": many["errors"][:5]}).encode(), KNOWN)
    assert [len(item.text) for item in found] == [400] * 5
    assert complaints(json.dumps(many).encode(), KNOWN) == ()
    deep = "name wrong"
    for _ in range(99):
        deep = [deep]
    assert heard(deep) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Extra inputs are not permitted", True),
        ("/id: unknown", True),
        ("is read-only", True),
        ("must not be set", True),
        ("Additional properties are not allowed", True),
        ("can't be blank", False),
        ("Field required", False),
        ("must not be empty", False),
    ],
)
def test_words_tell_whether_a_place_should_be_empty(text, wanted):
    assert Complaint(("a",), text).wants_none is wanted


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        ("must be one of: red, green", {"string"}, ["red", "green"]),
        ("Input should be 'red', 'light green' or 'blue'", {"string"}, ["red", "light green", "blue"]),
        ("must be <= 100", {"integer"}, [100, 101, 99]),
        ("must be at least 0.5", {"number"}, [0.5, 1.5, -0.5]),
        ("at most 3 characters", {"string"}, ["xxx"]),
        ("must be a valid date (YYYY-MM-DD)", {"string"}, ["2026-01-15", "2001-11-30", "2019-06-07"]),
        ("does not match ^[A-Z]{3}$", {"string"}, ["AAA"]),
        ("does not match ^(a+)+$", {"string"}, []),
        ("does not match ^[ab]{99999999}$", {"string"}, []),
        ("is wrong", {"string", "integer"}, []),
    ],
)
def test_words_suggest_values(text, kinds, expected):
    assert list(suggested(Complaint(("a",), text), frozenset(kinds))) == expected


def test_values_beside_the_words_come_first_and_no_more_than_some_are_taken():
    complaint = Complaint(("a",), "must be one of them", ("red", "green"))
    assert list(suggested(complaint, frozenset({"string"}))) == ["red", "green"]
    assert len(list(suggested(Complaint(("a",), "", tuple(range(999))), frozenset({"integer"})))) == 16
