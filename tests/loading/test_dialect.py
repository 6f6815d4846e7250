"""Older spellings become JSON Schema 2020-12 at the door, and what cannot be said is named."""

import pytest

from accord import fetching
from accord.contract import Direction
from accord.document import Document
from accord.schemas import dialect


def lowered(schema, version="3.1", direction=Direction.RESPONSE, components=None):
    data = {"components": {"schemas": components or {}}, "s": schema}
    root = Document(uri="d.yaml", data=data, text="")
    state = dialect.lowering(fetching.library(root), version)
    out = dict(dialect.lower(state, root, "/s", direction))
    defs = out.pop("$defs")
    assert defs is state.definitions
    return out, defs, [(entry.what, entry.reason) for entry in state.ledger]


@pytest.mark.parametrize(
    ("version", "schema", "expected"),
    [
        ("3.0", {"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ("3.0", {"type": "string", "nullable": False}, {"type": "string"}),
        ("3.0", {"nullable": True}, {}),
        (
            "3.0",
            {"type": "string", "enum": ["a", None], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ("3.0", {"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ("3.0", {"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ("3.0", {"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ("3.1", {"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
        ("3.1", {"const": 1, "x-note": 2, "externalDocs": {}}, {"const": 1, "x-note": 2}),
        ("3.1", {"properties": {"a": True, "b": False}}, {"properties": {"a": True, "b": False}}),
        ("3.1", True, {}),
        ("3.1", False, {"not": {}}),
    ],
)
def test_a_keyword_is_spelt_in_2020_12(version, schema, expected):
    assert lowered(schema, version) == (expected, {}, [])


@pytest.mark.parametrize(
    ("version", "schema", "expected", "what", "reason"),
    [
        ("3.1", {"oneOf": [{}, {"type": "null"}], "title": "t"}, {"title": "t"},
         "oneOf", "says anything or null, which null would match twice; read as anything (d.yaml#/s)"),
        ("3.0", {"type": "string", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]},
         "nullable", "is true beside an `enum` without null; read as null allowed (d.yaml#/s)"),
        ("3.0", {"allOf": [{"type": "object"}], "nullable": True, "description": "d"},
         {"anyOf": [{"allOf": [{"type": "object"}]}, {"type": "null"}], "description": "d"},
         "nullable", "is true beside a composition; read as null allowed (d.yaml#/s)"),
        ("3.1", {"type": "string", "nullable": True}, {"type": "string"},
         "nullable", 'is OpenAPI 3.0\'s, and means nothing here; write `type: [..., "null"]` (d.yaml#/s)'),
        ("3.1", {"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1},
         "exclusiveMinimum", "is a boolean, as in OpenAPI 3.0; read as there (d.yaml#/s)"),
        ("3.0", {"const": 1}, {}, "const", "is no keyword of OpenAPI 3.0, and is not checked (d.yaml#/s)"),
        ("3.1", {"items": [{"type": "null"}], "additionalItems": False}, {"prefixItems": [{"type": "null"}], "items": False},
         "items", "is a list, as before 2020-12; read as `prefixItems` (d.yaml#/s)"),
        ("3.1", {"dependencies": {"a": ["b"], "c": {"minProperties": 2}}},
         {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"minProperties": 2}}},
         "dependencies", "is older than 2020-12; read as `dependentRequired` and `dependentSchemas` (d.yaml#/s)"),
        ("3.1", {"type": "strnig"}, {}, "type", 'cannot be "strnig", and is not checked (d.yaml#/s)'),
        ("3.1", {"type": {"a": 1}}, {}, "type", 'cannot be {"a": 1}, and is not checked (d.yaml#/s)'),
        ("3.1", {"required": True}, {}, "required", "cannot be true, and is not checked (d.yaml#/s)"),
        ("3.1", {"multipleOf": 0}, {}, "multipleOf", "cannot be 0, and is not checked (d.yaml#/s)"),
        ("3.1", {"minLenght": 3}, {}, "minLenght", "is no keyword accord knows, and is not checked (d.yaml#/s)"),
        ("3.1", {"properties": {"a": 3}}, {"properties": {"a": True}},
         "schema", "is no object and no boolean; anything is accepted (d.yaml#/s/properties/a)"),
        ("3.1", {"discriminator": {"propertyName": "k"}}, {},
         "discriminator", "is a hint; the branches themselves decide (d.yaml#/s)"),
    ],
)  # fmt: skip
def test_what_is_read_otherwise_than_written_stands_in_the_ledger(version, schema, expected, what, reason):
    assert lowered(schema, version) == (expected, {}, [(what, reason)])


RUN = {
    "type": "object",
    "required": ["id", "note", "secret"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "note": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
        "next": {"$ref": "#/components/schemas/Run"},
    },
}


def test_a_request_may_not_carry_what_is_read_only_nor_a_response_what_is_write_only():
    out, defs, _ = lowered({"$ref": "#/components/schemas/Run"}, direction=Direction.REQUEST, components={"Run": RUN})
    assert out == {"$ref": "#/$defs/RunRequest"}
    assert defs == {
        "Run": {
            "type": "object",
            "required": ["id", "note"],
            "properties": {**RUN["properties"], "secret": False, "next": {"$ref": "#/$defs/Run"}},
        },
        "RunRequest": {
            "type": "object",
            "required": ["note", "secret"],
            "properties": {**RUN["properties"], "id": False, "next": {"$ref": "#/$defs/RunRequest"}},
        },
    }


def test_one_view_serves_both_directions_where_nothing_is_marked():
    plain = {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"type": "string"}}
    out, defs, _ = lowered({"$ref": "#/components/schemas/A"}, direction=Direction.REQUEST, components=plain)
    assert out == {"$ref": "#/$defs/A"}
    assert list(defs) == ["A", "B"]


def test_a_mark_is_seen_through_allof_and_reference_and_leaves_required_there():
    components = {
        "Base": {"properties": {"id": {"$ref": "#/components/schemas/Id"}}},
        "Id": {"type": "integer", "readOnly": True},
    }
    schema = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id", "a"]}], "required": ["id"]}
    out, defs, _ = lowered(schema, direction=Direction.REQUEST, components=components)
    assert out == {"allOf": [{"$ref": "#/$defs/BaseRequest"}, {"required": ["a"]}], "required": []}
    assert defs["BaseRequest"] == {"properties": {"id": False}}


def test_openapi_3_0_ignores_what_stands_beside_a_reference_and_says_so():
    out, _, ledger = lowered(
        {"$ref": "#/components/schemas/A", "maxLength": 1, "description": "d"},
        "3.0",
        components={"A": {"type": "string"}},
    )
    assert out == {"$ref": "#/$defs/A"}
    assert ledger == [("maxLength", "stands beside `$ref`, where OpenAPI 3.0 ignores it (d.yaml#/s)")]


def test_a_request_view_gives_way_to_a_component_of_its_name():
    components = {"Run": RUN, "RunRequest": {"type": "string"}}
    out, defs, _ = lowered({"$ref": "#/components/schemas/Run"}, direction=Direction.REQUEST, components=components)
    assert out == {"$ref": "#/$defs/RunRequest2"}
    assert "RunRequest" not in defs


def test_names_with_characters_a_pointer_cannot_hold_are_made_plain():
    out, defs, _ = lowered({"$ref": "#/components/schemas/a~1b%25c"}, components={"a/b%c": {"type": "string"}})
    assert out == {"$ref": "#/$defs/a_b_c"}
    assert defs == {"a_b_c": {"type": "string"}}


def test_a_reference_into_the_middle_of_a_document_gets_a_telling_name():
    out, defs, _ = lowered(
        {"$ref": "#/components/schemas/Run/properties/note"}, components={"Run": RUN, "RunNote": {"type": "null"}}
    )
    assert out == {"$ref": "#/$defs/RunNote2"}
    assert defs == {"RunNote2": {"type": "string"}}


def test_patterns_that_cannot_be_compiled_and_unknown_formats_are_named():
    schema = {"pattern": "(?<=a", "format": "phone", "properties": {"a": {"patternProperties": {"[": False}}}}
    _, _, ledger = lowered(schema, version="3.1")
    assert ledger == [
        ("pattern", "`(?<=a` is no ECMA-262 pattern (d.yaml#/s)"),
        ("format", "`phone` is not known (d.yaml#/s)"),
        ("pattern", "`[` is no ECMA-262 pattern (d.yaml#/s/properties/a)"),
    ]
