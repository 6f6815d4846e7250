"""Strategies of generated schemas: what is drawn is valid, what is broken is not and breaks what it says, and no crash."""

import os

import pytest
from hypothesis import HealthCheck, assume, example, find, given, settings
from hypothesis import strategies as st

from accord.strategies import from_schema, invalid, nearest
from accord.strategies.drawing import few
from accord.strategies.driving import drive
from accord.strategies.partitions import assembled, choice
from accord.validity import validation

EXAMPLES = int(os.environ.get("ACCORD_SCHEMAS", "25"))
calm = settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)

NAMES = st.sampled_from(["a", "b", "c-d", "é f"])
SIZES = st.integers(0, 3)
scalars = st.one_of(
    st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": SIZES, "maxLength": st.integers(3, 5)}),
    st.fixed_dictionaries(
        {"type": st.just("string")}, optional={"pattern": st.sampled_from(["^a", "^[a-z]{2,3}$", "b|c$", r"^\d+$"])}
    ),
    st.fixed_dictionaries(
        {"type": st.just("string"), "format": st.sampled_from(["date", "date-time", "email", "uuid", "uri", "ipv4"])}
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": st.sampled_from([-3, 0, 0.5]),
            "exclusiveMaximum": st.sampled_from([7, 7.5]),
            "multipleOf": st.sampled_from([1, 2, 0.5, 0.01]),
        },
    ),
    st.fixed_dictionaries(
        {"enum": st.lists(st.sampled_from([None, "a", "b", 1, 1.5, True, [1], {"x": 0}]), min_size=1)}
    ),
    st.fixed_dictionaries(
        {"type": st.lists(st.sampled_from(["string", "null", "boolean", "integer"]), min_size=1, unique=True)}
    ),
    st.fixed_dictionaries({"const": st.sampled_from(["x", 3, None, False])}),
    st.just({}),
    st.booleans(),
)


def composed(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": st.booleans() | inner,
            "minProperties": st.integers(0, 2),
            "maxProperties": st.integers(2, 4),
            "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=1),
            "patternProperties": st.dictionaries(st.sampled_from(["^x-", "a"]), inner, max_size=1),
            "propertyNames": st.just({"maxLength": 6}),
        },
    )
    arrays = st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={
            "items": inner,
            "prefixItems": several,
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(2, 4),
            "contains": inner,
            "uniqueItems": st.booleans(),
        },
    )
    combined = st.one_of(
        st.fixed_dictionaries({"anyOf": several}),
        st.fixed_dictionaries({"oneOf": several}),
        st.fixed_dictionaries({"allOf": several}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner}, optional={"else": inner}),
        st.fixed_dictionaries(
            {"type": st.just("object"), "dependentSchemas": st.dictionaries(NAMES, inner, max_size=1)}
        ),
        st.fixed_dictionaries({"allOf": several, "unevaluatedProperties": st.sampled_from([False])}),
        st.fixed_dictionaries({"anyOf": several, "unevaluatedItems": st.sampled_from([False])}),
        st.just({"$ref": "#/$defs/Tree"}),
    )
    return objects | arrays | combined


schemas = st.recursive(scalars, composed, max_leaves=6)
TREE = {
    "type": "object",
    "required": ["value"],
    "properties": {
        "value": {"type": "integer"},
        "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
        "above": {"oneOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
        "least": {"allOf": [{"$ref": "#/$defs/Tree"}, {"properties": {"value": {"minimum": 3}}}]},
    },
    "additionalProperties": False,
}


def whole(schema):
    return {**(schema if isinstance(schema, dict) else {"allOf": [schema]}), "$defs": {"Tree": TREE}}


def drawn(strategy, count=4):
    found = []
    drive(strategy, lambda value: bool(found.append(value)), examples=count, seed=0)
    return found


@calm
@given(schemas)
def test_what_is_drawn_is_valid(schema):
    asked = whole(schema)
    for value in drawn(from_schema(asked)):
        assert validation.is_valid(asked, value)


FEW = {"type": "array", "minItems": 2, "items": {"const": "x"}, "uniqueItems": True}


@calm
@example({"type": "object", "properties": {"a": FEW}})
@given(schemas)
def test_what_is_meant_to_be_invalid_is(schema):
    asked = whole(schema)
    for item in drawn(invalid(asked)):
        assert not validation.is_valid(asked, item.value)
        assert item.keyword
        assert item.description


@calm
@example({"anyOf": [{"type": "object", "propertyNames": {"maxLength": 6}}, {"not": {"type": "string"}}]})
@given(schemas)
def test_every_partition_is_valid_and_every_fault_near_it_is_not(schema):
    asked = whole(schema)
    place = choice({key: value for key, value in asked.items() if key != "$defs"}, asked["$defs"])
    values = [assembled(level) for level in place.levels]
    assert all(validation.is_valid(asked, value) for value in values)
    assume(values)
    for _, bad in nearest.spoilt(nearest.neighbours(asked, values)):
        assert all(not validation.is_valid(asked, value) for value in bad)


@pytest.mark.parametrize(
    ("schema", "simplest"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "minLength": 2}, "00"),
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "number"}, 0),
        ({"type": ["null", "string"]}, None),
        ({"enum": ["b", "a"]}, "b"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 1}, [0]),
        ({"type": "object", "required": ["a"], "properties": {"a": {"type": "boolean"}, "b": {}}}, {"a": False}),
        ({"$ref": "#/$defs/Tree"}, {"value": 0}),
        ({"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "integer"}]}, 0),
        ({"type": "string", "pattern": "^[a-z]{2}$"}, "aa"),
        ({"type": "string", "format": "date"}, "2000-01-01"),
    ],
)
def test_the_first_value_is_the_simplest(schema, simplest):
    assert few(from_schema(whole(schema)), 1) == (simplest,)


RUN = {
    "type": "object",
    "properties": {
        "feedback": {"type": "string"},
        "success": {"type": "boolean"},
        "stars": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
        "tree": {"$ref": "#/$defs/Tree"},
    },
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("condition", "smallest"),
    [
        (lambda value: any(char.isdigit() for char in value.get("feedback", "")), {"feedback": "0"}),
        (lambda value: value.get("success") is True, {"success": True}),
        (lambda value: value.get("stars", 0) >= 100, {"stars": 100}),
        (lambda value: len(value.get("tags", ())) >= 2, {"tags": ["", ""]}),
        (lambda value: "success" in value and "stars" in value, {"success": False, "stars": 1}),
        (lambda value: value.get("tree", {}).get("children"), {"tree": {"value": 0, "children": [{"value": 0}]}}),
    ],
)
def test_what_shows_a_fault_shrinks_to_the_smallest_value(condition, smallest):
    thorough = settings(max_examples=2000, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    assert find(from_schema(whole(RUN)), condition, settings=thorough) == smallest


def test_a_definition_that_is_nothing_but_itself_has_no_values():
    definitions = {
        "Loop": {"$ref": "#/$defs/Loop"},
        "Endless": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/$defs/Endless"}}},
    }
    for name in definitions:
        assert few(from_schema({"$ref": f"#/$defs/{name}", "$defs": definitions}), 1) == ()
        assert from_schema({"$ref": f"#/$defs/{name}", "$defs": definitions}).is_empty


LINK = {"$ref": "#/$defs/Link"}


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        {"allOf": [LINK], "description": "Its own."},
        {"oneOf": [LINK, {"type": "null"}]},
        {"anyOf": [{"type": "null"}, {"allOf": [LINK, {"properties": {"more": {"type": "string"}}}]}]},
        {"allOf": [LINK, {"properties": {"to": {"maxProperties": 3}}}]},
        {"if": LINK, "then": LINK, "else": {"type": "integer"}},
        {"$ref": "#/$defs/Link", "maxProperties": 1},
    ],
)
@pytest.mark.parametrize("required", [[], ["to"]])
def test_a_definition_that_leads_back_to_itself_by_any_composition_is_drawn_and_broken(link, required):
    asked = {
        "$ref": "#/$defs/Link",
        "$defs": {"Link": {"type": "object", "required": required, "properties": {"to": link}}},
    }
    values = drawn(from_schema(asked), 60)
    assert all(validation.is_valid(asked, value) for value in values)
    bad = drawn(invalid(asked), 60)
    assert bad
    assert not any(validation.is_valid(asked, item.value) for item in bad)
    assert {item.pointer for item in bad} >= ({"", "/to"} if values else {""})
    held = [value["to"] for value in values if isinstance(value.get("to"), dict)]
    assert bool(values) == (not required or "null" in str(link) or "integer" in str(link))
    assert bool(held) == bool(values)


def test_a_definition_that_leads_back_to_itself_by_what_a_list_contains_is_drawn():
    like = {"allOf": [LINK, {"required": ["to"]}]}
    link = {
        "type": "object",
        "properties": {"to": {"type": "array", "items": LINK, "contains": like, "minContains": 0}},
    }
    asked = {**LINK, "$defs": {"Link": link}}
    values = drawn(from_schema(asked), 60)
    assert any(value.get("to") for value in values)
    assert all(validation.is_valid(asked, value) for value in values)


@pytest.mark.parametrize(
    ("pattern", "sizes", "simplest"),
    [
        ("^sk_", (20, 20), "sk_00000000000000000"),
        ("_id$", (6, 8), "000_id"),
        ("[0-9]", (8, None), "00000000"),
        ("^sk_", (0, None), "sk_"),
        ("^([0-9a-f]{2})+$", (64, 64), "0" * 64),
        ("^[a-z]([-a-z0-9]*[a-z0-9])?$", (40, 63), None),
        ("^[A-Z]{2}-[0-9]+$", (30, None), "AA-" + "0" * 27),
        (r"^x\*[*]+$", (9, None), "x" + "*" * 8),
        ("^[a-z]+$", (70_000, None), "a" * 70_000),
        (None, (256_001, None), "0" * 256_001),
    ],
)
def test_a_text_of_a_pattern_is_as_long_as_it_has_to_be(pattern, sizes, simplest):
    fewest, most = sizes
    said = {"pattern": pattern, "minLength": fewest, "maxLength": most}
    asked = {"type": "string", **{name: value for name, value in said.items() if value is not None}}
    values = drawn(from_schema(asked), count=12)
    assert len(values) == 12
    assert simplest in (None, values[0])
    assert [value for value in values if not validation.is_valid(asked, value)] == []
    assert len(set(values)) > 1


def test_a_pattern_that_wants_more_characters_than_there_may_be_has_no_values():
    asked = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}$", "maxLength": 12}
    assert from_schema(asked).is_empty
    assert not from_schema({**asked, "maxLength": 13}).is_empty


def test_a_list_of_very_many_has_a_few_over_and_over_again():
    asked = {"type": "array", "items": {"type": "string"}, "minItems": 2049}
    values = drawn(from_schema(asked))
    assert (values[0], len(values)) == ([""] * 2049, 4)
    assert [value for value in values if not validation.is_valid(asked, value)] == []


def test_what_is_never_drawn_is_given_up_soon():
    tries = []
    said = drive(st.integers().filter(lambda _: bool(tries.append(1))), lambda _: False, examples=3, seed=0)
    assert said == "no case could be drawn from the schema"
    assert len(tries) < 500
