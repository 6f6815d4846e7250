"""What the authority says: it agrees with the official test suite, after lowering, on everything it is asked."""

import time

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from accord import fetching
from accord.contract import Direction
from accord.document import Document
from accord.schemas import dialect
from accord.schemas.patterns import compile_pattern, found
from accord.validity import deciding, validation


def lowered(schema):
    root = Document(uri="s.json", data={"s": schema, **(schema if isinstance(schema, dict) else {})}, text="")
    state = dialect.lowering(fetching.library(root), "3.1")
    return dialect.lower(state, root, "/s", Direction.RESPONSE)


def test_the_official_suite_is_agreed_with(suite):
    wrong, asked = [], 0
    for group in suite:
        schema = lowered(group.schema)
        decided = deciding.decider(schema)
        for description, value, valid in group.cases:
            asked += 1
            if validation.is_valid(schema, value) is not valid:
                wrong.append(f"{group.name}: {description}")
            elif decided(value) is not valid:
                wrong.append(f"{group.name}: {description}, decided")
            elif not valid:
                assert list(validation.violations(schema, value)), group.name
    assert wrong == []
    assert asked == 1613


def test_what_the_suite_asks_and_lowering_answers_is_left_out_by_name(left_out):
    assert left_out == {
        "anchor.json": 3,
        "defs.json": 1,
        "optional/unknownKeyword.json": 1,
        "ref.json": 21,
        "unevaluatedItems.json": 1,
        "unevaluatedProperties.json": 1,
    }


DEVIATIONS = {
    "$ref": ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "null"}}}, 1, False, False),
    "format": ({"format": "uri"}, "no uri", True, False),
    "multipleOf": ({"multipleOf": 0.01}, 0.07, False, True),
    "uniqueItems": ({"uniqueItems": True}, [[1], [True], [1]], True, False),
    "pattern": ({"pattern": "^a$"}, "a\n", True, False),
    "patternProperties": ({"patternProperties": {"^a$": False}}, {"a\n": 1}, False, True),
    "additionalProperties": (
        {"patternProperties": {"^a$": {}}, "additionalProperties": False},
        {"a\n": 1},
        True,
        False,
    ),
    "unevaluatedProperties": (
        {"patternProperties": {"^a$": {}}, "unevaluatedProperties": False},
        {"a\n": 1},
        True,
        False,
    ),
    "depth": ({"$ref": "#/$defs/A", "$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}}, "deep", None, False),
}


@pytest.mark.parametrize("name", sorted(validation.DEVIATIONS))
def test_each_deviation_from_bare_jsonschema_is_one_that_shows(name):
    schema, value, bare, ours = DEVIATIONS[name]
    if value == "deep":
        for _ in range(5000):
            value = [value]
        assert [item.keyword for item in validation.violations(schema, value)] == ["depth"]
    else:
        assert Draft202012Validator(schema, format_checker=FormatChecker(())).is_valid(value) is bare
    assert validation.is_valid(schema, value) is ours


RUN = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "secret": False,
        "status": {"enum": ["running", "done"]},
        "turns": {"type": "array", "items": {"$ref": "#/$defs/Turn"}},
        "shape": {"oneOf": [{"$ref": "#/$defs/Turn"}, {"type": "string"}]},
        "either": {"oneOf": [{"type": "integer"}, {"minimum": 3}]},
    },
}
TURN = {"type": "object", "properties": {"at": {"type": "number", "minimum": 0}}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({}, [("required", "/id", "/$defs/Run/required", "`/id` is missing, which `required` names")]),
        ({"id": "1"}, [("type", "/id", "/$defs/Run/properties/id/type", '`/id` is "1", which is not of type integer')]),
        ({"id": 1, "secret": 2}, [("false", "/secret", "/$defs/Run/properties/secret", "`/secret` is 2, where the schema allows no value")]),
        ({"id": 1, "status": "Done\x1b"}, [("enum", "/status", "/$defs/Run/properties/status/enum", '`/status` is "Done\\u001b", which is not one of "running", "done"')]),
        ({"id": 1, "turns": [{}, {"at": -1, "x": 2}]}, [
            ("minimum", "/turns/1/at", "/$defs/Turn/properties/at/minimum", "`/turns/1/at` is -1, which is less than 0"),
            ("additionalProperties", "/turns/1/x", "/$defs/Turn/additionalProperties", "`/turns/1/x` is 2, where no such property is declared"),
        ]),
        ({"id": 1, "shape": {"at": "soon"}}, [("type", "/shape/at", "/$defs/Turn/properties/at/type", '`/shape/at` is "soon", which is not of type number')]),
        ({"id": 1, "shape": 5}, [("oneOf", "/shape", "/$defs/Run/properties/shape/oneOf", "`/shape` is 5, which fits none of the 2 branches of `oneOf`")]),
        ({"id": 1, "either": 4}, [("oneOf", "/either", "/$defs/Run/properties/either/oneOf", "`/either` is 4, which fits more than one branch of `oneOf`, where exactly one may")]),
        ([], [("type", "", "/$defs/Run/type", "the value is [], which is not of type object")]),
    ],
)  # fmt: skip
def test_a_violation_names_part_promise_and_keyword(value, told):
    schema = {"$ref": "#/$defs/Run", "$defs": {"Run": RUN, "Turn": TURN}}
    found = [
        (item.keyword, item.pointer, item.schema_pointer, item.message) for item in validation.violations(schema, value)
    ]
    assert sorted(found) == sorted(told)


def test_patterns_that_cannot_be_compiled_and_unknown_formats_assert_nothing():
    schema = {"pattern": "(?<=a", "format": "phone", "$defs": {"A": {"patternProperties": {"[": False}}}}
    assert validation.is_valid(schema, "anything")


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        (r"^\p{L}+$", "żółw", "a1"),
        (r"^\d+$", "12", "١٢"),
        (r"^\w$", "a", "é"),
        (r"^\s$", "\ufeff", "\x1c"),
        (r"^.$", "x", "\u2028"),
        (r"^[^]$", "\n", ""),
        (r"^\u{1F600}$", "\U0001f600", "x"),
        (r"^\uD83D\uDE00$", "\U0001f600", "x"),
        (r"^(?<n>a|b)\k<n>$", "aa", "ab"),
        (r"^(?:(a)|b)\1$", "b", "ba"),
        (r"^(?:(?<n>a)|b)\k<n>$", "b", "a"),
        (r"\bok\b", "it is ok.", "aok_ok1"),
        (r"^[\D-]$", "-", "1"),
        (r"^[a\-z]$", "-", "b"),
        (r"^[[&&]$", "&", "]"),
        (r"(?<!a)b", "cb", "ab"),
        (r"^a{2}$", "aa", "a{2}"),
    ],
)  # fmt: skip
def test_a_pattern_means_what_ecma_262_says(pattern, matching, other):
    compiled = compile_pattern(pattern)
    assert found(compiled, matching)
    assert not found(compiled, other)


@pytest.mark.parametrize(
    "pattern",
    ["(", "a**", "[b-a]", r"\a", r"\Z", "(?P<n>a)", "(?i)a", r"\p{Nonsense}", "*a", "\\", "((a{9999}){9999}){9999}"],
)
def test_what_is_no_ecma_262_pattern_does_not_compile(pattern):
    assert compile_pattern(pattern) is None


def test_a_pattern_that_would_run_for_ever_gives_up():
    start = time.perf_counter()
    assert found(compile_pattern(r"^(a|a)*$"), "a" * 64 + "b")
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("date-time", ["2026-01-01T00:00:00Z", "2016-12-31t23:59:60z", "2016-12-31T15:59:60-08:00", "0000-01-01T00:00:00Z"],
         ["2026-01-01 00:00:00Z", "2026-01-01T00:00:00+0530", "2026-01-01T00:00:00Z\n", "2026-02-30T00:00:00Z", "2026-01-01T12:00:60Z"]),
        ("email", ["a@localhost", '"a b"@x.y', "a@[127.0.0.1]"], ["@", "a@", "a b@c", ".a@b", "a@b..c", "a@b\n"]),
        ("uri", ["https://a/b?c#d", "urn:x:y", "http://[::1]:80/"], ["a/b", "http://[::1", "http://a b", "http://[::g]/"]),
        ("duration", ["P1DT2H", "P2W", "PT1M"], ["P", "P1", "PT", "1D", "P1D2H"]),
        ("json-pointer", ["", "/a~1b"], ["a", "/~2"]),
        ("int32", [2**31 - 1, "text", True], [2**31]),
        ("int64", [-(2**63), 1.5], [2**63]),
        ("byte", ["", "YQ=="], ["YQ=", "a b="]),
        ("regex", ["^a$"], ["(", r"\a"]),
    ],
)  # fmt: skip
def test_a_format_is_really_asserted(name, good, bad):
    assert [value for value in good if not validation.is_valid({"format": name}, value)] == []
    assert [value for value in bad if validation.is_valid({"format": name}, value)] == []


def test_numbers_are_compared_as_json_has_them():
    assert validation.is_valid({"type": "integer"}, 1.0)
    assert not validation.is_valid({"type": "integer"}, True)  # noqa: FBT003  a JSON value
    assert not validation.is_valid({"enum": [1]}, True)  # noqa: FBT003  a JSON value
    assert validation.is_valid({"const": [1]}, [1.0])
    assert validation.is_valid({"multipleOf": 0.01}, 10**400)
    assert not validation.is_valid({"multipleOf": 2}, float("inf"))
    assert not validation.is_valid({"multipleOf": 0.03}, 10**5000)
    assert validation.is_valid({"uniqueItems": True}, [1, True, {"a": 0}, {"a": False}])
    assert not validation.is_valid({"uniqueItems": True}, [{"a": 1, "b": [2]}, 0, {"b": [2.0], "a": 1.0}])


def test_a_number_of_any_length_is_refused_in_words():
    told = [item.message for item in validation.violations({"maximum": 5}, 10**5000)]
    assert told == ["the value holds a number of more digits than can be read"]
    assert not validation.is_valid({"maximum": 5}, 10**5000)
    assert validation.is_valid({"minimum": 5}, 10**5000)


def test_a_pattern_of_names_that_runs_for_ever_applies_to_no_property():
    assert validation.is_valid({"patternProperties": {"^(a|a)*$": False}}, {"a" * 64 + "b": 1})


def test_a_dependent_property_and_a_hostile_name_are_told_without_control_characters():
    schema = {"dependentRequired": {"a": ["b"]}, "properties": {"a": True}, "additionalProperties": False}
    told = {item.pointer: item.message for item in validation.violations(schema, {"a": 1, "\x1b[31m": 2})}
    assert told == {
        "/b": "`/b` is missing, which `/a` depends on",
        "/\x1b[31m": "`/\\u001b[31m` is 2, where no such property is declared",
    }
