"""Whatever a style can say of a value, reading gives back."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accord.contract import Operation, Parameter
from accord.messages.encoding import DecodeError
from accord.messages.parameters import Encoded, decode_parameters, encode_parameters
from accord.messages.routing import match_path

calm = settings(deadline=None, max_examples=60)
text = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x2FF, exclude_characters="."), min_size=1, max_size=6)
token = st.text("abcXYZ019-_~", min_size=1, max_size=6)
OBJECT = {"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "string"}}}
ARRAY = {"type": "array", "items": {"type": "integer"}}
STYLES = [
    ("path", "simple", False),
    ("path", "simple", True),
    ("path", "label", False),
    ("path", "label", True),
    ("path", "matrix", False),
    ("path", "matrix", True),
    ("query", "form", False),
    ("query", "form", True),
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
    ("query", "deepObject", True),
    ("header", "simple", False),
    ("header", "simple", True),
    ("cookie", "form", False),
]


def operation(location: str, style: str, schema: dict, *, explode: bool, **more: object) -> Operation:
    parameter = Parameter(
        name="color", location=location, style=style, explode=explode, schema=schema, required=True, **more
    )
    path = "/at/{color}/end" if location == "path" else "/at"
    return Operation(method="GET", path=path, parameters=(parameter,))


def read(made: Operation, written: Encoded):
    places = match_path(made.path, written.path)
    assert places is not None
    cookie = (("Cookie", "; ".join(f"{name}={value}" for name, value in written.cookies)),) if written.cookies else ()
    return decode_parameters(made, places, written.query, (*written.headers, *cookie))


def round_trip(made: Operation, value):
    key = (made.parameters[0].location, "color")
    return read(made, encode_parameters(made, {key: value})) == {key: value}


@pytest.mark.parametrize(("location", "style", "explode"), [row for row in STYLES if row[1] != "deepObject"])
@given(data=st.data())
@calm
def test_texts_and_numbers_read_back_in_every_style(location, style, explode, data):
    value = data.draw((token if location == "header" else text) | st.integers())
    schema = {"type": "string" if isinstance(value, str) else "integer"}
    assert round_trip(operation(location, style, schema, explode=explode), value)


@pytest.mark.parametrize(("location", "style", "explode"), [row for row in STYLES if row[1] != "deepObject"])
@given(value=st.lists(st.integers(), min_size=1, max_size=4))
@calm
def test_lists_read_back_in_every_style(location, style, explode, value):
    assert round_trip(operation(location, style, ARRAY, explode=explode), value)


@pytest.mark.parametrize(
    ("location", "style", "explode"), [row for row in STYLES if row[1] not in {"spaceDelimited", "pipeDelimited"}]
)
@given(data=st.data())
@calm
def test_objects_read_back_in_every_style_that_has_them(location, style, explode, data):
    texts = token if location == "header" else text
    value = data.draw(st.fixed_dictionaries({"R": st.integers()}, optional={"G": texts}))
    assert round_trip(operation(location, style, OBJECT, explode=explode), value)


@pytest.mark.parametrize("location", ["path", "query"])
@given(value=st.recursive(st.none() | st.booleans() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
@calm
def test_a_parameter_described_by_content_is_json_text(location, value):
    style = "simple" if location == "path" else "form"
    made = operation(location, style, {}, explode=False, media_type="application/json")
    assert round_trip(made, value)


@given(value=st.text(max_size=8))
@calm
def test_reserved_characters_that_may_stand_in_a_query_do_not_break_it(value):
    assume(not any(0xD800 <= ord(char) <= 0xDFFF for char in value))
    made = operation("query", "form", {"type": "string"}, explode=True, allow_reserved=True)
    assert round_trip(made, value)


COLOR = {"R": 100, "G": "2 0"}


@pytest.mark.parametrize(
    ("location", "style", "explode", "value", "expected"),
    [
        ("path", "simple", False, "a b", "/at/a%20b/end"),
        ("path", "simple", False, [1, 2], "/at/1,2/end"),
        ("path", "simple", False, COLOR, "/at/R,100,G,2%200/end"),
        ("path", "simple", True, COLOR, "/at/R=100,G=2%200/end"),
        ("path", "label", False, "blue", "/at/.blue/end"),
        ("path", "label", True, [1, 2], "/at/.1.2/end"),
        ("path", "label", False, [1, 2], "/at/.1,2/end"),
        ("path", "label", True, COLOR, "/at/.R=100.G=2%200/end"),
        ("path", "matrix", False, "blue", "/at/;color=blue/end"),
        ("path", "matrix", False, [1, 2], "/at/;color=1,2/end"),
        ("path", "matrix", True, [1, 2], "/at/;color=1;color=2/end"),
        ("path", "matrix", False, COLOR, "/at/;color=R,100,G,2%200/end"),
        ("path", "matrix", True, COLOR, "/at/;R=100;G=2%200/end"),
        ("query", "form", False, [1, 2], "/at?color=1,2"),
        ("query", "form", True, [1, 2], "/at?color=1&color=2"),
        ("query", "form", True, COLOR, "/at?R=100&G=2%200"),
        ("query", "form", False, "a/b&c=d?", "/at?color=a%2Fb%26c%3Dd%3F"),
        ("query", "spaceDelimited", False, [1, 2], "/at?color=1%202"),
        ("query", "pipeDelimited", False, [1, 2], "/at?color=1|2"),
        ("query", "deepObject", True, COLOR, "/at?color%5BR%5D=100&color%5BG%5D=2%200"),
    ],
)
def test_each_style_is_written_as_openapi_shows_it(location, style, explode, value, expected):
    made = operation(location, style, {}, explode=explode)
    assert encode_parameters(made, {(location, "color"): value}).target == expected


@pytest.mark.parametrize(("explode", "expected"), [(False, "R,100,G,2 0"), (True, "R=100,G=2 0")])
def test_a_header_is_written_without_percent(explode, expected):
    made = operation("header", "simple", OBJECT, explode=explode)
    assert encode_parameters(made, {("header", "color"): COLOR}) == Encoded(path="/at", headers=(("color", expected),))


def test_what_is_not_there_is_not_in_the_values():
    locations = ("query", "header", "cookie")
    made = Operation(
        method="GET", path="/", parameters=tuple(Parameter(name="color", location=location) for location in locations)
    )
    assert decode_parameters(made, {}, "colour=1&=2&", (("Cookie", "a=b"), ("X", "y"))) == {}
    assert encode_parameters(made, {}) == Encoded(path="/")


def test_a_query_that_is_not_utf8_is_told():
    made = operation("query", "form", {}, explode=True)
    with pytest.raises(DecodeError) as told:
        decode_parameters(made, {}, "color=%ff", ())
    assert str(told.value) == "is not percent-encoded UTF-8"


def test_what_cannot_be_read_as_promised_stays_text():
    made = operation("query", "form", ARRAY, explode=True)
    assert decode_parameters(made, {}, "color=1&color=x", ()) == {("query", "color"): [1, "x"]}
