"""Any text of a document yields source that parses, imports and runs nothing of it."""

import ast
import builtins
import json
import keyword

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.document import Document
from accord.source import class_name, function_name, identifier
from accord.verbs.generate import generate

from .conftest import answering, document

MARK = "ran_by_a_document"
TEXTS = [
    f'"""\n__import__("builtins").{MARK} = True\n"""',
    f"'''\n__import__('builtins').{MARK} = True\n'''",
    f'\\"""; __import__("builtins").{MARK} = True #',
    f"']; __import__('builtins').{MARK} = True #",
    f'{{__import__("builtins").{MARK}}}',
    f"\\N{{LATIN SMALL LETTER A}}\\x22\\x22\\x22\\u2028 {MARK}",
    "ends with a backslash\\",
    'ends with a quote"',
    "\u2028\u2029\x85\x0c\x00\x1b[31m\r\n",
    "\ud800",
    "}}{{ %s %(x)s {0} ${HOME}",
    "# type: ignore\n# noqa",
    "",
]


def hostile(text):
    """A document that says `text` in every place where a document may say anything."""
    value = {
        "type": "string",
        "description": text,
        "default": text,
        "enum": [text, "b"],
        "title": text,
        "example": text,
    }
    thing = {
        "type": "object",
        "description": text,
        "title": text,
        "required": [text],
        "properties": {text: value, "pattern": {"type": "string", "pattern": text}, "const": {"const": text}},
        "patternProperties": {text: {"type": "integer"}},
        "x-python-import": {"module": "os", "name": text},
        "x-python-type": text,
        "customTypePath": text,
        "customBasePath": text,
        "default_factory": text,
        "format": text,
        "examples": [{text: text}],
    }
    reference = {"$ref": "#/components/schemas/Thing"}
    operation = {
        **answering(reference),
        "operationId": text,
        "summary": text,
        "description": text,
        "tags": [text],
        "security": [{"key": []}],
        "parameters": [
            {
                "name": text,
                "in": "query",
                "description": text,
                "schema": {"type": "string", "default": text},
                "example": text,
            },
            {"name": text or "x", "in": "header", "required": True, "schema": {"enum": [text]}},
        ],
        "requestBody": {
            "description": text,
            "content": {"application/json": {"schema": reference, "example": {text: text}}},
        },
    }
    operation["responses"]["400"] = {"description": text, "content": {"application/json": {"schema": reference}}}
    data = document({"Thing": thing, text or "x": thing, f"Z{text}": value}, {"/t": {"post": operation}})
    data["info"] = {"title": text, "version": text, "description": text}
    data["servers"] = [{"url": f"https://example.com/{text}", "description": text}]
    data["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": text or "X-K", "description": text}
    }
    return data


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_of_a_document_runs(made, text):
    package = made(hostile(text))
    assert not hasattr(builtins, MARK)
    for path in package.folder.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
        assert not names & {MARK, "__import__", "eval", "exec"}
    if text.encode(errors="replace").decode() == text:  # pydantic takes no half of a surrogate pair
        read = package.models.Thing.from_json({text: "b", "new": text})
        assert read.to_json() == {text: "b", "new": text}


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=st.sampled_from("\"'\\\n\r{}#()_a0 \u2028é"), max_size=12))
def test_text_made_of_what_ends_a_literal_yields_source_that_parses(tmp_path_factory, text):
    data = hostile(text)
    folder = tmp_path_factory.mktemp("hostile")
    generate(Document(uri="hostile.json", data=data, text=json.dumps(data)), folder)
    for path in (folder / "hostile").glob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))


@given(st.text(max_size=20) | st.sampled_from([*keyword.kwlist, *dir(builtins), "class_", "None_", "self"]))
def test_every_name_becomes_one_that_python_takes(name):
    for made in (identifier(name, {"self"}), class_name(name), function_name(name, {"self"})):
        assert made.isidentifier()
        assert made.isascii()
        assert not keyword.iskeyword(made)
    assert identifier(name, {"self"}) != "self"


NAMES = ["class", "class_", "class__", "str", "str_", "list", "datetime", "model_x", "model_x_", "field_model_x", "copy", "to_json", "Thing", "Thing_", "Other", "a-b", "a_b", "a b", "_a_b", "__class__", "Any", "Model", *keyword.softkwlist]  # fmt: skip


def test_names_that_would_meet_are_kept_apart(made):
    properties = {name: {"type": "string", "format": "date-time"} for name in NAMES}
    thing = {"type": "object", "properties": {**properties, "Other": {"$ref": "#/components/schemas/Other"}}}
    other = {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "string"}}}}
    schemas = {
        "Thing": thing,
        "Other": other,
        "Model": other,
        "LookRequest": other,
        "list": other,
        "Str": {"type": "string"},
    }
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LookRequest"}}}}
    paths = {
        "/a": {
            "post": {**answering({"$ref": "#/components/schemas/Thing"}), "operationId": "look", "requestBody": body}
        },
        "/b": {"get": {**answering({"type": "array", "items": {"type": "string"}}), "operationId": "list"}},
        "/c": {"get": {**answering({"type": "array", "items": {"type": "string"}}), "operationId": "busy"}},
        "/d": {"get": {**answering({}), "operationId": "get_it"}, "put": {**answering({}), "operationId": "getIt"}},
    }
    package = made(document(schemas, paths))
    value = dict.fromkeys(NAMES, "2026-01-01T00:00:00Z") | {"Other": {"list": ["x"]}}
    read = package.models.Thing.from_json(value)
    assert (read.to_json(), read.surprises()) == (value, {})
    assert package.models.Thing.from_json({"class_": "x"}).to_json() == {"class_": "x"}
    assert repr(package.strategies.look_request()).startswith("fixed_dictionaries({'body': ")
    assert {"look", "list_", "busy"} <= vars(package.client.Client).keys()
