"""A document and another spelling of it differ in nothing, or in what no value can tell apart."""

import copy
import json
import random
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from accord.document import Document
from accord.verbs.diff import diff

pairs = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("pairs.py"))))
SAME = "no value can tell them apart."


def document(schema, definitions, version="3.1.0"):
    """A document whose one operation sends and takes `schema`, its definitions as components."""
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": content, "responses": {"200": {"description": "d", **copy.deepcopy(content)}}}
    info = {"title": "t", "version": "1"}
    data = {
        "openapi": version,
        "info": info,
        "paths": {"/a": {"put": operation}},
        "components": {"schemas": definitions},
    }
    text = json.dumps(data).replace("#/$defs/", "#/components/schemas/")
    return Document(uri="d.json", data=json.loads(text), text=text)


def split(_rng, schema):
    """Each keyword that stands alone in an `allOf` of its own."""
    alone = [
        key
        for key in schema
        if key in {"type", "minimum", "maximum", "minLength", "pattern", "required", "enum", "minItems"}
    ]
    rest = {key: value for key, value in schema.items() if key not in alone}
    return {"allOf": [rest, *({key: schema[key]} for key in alone)]}


def reordered(rng, schema):
    """Keys, members of an enum, requirements and branches in another order."""
    keys = list(schema)
    rng.shuffle(keys)
    return {
        key: schema[key][::-1] if key in {"enum", "required", "anyOf", "allOf", "oneOf"} else schema[key]
        for key in keys
    }


def wrapped(_rng, schema):
    """One branch of a composition, with another that nothing fits."""
    return {"anyOf": [schema, False]}


def doubled(_rng, schema):
    """The same said twice, and described."""
    return {"allOf": [schema, schema], "description": "d", "x-order": 1}


def negated(_rng, schema):
    """Refused to be refused."""
    return {"not": {"not": schema}}


def deadened(_rng, schema):
    """With keywords that refuse nothing."""
    return {**schema, "minLength": schema.get("minLength", 0), "required": schema.get("required", []), "x-a": 1}


@pytest.mark.parametrize("rewrite", [split, reordered, wrapped, doubled, negated, deadened])
def test_another_spelling_is_told_as_one(rewrite):
    rng = random.Random(3)
    for _ in range(60):
        schema = pairs.cleaned(pairs.schema(rng))
        if not isinstance(schema, dict):
            continue
        before, after = document(schema, pairs.DEFS), document(rewrite(rng, schema), pairs.DEFS)
        for report in (diff(before, after), diff(after, before)):
            assert [item.message for item in report.findings if not item.message.endswith(SAME)] == [], schema
            assert report.verdict == "compatible"


def test_components_under_other_names_are_told_as_such():
    rng = random.Random(4)
    for _ in range(40):
        before = document(pairs.cleaned(pairs.schema(rng)), pairs.DEFS)
        text = before.text
        for name in pairs.DEFS:
            text = text.replace(f'/{name}"', f'/{name}Of"').replace(f'"{name}": ', f'"{name}Of": ')
        after = Document(uri="d.json", data=json.loads(text), text=text)
        report = diff(before, after)
        assert {item.code for item in report.findings} == {"component-renamed"}
        assert report.verdict == "compatible"


def test_a_schema_in_place_and_the_same_as_a_component_are_told_as_one():
    rng = random.Random(6)
    for _ in range(40):
        schema = pairs.cleaned(pairs.schema(rng))
        before = document(schema, pairs.DEFS)
        after = document({"$ref": "#/$defs/Moved"}, {**pairs.DEFS, "Moved": schema})
        for report in (diff(before, after), diff(after, before)):
            assert [item.message for item in report.findings if not item.message.endswith(SAME)] == [], schema
            assert report.verdict == "compatible"


def older(rng):
    """A schema of OpenAPI 3.0, and the same in 3.1."""
    kind = rng.choice(["number", "text", "object", "array", "enum"])
    null = rng.random() < 0.4
    types = lambda name: {"type": [name, "null"] if null else name}  # noqa: E731  a row of the table
    mark = {"nullable": True} if null else {}
    if kind == "number":
        bound, strict = rng.randint(0, 3), rng.random() < 0.5
        one = {"type": "integer", "minimum": bound, "exclusiveMinimum": strict, **mark}
        return one, {**types("integer"), "exclusiveMinimum" if strict else "minimum": bound}
    if kind == "text":
        return {"type": "string", "maxLength": 3, **mark}, {**types("string"), "maxLength": 3}
    if kind == "enum":
        return {"type": "string", "enum": ["a", "b", None] if null else ["a", "b"], **mark}, {
            "enum": ["a", "b", None] if null else ["a", "b"]
        }
    if kind == "array":
        one, two = older(rng)
        return {"type": "array", "items": one, **mark}, {**types("array"), "items": two}
    rows = {name: older(rng) for name in rng.sample("abc", rng.randint(0, 2))}
    one, two = ({name: row[side] for name, row in rows.items()} for side in (0, 1))
    return {"type": "object", "properties": one, **mark}, {**types("object"), "properties": two}


def test_openapi_3_0_and_the_same_in_3_1_are_told_as_one():
    rng = random.Random(7)
    for _ in range(80):
        one, two = older(rng)
        before, after = document(one, {}, "3.0.3"), document(two, {})
        for report in (diff(before, after), diff(after, before)):
            assert [item.message for item in report.findings if not item.message.endswith(SAME)] == [], (one, two)
            assert report.verdict == "compatible"


def test_what_narrows_for_one_side_widens_for_the_other():
    rng = random.Random(8)
    other = {"request": "response", "response": "request"}
    for _ in range(60):
        (outer, inner), (wide, _narrow) = pairs.pair(rng)
        before, after = document(inner, wide), document(outer, wide)
        forth, back = (diff(*sides) for sides in ((before, after), (after, before)))
        told = [
            {(item.direction, item.verdict) for item in report.findings if item.verdict != "compatible"}
            for report in (forth, back)
        ]
        assert told[0] == {(other[direction], verdict) for direction, verdict in told[1]}, (inner, outer)
