"""Practice: a service that wants far more than its contract says, and tells nobody what it wants."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from accord.contract import Parameter
from accord.exchange import Case, Request
from accord.fuzzing.fitting import Place, candidates, fitted
from accord.fuzzing.hints import show, suggested
from accord.fuzzing.narrowing import edges, grain, narrowed, sizes
from accord.fuzzing.practice import is_own, practised
from accord.loading import load
from accord.strategies.plan import plan

KNOWN = {"guest", "day", "seats", "note", "code", "mood", "paid", "place"}


def takes(visit):
    """What the service wants: a name of 1 to 40 characters, a day, seats up to 12, a code of a pattern, no id."""
    return (
        isinstance(visit, dict)
        and visit.keys() <= KNOWN
        and {"guest", "day"} <= visit.keys()
        and 1 <= len(visit["guest"]) <= 40
        and 1 <= visit.get("seats", 1) <= 12
        and bool(re.fullmatch("[A-Z]{3}", visit.get("code", "ABC")))
        and 0 <= visit.get("place", {}).get("row", 1) <= 99
    )


@pytest.fixture(scope="module")
def visits():
    return load(str(Path(__file__).parent / "visits.yaml"))


@pytest.fixture(scope="module")
def learned(visits):
    asked: list[Case] = []

    def ask(case):
        asked.append(case)
        return takes(json.loads(case.request.body))

    found = practised(visits.operations[0], {}, ask)
    assert len(asked) < 300
    return found


def test_what_is_wanted_and_what_is_not_is_learned_by_asking(learned):
    (content,) = learned.body.content
    schema = content.schema
    assert schema["required"] == ["day", "guest"]
    assert [name for name, part in schema["properties"].items() if part is False] == ["id"]
    assert schema["properties"]["code"] == {"type": "string", "pattern": "^[A-Z]{3}$"}
    assert schema["properties"]["guest"] == {"type": "string", "minLength": 1, "maxLength": 40}
    assert (schema["properties"]["seats"]["minimum"], schema["properties"]["seats"]["maximum"]) == (1, 12)


def test_nearly_all_of_a_plan_of_what_was_learned_is_taken_and_little_of_one_without(visits, learned):
    def share(operation):
        bodies = [step.case.request.body for step in plan(operation).steps if step.stage in {"plain", "pairs"}]
        return sum(takes(json.loads(body)) for body in bodies) / len(bodies)

    assert share(visits.operations[0]) < 0.1
    assert share(learned) > 0.9


def test_what_only_breaks_what_was_learned_is_no_fault_of_the_service(visits):
    def made(value, fault):
        request = Request(
            method="POST",
            url="/visits",
            headers=(("Content-Type", "application/json"),),
            body=json.dumps(value).encode(),
        )
        return Case(operation="POST /visits", request=request, valid=False, fault=fault, part="body")

    (operation,) = visits.operations
    assert not is_own(visits, operation, made({"guest": "a"}, "required"))
    assert not is_own(visits, operation, made({"guest": "a" * 41, "day": "2026-01-15"}, "maxLength"))
    assert not is_own(visits, operation, made({"guest": "a", "day": "2026-01-15"}, "dependentRequired"))
    assert is_own(visits, operation, made({"guest": 1, "day": "2026-01-15"}, "type"))
    assert is_own(visits, operation, made({"guest": "a"}, "malformed-json"))


def test_nothing_is_learned_of_a_service_that_takes_nothing(visits):
    assert practised(visits.operations[0], {}, lambda _case: False) is None


@pytest.mark.parametrize(
    ("schema", "taken", "refused", "expected"),
    [
        ({"type": "integer"}, [1, 5], [0, 9], {"type": "integer", "minimum": 1, "maximum": 5}),
        ({"type": "string"}, ["ab"], ["", "abc"], {"type": "string", "minLength": 2, "maxLength": 2}),
        ({"type": "string"}, ["ab"], ["cd"], {"enum": ["ab"]}),
        ({"type": "array"}, [[1]], [[]], {"type": "array", "minItems": 1}),
        ({"type": "string"}, [], ["a"], {"type": "string"}),
        ({"type": "string"}, ["a"], [], {"type": "string"}),
        ({"$ref": "#/$defs/A"}, [1], [2], {"enum": [1]}),
    ],
)
def test_a_schema_is_narrowed_by_bounds_where_these_part_what_is_taken_from_what_is_not(
    schema, taken, refused, expected
):
    assert narrowed(schema, taken, refused) == expected


def test_the_edge_of_what_is_taken_is_found_by_halving():
    found = list(edges({"type": "integer"}, [10], [2**31], lambda value: value <= 40))
    assert max(value for value, taken in found if taken) == 40
    assert min(value for value, taken in found if not taken) == 41


def test_a_fraction_next_to_what_is_refused_is_asked_for_beside_the_halves():
    found = list(edges({"type": "number"}, [10, 0.5], [0, 2**31], lambda value: 0 < value <= 40.5))
    assert [value for value, _ in found if isinstance(value, float)] == [2**31 - 1e-7, 1e-7]
    assert [taken for value, taken in found if isinstance(value, float)] == [False, True]
    assert narrowed({"type": "number"}, [10, 1e-7], [0]) == {"type": "number", "minimum": 1e-7}


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (0.1, {}),
        (1, {"multipleOf": 0.01}),
        (10, {"multipleOf": 0.1}),
        (50, {"multipleOf": 0.5}),
        (100, {"multipleOf": 1}),
    ],
)
def test_the_step_between_the_fractions_that_are_taken_is_learned(cents, expected):
    def is_taken(value):
        return abs(value * 100 / cents - round(value * 100 / cents)) < 1e-6

    assert grain({"type": "number"}, [1, 10], is_taken) == expected
    assert grain({"type": "integer"}, [1, 10], is_taken) == {}


def learned_of(schema, takes, value, **shown):
    """What is learned of a place with `schema` where `takes` says what is taken, from `value`."""
    return fitted(Place(name="", schema=schema, definitions={}, shown=shown, ask=takes), value)


TEXT = {"type": "string"}
MAP = {"type": "object", "additionalProperties": TEXT}


@pytest.mark.parametrize(
    ("schema", "takes", "value", "expected"),
    [
        (TEXT, lambda text: bool(re.fullmatch("[A-Z]{3}-[0-9]{4}", text)), "ABC-0001", {**TEXT, "pattern": "^[A-Z]{3}-[0-9]{4}$"}),
        (TEXT, lambda text: bool(re.fullmatch(r"[a-z0-9.]+@[a-z0-9.]+", text)), "a@example.com", {**TEXT, "format": "email"}),
        (TEXT, lambda text: text in {"abc-1", "abc-2"}, "abc-1", {**TEXT, "enum": ["abc-1"]}),
        (TEXT, lambda text: 2 <= len(text) <= 30, "text", {**TEXT, "minLength": 2, "maxLength": 30}),
        ({"type": ["string", "null"]}, lambda text: text is not None, "text", {"type": ["string"]}),
        ({"type": "array", "items": TEXT}, lambda items: len(set(items)) == len(items) <= 5, ["text"], {"type": "array", "items": TEXT, "maxItems": 5, "uniqueItems": True}),
        ({"type": "array", "items": TEXT}, bool, ["text"], {"type": "array", "items": TEXT, "minItems": 1}),
        (
            {"type": "array", "items": {"enum": ["a", "b", "c", "d", "e"]}},
            lambda items: len(set(items)) == len(items) <= 4,
            [],
            {"type": "array", "items": {"enum": ["a", "b", "c", "d", "e"]}, "maxItems": 4, "uniqueItems": True},
        ),
        (MAP, lambda value: len(value) <= 6, {}, {**MAP, "maxProperties": 6}),
        (MAP, lambda value: len(value) <= 99, {"a": "b"}, MAP),
        (
            {"type": "object", "properties": {"a": TEXT, "b": TEXT, "c": {"type": "object", "properties": {"d": TEXT}}}},
            lambda value: "a" in value and "b" not in value and len(value.get("c", {}).get("d", "x")) == 1,
            {"a": "text", "c": {"d": "x"}},
            {
                "type": "object",
                "properties": {
                    "a": TEXT,
                    "b": False,
                    "c": {"type": "object", "properties": {"d": {**TEXT, "minLength": 1, "maxLength": 1}}},
                },
                "required": ["a"],
            },
        ),
        (
            {"oneOf": [{"properties": {"a": {"const": 1}, "n": TEXT}}, {"properties": {"a": {"const": 2}}}, {"const": 3}]},
            lambda value: value != 3 and (value.get("a") == 2 or "n" in value),
            {"a": 2},
            {"oneOf": [{"properties": {"a": {"const": 1}, "n": TEXT}, "required": ["n"]}, {"properties": {"a": {"const": 2}}, "required": ["a"]}]},
        ),
    ],
)  # fmt: skip
def test_what_is_taken_of_a_place_and_of_its_parts_is_learned_from_one_value(schema, takes, value, expected):
    assert learned_of(schema, takes, value) == expected


def test_what_answers_show_is_asked_first_and_what_a_name_suggests_before_plain_text():
    shown = {}
    show(shown, {"items": [{"code": "ABC-0001", "mail": "", "none": None}, {"code": "ABC-0002"}, {"code": "ABC-0001"}]})
    assert shown["code"] == ("ABC-0001", "ABC-0002")
    assert shown.keys() == {"items", "code"}
    place = Place(name="code", schema=TEXT, definitions={}, shown=shown, ask=lambda _value: True)
    assert tuple(candidates(place))[:4] == ("ABC-0001", "ABC-0002", "abc123", "text")
    whole = {"type": "object", "properties": {"code": TEXT, "billing_email": TEXT, "size": {"type": "integer"}}}
    made = next(candidates(Place(name="", schema=whole, definitions={}, shown=shown, ask=lambda _value: True)))
    assert made == {"code": "ABC-0001", "billing_email": "someone@example.com", "size": 10}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("email", "someone@example.com"),
        ("contactEmail", "someone@example.com"),
        ("ship_at", "2026-01-15T09:30:00Z"),
        ("birthday", "2026-01-15"),
        ("phone_number", "+14155550123"),
        ("homepage-url", "https://example.com/"),
        ("If-Match", "*"),
    ],
)
def test_a_name_suggests_a_text(name, text):
    assert suggested(name) == (text,)


@pytest.mark.parametrize("name", ["name", "description", "chatter", "update", "remaining"])
def test_a_name_that_says_nothing_suggests_nothing(name):
    assert suggested(name) == ()


@pytest.mark.parametrize(("most", "expected"), [(1, 1), (5, 5), (20, 20), (31, 31)])
def test_how_many_are_taken_is_found_by_doubling_and_halving(most, expected):
    assert sizes(lambda count: count <= most) == {"maxItems": expected}
    assert sizes(lambda _count: True) == {}


def test_an_object_that_an_answer_showed_is_sent_back_before_anything_is_guessed(visits):
    asked: list[Case] = []

    def ask(case):
        asked.append(case)
        visit = json.loads(case.request.body)
        return visit.keys() <= KNOWN and {"guest", "day", "code"} <= visit.keys() and visit["code"].startswith("Q-")

    odd, whole = (
        {"guest": "a", "colour": "red"},
        {"id": 7, "guest": "a", "day": "2026-02-03", "code": "Q-7", "mood": "?"},
    )
    found = practised(visits.operations[0], {}, ask, {}, (odd, whole))
    assert json.loads(asked[0].request.body) == {"guest": "a", "day": "2026-02-03", "code": "Q-7"}
    assert found.body.content[0].schema["required"] == ["code", "day", "guest"]
    assert practised(visits.operations[0], {}, ask, {}, (odd,)) is None


def test_each_kind_of_body_that_answers_show_is_learned_by_itself(visits):
    """A union is no object whose properties could be left out one by one."""
    (plain,) = visits.operations
    base = {"type": "object", "properties": {"id": {"type": "integer"}, "at": {"type": "string"}}}

    def kind(name, **properties):
        own = {"type": "object", "properties": {"kind": {"const": name}, **properties}}
        return {"allOf": [{"$ref": "#/$defs/Base"}, own]}

    union = {"oneOf": [kind("walk", legs={"type": "integer"}), kind("ride", horse={"type": "string"})]}
    schema = {**union, "$defs": {"Base": base}}
    content = tuple(replace(item, schema=schema) for item in plain.body.content)
    odd = Parameter(name="X-Odd", location="header", schema={"type": "string"})
    operation = replace(plain, body=replace(plain.body, content=content), parameters=(odd,))
    wanted = {"walk": {"kind", "at", "legs"}, "ride": {"kind", "at"}}

    def ask(case):
        value = json.loads(case.request.body)
        if "X-Odd" in dict(case.request.headers):
            return False
        return {"kind", "at"} <= value.keys() <= wanted.get(value.get("kind"), set()) and value["at"].startswith(
            "2026-"
        )

    seen = ({"id": 1, "at": "2026-01-01", "kind": "ride"}, {"id": 2, "at": "2026-01-02", "kind": "walk", "legs": 2})
    learned = practised(operation, {}, ask, {}, seen)
    assert learned.parameters == ()
    found = learned.body.content[0].schema["oneOf"]
    assert [part["required"] for part in found] == [["at", "kind"], ["at", "kind"]]
    assert [{name for name, item in part["properties"].items() if item is not False} for part in found] == [
        {"at", "kind"},
        {"at", "kind", "legs"},
    ]
    guessed = practised(operation, {}, ask).body.content[0].schema["oneOf"]
    assert [part["required"] for part in guessed] == [["at", "kind"], ["at", "kind"]]


def test_what_is_taken_only_with_another_is_learned_with_it(visits):
    """A pair that is refused alone, and a name that the contract wants beside another."""
    (plain,) = visits.operations
    properties = {"guest": TEXT, "fee": {"type": "number"}, "currency": TEXT, "row": {"type": "integer"}, "seat": TEXT}
    schema = {"type": "object", "properties": properties, "dependentRequired": {"fee": ["currency"]}}
    content = tuple(replace(item, schema=schema) for item in plain.body.content)
    operation = replace(plain, body=replace(plain.body, content=content))

    def ask(case):
        value = json.loads(case.request.body)
        paired = ("row" in value) == ("seat" in value)
        return paired and value.get("currency", "EUR") == "EUR" and len(value) < 4

    found = practised(operation, {}, ask).body.content[0].schema
    assert found["properties"]["currency"]["enum"] == ["EUR"]
    assert found["dependentRequired"] == {"fee": ["currency"], "row": ["seat"], "seat": ["row"]}
    assert all(part is not False for part in found["properties"].values())


def test_a_list_of_objects_of_which_most_parts_are_wrong_is_found_without_a_word(visits):
    (plain,) = visits.operations
    names = dict.fromkeys("abcdefgh", TEXT)
    schema = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"type": "object", "properties": names}}},
    }
    content = tuple(replace(item, schema=schema) for item in plain.body.content)
    operation = replace(plain, body=replace(plain.body, content=content))

    def ask(case):
        items = json.loads(case.request.body).get("items", ())
        return len(items) > 0 and all({"a", "b"} <= item.keys() <= set("abcdef") for item in items)

    found = practised(operation, {}, ask).body.content[0].schema["properties"]["items"]
    assert found["items"]["required"] == ["a", "b"]
    assert [name for name, part in found["items"]["properties"].items() if part is False] == ["g", "h"]
