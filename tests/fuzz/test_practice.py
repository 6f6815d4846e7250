"""Practice: a service that wants far more than its contract says, and tells nobody what it wants."""

import json
import re
from pathlib import Path

import pytest

from accord.exchange import Case, Request
from accord.fuzzing.narrowing import edges, narrowed
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
    assert [name for name, part in schema["properties"].items() if part is False] == ["id", "code"]
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
