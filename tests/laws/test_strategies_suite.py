"""Strategies on the official test suite: what is drawn is valid, what is broken is not, and filters reject little."""

from collections import Counter

import pytest

from accord import fetching
from accord.contract import Direction
from accord.document import Document
from accord.schemas import dialect
from accord.strategies import from_schema, invalid, nearest
from accord.strategies.drawing import few
from accord.strategies.driving import drive
from accord.validity import validation

VALUES = 4
EACH = 5
"""In an ordinary run every fifth group is asked, in the nightly one each."""

EVERY = pytest.mark.parametrize("step", [EACH, pytest.param(1, marks=pytest.mark.slow)])

DEMANDING = {
    "dependentSchemas.json: dependent subschema incompatible with root",
    "not.json: collect annotations inside a 'not', even if collection is disabled",
    "oneOf.json: oneOf",
    "unevaluatedItems.json: unevaluatedItems with not",
    "unevaluatedItems.json: unevaluatedItems with oneOf",
    "unevaluatedProperties.json: unevaluatedProperties with if/then/else",
    "unevaluatedProperties.json: unevaluatedProperties with if/then/else, else not defined",
    "unevaluatedProperties.json: unevaluatedProperties with if/then/else, then not defined",
    "unevaluatedProperties.json: unevaluatedProperties with not",
    "unevaluatedProperties.json: unevaluatedProperties with oneOf",
}
"""Groups for which more than a tenth of what is drawn is thrown away."""


WHOLE = {"oneOf", "anyOf", "not", "if", "contains", "dependentSchemas", "$ref", "false", "type", "enum", "const"}
"""What the authority may name instead of the keyword inside it that was broken."""


def lowered(schema):
    root = Document(uri="s.json", data={"s": schema, **(schema if isinstance(schema, dict) else {})}, text="")
    return dialect.lower(dialect.lowering(fetching.library(root), "3.1"), root, "/s", Direction.RESPONSE)


def drawn(strategy, count=VALUES):
    found = []
    drive(strategy, lambda value: bool(found.append(value)), examples=count, seed=1)
    return found


@pytest.fixture
def judged(monkeypatch):
    """How often the authority was asked by a filter, and what it said."""
    said: Counter[bool] = Counter()
    real = validation.is_valid

    class Counted:
        @staticmethod
        def is_valid(schema, value):
            said[real(schema, value)] += 1
            return real(schema, value)

    monkeypatch.setattr("accord.strategies.building.validation", Counted)
    return said


@EVERY
def test_every_value_drawn_for_the_suite_is_valid_and_hardly_any_is_thrown_away(suite, judged, step):
    wrong, missing, demanding, total = [], [], set(), Counter()
    for group in suite[::step]:
        schema = lowered(group.schema)
        judged.clear()
        values = drawn(from_schema(schema))
        wrong += [(group.name, value) for value in values if not validation.is_valid(schema, value)]
        if not values and any(valid for _, _, valid in group.cases):
            missing.append(group.name)
        asked = judged.total()
        if judged[False] > 1 and judged[False] / asked > 0.1:
            demanding.add(group.name)
        if group.name not in DEMANDING:
            total.update(judged)
    assert wrong == []
    assert missing == []
    assert demanding <= DEMANDING
    assert total[False] < total.total() / 100


@EVERY
def test_every_value_meant_to_be_invalid_for_the_suite_is_and_names_its_fault(suite, step):
    wrong, missing, unnamed = [], [], 0
    total = 0
    for group in suite[::step]:
        schema = lowered(group.schema)
        strategy = invalid(schema)
        values = drawn(strategy)
        total += len(values)
        wrong += [(group.name, item) for item in values if validation.is_valid(schema, item.value)]
        broken = any(not valid for _, _, valid in group.cases)
        if not values and broken:
            missing.append(group.name)
        for item in values:
            told = {found.keyword for found in validation.violations(schema, item.value)}
            unnamed += item.keyword not in told and not told & WHOLE
    assert wrong == []
    assert missing == []
    assert unnamed < total / 20
    assert total > len(suite) / step


@pytest.mark.parametrize("step", [4 * EACH, pytest.param(1, marks=pytest.mark.slow)])
def test_every_value_with_a_fault_near_a_valid_one_is_invalid(suite, step):
    for group in suite[::step]:
        schema = lowered(group.schema)
        valid = few(from_schema(schema), 3)
        for _, values in nearest.spoilt(nearest.neighbours(schema, valid)):
            assert all(not validation.is_valid(schema, value) for value in values), group.name
