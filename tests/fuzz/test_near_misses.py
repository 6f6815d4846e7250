"""Invalid values break one promise, in the ways in which services are lenient."""

from itertools import islice

import pytest

from accord.strategies import nearest
from accord.validity import validation


def near(schema, values, keyword, most=10):
    found = nearest.spoilt(nearest.neighbours({"$defs": {}, **schema}, values))
    return [value for fault, bad in found if fault.keyword == keyword for value in islice(bad, most)]


ALLERGIES = {
    "type": "array",
    "items": {"type": "string", "enum": ["nuts", "latex", "pollen"]},
    "uniqueItems": True,
    "maxItems": 2,
}


def test_a_list_that_is_too_long_has_items_that_may_be_there():
    first, *_ = near(ALLERGIES, [[]], "maxItems")
    assert sorted(first) == ["latex", "nuts", "pollen"]


def test_a_list_with_one_item_twice_has_items_that_may_be_there():
    first, *_ = near(ALLERGIES, [[]], "uniqueItems")
    assert first[0] == first[1]
    assert first[0] in ALLERGIES["items"]["enum"]


@pytest.mark.parametrize("value", [{}, {"a": "text"}])
def test_a_name_that_is_not_allowed_holds_what_may_be_there(value):
    schema = {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9]{0,3}$"},
        "additionalProperties": {"type": "string"},
    }
    found = near(schema, [value], "propertyNames")
    assert found
    keywords = {broken.keyword for bad in found for broken in validation.violations({"$defs": {}, **schema}, bad)}
    assert keywords <= {"propertyNames", "pattern"}
    assert any(name.isupper() for name in found[0])


def test_what_a_client_writes_for_nothing_is_tried_where_null_may_stand():
    schema = {"type": ["integer", "null"]}
    assert {"", "null"} < {value for value in near(schema, [5], "type")[:6] if isinstance(value, str)}


def test_digits_of_another_script_are_tried_where_a_pattern_wants_digits():
    assert "\u0660\u0667" in near({"type": "string", "pattern": "^[0-9]{2}$"}, ["07"], "pattern")


def test_each_way_to_misspell_a_member_comes_before_any_comes_for_every_member():
    members = ["new", "in_use", "sold_out"]
    found = [value for value in near({"enum": members}, ["new"], "enum", 24) if isinstance(value, str)]
    ways = (
        {"in-use", "sold-out"},
        {"in use", "sold out"},
        {"inUse", "soldOut"},
        {"new ", "in_use "},
        {" new", " in_use"},
    )
    assert all(way & {*found[:18]} for way in ways)


def test_a_name_that_begins_with_an_underscore_is_tried_where_none_is_free():
    schema = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
    assert {"_undeclared": "text"} in near(schema, [{}], "additionalProperties")


UNION_NAMES = {"wheels", "wings", "oars"}
UNION = {
    "oneOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", own],
            "properties": {"kind": {"const": own}, own: {"type": "integer", "minimum": 7, "maximum": 7}},
        }
        for own in ("wheels", "wings", "oars")
    ]
}


def test_a_name_that_another_alternative_of_a_union_declares_is_tried_alone_with_what_it_may_hold_there():
    values = [{"kind": "wheels", "wheels": 7}, {"kind": "wings", "wings": 7}]
    found = near(UNION, values, "additionalProperties", most=24)
    one_more = [{"kind": own, own: 7, other: 7} for own in ("wheels", "wings", "oars") for other in UNION_NAMES - {own}]
    assert [value for value in one_more if value not in found] == []
    assert [value for value in found if len(UNION_NAMES & value.keys()) > 2] == []


def test_a_name_that_nobody_declares_is_the_only_one_too_many_in_every_value_that_it_is_put_into():
    values = [{"kind": "wheels", "wheels": 7}, {"kind": "wings", "wings": 7}]
    for bad in near(UNION, values, "additionalProperties", most=24):
        strange = bad.keys() - UNION_NAMES - {"kind"}
        rest = {name: part for name, part in bad.items() if name not in strange}
        assert len(strange) <= 1
        assert not strange or validation.is_valid({"$defs": {}, **UNION}, rest)


def test_a_property_that_every_alternative_requires_is_taken_from_each_of_them():
    values = [{"kind": own, own: 7} for own in ("wheels", "wings", "oars")]
    assert near(UNION, values, "required", most=1) == [{"oars": 7}, {"wings": 7}, {"wheels": 7}, {"kind": "oars"}]
    assert near(UNION, values[:1], "required", most=1) == [{"wheels": 7}, {"kind": "wheels"}]


@pytest.mark.parametrize("text", ["someone@example.com", "https://example.com/"])
def test_a_text_that_is_too_long_keeps_its_format(text):
    first, *_ = near({"type": "string", "maxLength": 80}, [text], "maxLength")
    assert (len(first), first.endswith(text)) == (81, True)


@pytest.mark.parametrize("schema", [{"const": True}, {"enum": [True]}, {"type": "boolean", "const": True}])
def test_the_other_flag_is_the_first_near_miss_of_one_that_is_fixed(schema):
    whole = {"type": "object", "required": ["terms"], "properties": {"terms": schema}}
    assert near(whole, [{"terms": True}], "enum")[0] == {"terms": False}


def test_a_text_is_spoilt_from_what_the_document_shows_first_and_in_the_other_letter_case():
    schema = {"type": "object", "properties": {"code": {"type": "string", "pattern": "^[A-Z0-9]{4,12}$"}}}
    found = near(schema, [{"code": "SPRING15"}, {"code": "0000"}, {"code": "94L6D"}], "pattern")
    assert found[0] == {"code": "SPRING15\n"}
    assert {"code": "spring15"} in found
