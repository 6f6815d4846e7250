"""Mending: a request that is refused is changed where the refusal says so, until one is taken."""

import json
import re
from pathlib import Path

import pytest

from accord.contract import Parameter
from accord.fuzzing.fitting import Place
from accord.fuzzing.mending import Mending
from accord.fuzzing.naming import formed, named
from accord.fuzzing.practice import practised
from accord.fuzzing.varying import varied
from accord.loading import load

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
PERSON = {"type": "object", "properties": {"full": TEXT, "phone": TEXT}}
SCHEMAS = {
    "day": TEXT,
    "size": WHOLE,
    "people": {"type": "array", "items": PERSON},
    "rates": {"type": "object"},
    "secret": TEXT,
}


def place(name, schema):
    return Place(name=name, schema=schema, definitions={}, shown={}, ask=lambda _value: None)


PLACES = {("body", name): place(name, schema) for name, schema in SCHEMAS.items()}


def refusal(body):
    """What the service says of a body that it refuses, empty where it takes it."""
    if "secret" in body or "day" not in body:
        return "/secret: unknown" if "secret" in body else "/day: required"
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", body["day"]):
        return "/day: format"
    if body.get("size", 1) > 40:
        return "/size must be <= 40"
    return of_people(body) or of_rates(body)


def of_people(body):
    """What is said of people."""
    for at, person in enumerate(body.get("people", ())):
        if "full" not in person:
            return f"/people/{at}/full: required"
        if not re.fullmatch(r"\+[0-9]+", person.get("phone", "+1")):
            return f"/people/{at}/phone: pattern"
    return ""


def of_rates(body):
    """What is said of rates."""
    for name, rate in body.get("rates", {}).items():
        if not name.isdecimal():
            return f"/rates/{name}: pattern"
        if not isinstance(rate, int):
            return f"/rates/{name}: not number"
    return ""


def mended(body, **settings):
    asked = []

    def ask(filled):
        asked.append({name: value for (_, name), value in filled.items()})
        said = refusal(asked[-1])
        return not said, json.dumps({"message": said}).encode()

    mending = Mending(places=PLACES, required=frozenset(), **settings)
    filled = {("body", name): value for name, value in body.items()}
    found = mending.followed(filled, json.dumps({"message": refusal(body)}).encode(), ask)
    return None if found is None else {name: value for (_, name), value in found.items()}, len(asked)


@pytest.mark.parametrize(
    ("body", "expected", "most"),
    [
        ({}, {"day": "2026-01-15"}, 4),
        ({"day": "text", "secret": "x"}, {"day": "2026-01-15"}, 4),
        ({"day": "2026-01-15", "size": 900}, {"day": "2026-01-15", "size": 40}, 1),
        (
            {"day": "2026-01-15", "people": [{"phone": "text"}]},
            {"day": "2026-01-15", "people": [{"full": "text", "phone": "+14155550123"}]},
            24,
        ),
        ({"day": "2026-01-15", "rates": {"x0": "text"}}, {"day": "2026-01-15", "rates": {"1": 1}}, 3),
    ],
)
def test_what_is_complained_of_is_changed_left_out_or_added_until_the_request_is_taken(body, expected, most):
    found, asked = mended(body)
    assert found == expected
    assert asked <= most


def test_what_must_stay_is_not_left_out():
    assert mended({"day": "2026-01-15", "secret": "x"}, kept=frozenset({("body", "secret")})) == (None, 0)


def test_a_refusal_that_names_nothing_is_not_followed():
    mending = Mending(places=PLACES, required=frozenset())
    assert mending.followed({}, b'{"message": "no"}', lambda _filled: pytest.fail("nothing to ask")) is None


def test_a_value_that_is_refused_without_a_word_is_changed_in_one_part_at_a_time():
    people = place("people", SCHEMAS["people"])
    found = list(varied(people, [{"full": "a", "phone": "b"}]))
    assert found[:3] == [[{"phone": "b"}], [{"full": "a"}], [{"full": "2026-01-15", "phone": "b"}]]
    assert [{"full": "a", "phone": "+14155550123"}] in found
    assert len(found) <= 40
    assert list(varied(place("n", WHOLE), 3)) == []


@pytest.fixture(scope="module")
def visits():
    return load(str(Path(__file__).parent / "visits.yaml"))


def test_a_body_is_found_in_few_requests_where_refusals_name_what_is_wrong(visits):
    last, asked = [b""], []

    def ask(case):
        asked.append(case)
        body = json.loads(case.request.body)
        wrong = [name for name in ("id", "mood", "note") if name in body]
        errors = [{"loc": ["body", name], "msg": "Extra inputs are not permitted"} for name in wrong]
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", body.get("day", "")):
            errors.append({"loc": ["body", "day"], "msg": "not a day"})
        if body.get("code") != "QX-17":
            errors.append({"loc": ["body", "code"], "msg": "Input should be 'QX-17' or 'QX-18'"})
        last[0] = json.dumps({"detail": errors}).encode()
        return not errors

    found = practised(visits.operations[0], {}, ask, said=lambda: last[0])
    first = next(at for at, case in enumerate(asked) if b"QX-17" in case.request.body)
    assert first <= 3
    properties = found.body.content[0].schema["properties"]
    assert properties["code"] == {"type": "string", "enum": ["QX-17"]}
    assert [name for name, part in properties.items() if part is False] == ["id", "note", "mood"]
    assert found.body.content[0].schema["required"] == ["code", "day"]


ROUTE = Parameter(name="route", location="path", required=True, schema=TEXT)


@pytest.mark.parametrize(
    ("form", "records", "expected"),
    [
        (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", (), "2026-01-15"),
        (r"[A-Z]{3}-[A-Z]{3}", (), "ABC-ABC"),
        (r"(EUR|USD)_(EUR|USD)", ({"id": 1, "base": "EUR", "quote": "USD"},), "EUR_USD"),
        (r"never", (), None),
    ],
)
def test_an_id_of_the_form_that_a_path_wants_is_found(form, records, expected):
    asked = []

    def ask(value):
        asked.append(value)
        return bool(re.fullmatch(form, str(value))), b'{"message": "route"}'

    assert named(ROUTE, {}, records, ask) == expected
    assert len(asked) <= 48


def test_an_id_that_a_refusal_speaks_of_is_asked_for():
    def ask(value):
        return value == "north", b'{"message": "route must be one of: north, south"}'

    assert named(ROUTE, {}, (), ask) == "north"


def test_the_form_of_an_id_is_learned_from_one_that_is_taken():
    def ask(value):
        return bool(re.fullmatch("[A-Z]{3}-[A-Z]{3}", value)), b""

    assert formed(ROUTE, "ABC-ABC", ask) == {"type": "string", "pattern": "^[A-Z]{3}-[A-Z]{3}$"}
