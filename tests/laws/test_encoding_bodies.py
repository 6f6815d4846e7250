"""Whatever a media type can say of a value, reading gives back."""

import json
import math
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord.contract import MediaType
from accord.messages.encoding import (
    DecodeError,
    can_encode,
    decode_body,
    duplicate_keys,
    encode_body,
    parse_json,
    to_json,
)

calm = settings(deadline=None, max_examples=100)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
names = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="%"), min_size=1, max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
FORM_SCHEMA = {
    "type": "object",
    "properties": {
        "count": {"type": "integer"},
        "share": {"type": "number"},
        "done": {"type": "boolean"},
        "note": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "sizes": {"$ref": "#/$defs/Sizes"},
        "nested": {"type": "object"},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
    "$defs": {"Sizes": {"type": "array", "items": {"type": ["integer", "null"]}}},
}
forms = st.fixed_dictionaries(
    {},
    optional={
        "count": st.integers(),
        "share": st.floats(allow_nan=False, allow_infinity=False),
        "done": st.booleans(),
        "note": texts,
        "tags": st.lists(texts, min_size=1, max_size=3),
        "sizes": st.lists(st.integers() | st.none(), min_size=1, max_size=3),
        "nested": st.dictionaries(texts, json_values, max_size=2),
        "rows": st.lists(st.dictionaries(texts, json_values, max_size=2), min_size=1, max_size=2),
    },
)


@given(json_values)
@example("\ud800")
@example({"\udfff": [-0.0, 10**400]})
@calm
def test_json_reads_back_as_it_was_written(value):
    media_type = MediaType(name="application/vnd.api+json")
    body, content_type = encode_body(media_type, value)
    assert (decode_body(media_type, content_type, body), content_type) == (value, "application/vnd.api+json")


@pytest.mark.parametrize("name", ["application/x-www-form-urlencoded", "multipart/form-data"])
@given(value=forms)
@example(value={"note": "\r\n--boundary\0\x7f %+&="})
@calm
def test_a_form_reads_back_by_the_types_of_its_properties(name, value):
    media_type = MediaType(name=name, schema=FORM_SCHEMA)
    body, content_type = encode_body(media_type, value)
    assert decode_body(media_type, content_type, body) == value
    assert encode_body(media_type, value) == (body, content_type)


@pytest.mark.parametrize("name", ["application/x-www-form-urlencoded", "multipart/form-data"])
@given(value=st.dictionaries(names, texts, max_size=3))
@example(value={'quo"te\r\n;=': "x"})
@calm
def test_a_form_carries_names_that_nobody_declared(name, value):
    media_type = MediaType(name=name)
    body, content_type = encode_body(media_type, value)
    assert decode_body(media_type, content_type, body) == value


@given(st.integers(0, 0xFF).map(chr) | st.text(st.characters(max_codepoint=0xFF), max_size=20))
@calm
def test_raw_bytes_stand_as_characters_of_the_same_number(value):
    media_type = MediaType(name="application/octet-stream")
    body, content_type = encode_body(media_type, value)
    assert decode_body(media_type, content_type, body) == value
    assert len(body) == len(value)


@given(st.binary(max_size=40), st.sampled_from(["", "; boundary=x", '; boundary="a b"', "; boundary=--"]))
@example(b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", "; boundary=x")
@example(b"--x\r\n\r\n\r\n--x--", "; boundary=x")
@calm
def test_any_bytes_are_a_form_or_a_reason_why_not(body, parameter):
    media_type = MediaType(name="multipart/form-data", schema=FORM_SCHEMA)
    try:
        value = decode_body(media_type, f"multipart/form-data{parameter}", body)
    except DecodeError:
        return
    assert isinstance(value, dict)


def exact(text):
    return float(text) if math.isfinite(float(text)) else int(Decimal(text))


@given(st.binary(max_size=40))
@example(b"1e400")
@calm
def test_json_that_is_read_is_json_that_python_reads_too(body):
    try:
        value = parse_json(body)
    except DecodeError:
        return
    assert to_json(value) == to_json(json.loads(body, parse_float=exact))


def test_a_form_part_has_the_media_type_that_encoding_names():
    media_type = MediaType(
        name="multipart/form-data", encoding={"picture": {"contentType": "image/png, image/jpeg"}, "note": {}}
    )
    body, content_type = encode_body(media_type, {"picture": "PNG", "note": "n", "extra": {"a": 1}})
    boundary = content_type.partition("boundary=")[2]
    assert content_type == f"multipart/form-data; boundary={boundary}"
    assert body.decode().split(f"--{boundary}") == [
        "",
        '\r\nContent-Disposition: form-data; name="picture"; filename="part"\r\nContent-Type: image/png\r\n\r\nPNG\r\n',
        '\r\nContent-Disposition: form-data; name="note"\r\n\r\nn\r\n',
        '\r\nContent-Disposition: form-data; name="extra"\r\nContent-Type: application/json\r\n\r\n{"a": 1}\r\n',
        "--\r\n",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "is no JSON: Expecting value at character 0"),
        (b"{} {}", "is no JSON: Extra data at character 3"),
        (b'{"a": 1', "is no JSON: Expecting ',' delimiter at character 7"),
        (b"\xef\xbb\xbf{}", "starts with a byte order mark, which JSON must not"),
        (b'"\xff"', "is not UTF-8 at byte 1"),
        (b"[NaN]", "holds NaN, which is no JSON number"),
        (b"-Infinity", "holds -Infinity, which is no JSON number"),
        (b"[" * 100_000, "is nested too deep to be read"),
        (b"[" * 801 + b"]" * 801, "is nested too deep to be read"),
        (b'{"a":' * 801 + b"1" + b"}" * 801, "is nested too deep to be read"),
        (b"1" * 5000, "holds a number with too many digits to be read"),
        (b"1e5000", "holds a number with too many digits to be read"),
        (b"-1e4008446744073709551616", "holds a number with too many digits to be read"),
    ],
)
def test_what_strict_json_forbids_is_told(body, reason):
    with pytest.raises(DecodeError) as told:
        parse_json(body)
    assert str(told.value) == reason


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"1e400", 10**400),
        (b"-1.5E+400", -15 * 10**399),
        (b"1e-400", 0.0),
        (b"0e4008446744073709551616", 0.0),
        (b"12.0", 12.0),
        (b" null\n", None),
    ],
)
def test_every_json_number_is_read_as_a_number_that_can_be_written_again(body, value):
    assert parse_json(body) == value
    assert not isinstance(value, float) or math.isfinite(value)
    assert parse_json(to_json(parse_json(body))) == value


def test_a_value_at_the_deepest_that_is_read_can_be_written():
    body = b"[" * 800 + b"]" * 800
    assert to_json(parse_json(body)) == body


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b'{"a": 1, "a": 2, "b": {"c/d": 1, "c/d": 1}, "e": [{}, {"f": 1, "f": 1}]}', ("/a", "/b/c~1d", "/e/1/f")),
        (b'{"a": {"b": 1}, "c": {"b": 1}}', ()),
        (b"no JSON", ()),
        (b"[" * 100_000, ()),
    ],
)
def test_names_written_twice_in_one_object_are_pointed_at(body, pointers):
    assert duplicate_keys(body) == pointers


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("application/json", True),
        ("application/problem+json", True),
        ("Application/X-WWW-Form-Urlencoded", True),
        ("multipart/form-data", True),
        ("text/plain; charset=utf-8", True),
        ("application/octet-stream", True),
        ("*/*", True),
        ("application/xml", False),
        ("text/xml", False),
        ("text/event-stream", False),
        ("image/png", False),
        ("multipart/mixed", False),
    ],
)
def test_what_can_be_written_is_said_beforehand(name, possible):
    assert can_encode(MediaType(name=name)) is possible


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("17", {"type": "integer"}, 17),
        ("1.0", {"type": "integer"}, "1.0"),
        ("017", {"type": "integer"}, "017"),
        ("1_000", {"type": "integer"}, "1_000"),
        ("1.5", {"type": "number"}, 1.5),
        ("1e999999", {"type": "number"}, "1e999999"),
        ("nan", {"type": "number"}, "nan"),
        ("true", {"type": "boolean"}, True),
        ("True", {"type": "boolean"}, "True"),
        ("", {"type": ["integer", "null"]}, None),
        ("17", {"type": ["string", "integer"]}, "17"),
        ("17", {}, "17"),
        ("17", {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, 17),
        ('{"a": 1}', {"type": "object"}, {"a": 1}),
        ("{broken", {"type": "object"}, "{broken"),
    ],
)
def test_a_form_value_is_read_by_its_type_or_stays_text(text, schema, value):
    media_type = MediaType(
        name="application/x-www-form-urlencoded", schema={"type": "object", "properties": {"p": schema}}
    )
    body, content_type = encode_body(media_type, {"p": text})
    assert decode_body(media_type, content_type, body) == {"p": value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("application/x-www-form-urlencoded", [1]),
        ("multipart/form-data", "text"),
        ("text/plain", {"a": 1}),
        ("application/octet-stream", "\u0100"),
        ("text/plain", "\ud800"),
        ("multipart/form-data", {"a": "\ud800"}),
    ],
)
def test_a_value_that_the_media_type_cannot_say_is_refused(name, value):
    with pytest.raises(ValueError, match=r"alone|codec"):
        encode_body(MediaType(name=name), value)
