"""models.py: tolerant readers that keep whatever they read."""

import datetime as dt
import json
import random
from pathlib import Path

import pydantic
import pytest
from hypothesis import HealthCheck, given, settings

from accord import loading, strategies
from accord.strategies.drawing import few
from cekura_runs import models

from .conftest import answering, document

ROOT = Path(__file__).parents[2]
CONTRACT = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
RUN = {**CONTRACT.definitions["Run"], "$defs": CONTRACT.definitions}
REQUEST = {**CONTRACT.definitions["RunRequest"], "$defs": CONTRACT.definitions}


def same(one, other):
    """Whether two JSON values are the same, date-times compared as instants."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return instant(one) is not None and instant(one) == instant(other)
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def instant(text):
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def mutated(draw, value):
    """`value` with a new property, another member, null or absence somewhere, all of which a reader has to stand."""
    value = json.loads(json.dumps(value))
    for _ in range(draw.randint(0, 3)):
        kind = draw.choice(["new", "enum", "gone", "time"])
        if kind == "new":
            value[f"new{draw.randint(0, 9)}"] = draw.choice([None, 1, "x", {"a": [1]}])
        elif kind == "enum":
            value["status"] = "paused"
        elif kind == "time":
            value["timestamp"] = draw.choice(["yesterday", "2026-02-30T00:00:00Z", "2026-01-01 00:00:00"])
        else:
            value.pop("feedback", None)
    return value


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.from_schema(RUN))
def test_what_is_dumped_equals_what_was_read(value):
    assert same(models.Run.model_validate(value).to_json(), value)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.from_schema(REQUEST))
def test_what_a_client_writes_is_what_it_was_given(value):
    assert models.RunRequest.model_validate(value).to_json() == value


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.from_schema(RUN))
def test_a_departure_that_a_reader_has_to_stand_is_kept_and_can_be_asked_about(value):
    draw = random.Random(repr(value))
    changed = mutated(draw, value)
    run = models.Run.model_validate(changed)
    assert same(run.to_json(), changed)
    surprises = run.surprises()
    for name in changed.keys() - models.Run.model_fields.keys():
        assert f"/{name}" in surprises
    if changed["status"] == "paused":
        assert surprises["/status"] == "paused"
    if changed["timestamp"] != value["timestamp"] and instant(changed["timestamp"]) is None:  # year 1 has no UTC
        assert surprises["/timestamp"] == changed["timestamp"]


def test_request_and_response_are_models_of_their_own():
    assert list(models.RunRequest.model_fields) == sorted(REQUEST["properties"])
    assert len(models.RunRequest.model_fields) == 6
    assert len(models.Run.model_fields) == 37


def test_a_request_refuses_what_the_contract_does_not_let_it_write():
    with pytest.raises(pydantic.ValidationError):
        models.RunRequest.model_validate({"id": 1})


def test_models_need_only_pydantic_and_the_standard_library():
    import ast
    import sys

    for file, allowed in (("models.py", {"pydantic"}), ("client.py", {"pydantic", "requests", "cekura_runs"})):
        tree = ast.parse((ROOT / "generated" / "cekura_runs" / file).read_text())
        names = {
            (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert names - set(sys.stdlib_module_names) == allowed


THING = {
    "type": "object",
    "required": ["class", "id"],
    "properties": {
        "class": {"type": "string"},
        "id": {"type": "integer"},
        "a-b": {"type": "integer"},
        "a_b": {"type": "integer"},
        "a b": {"type": "integer"},
        "_under": {"type": "string"},
        "model_name": {"type": "string"},
        "copy": {"type": "boolean"},
        "json": {"type": "string"},
        "1st": {"type": "string"},
        "": {"type": "string"},
        "none": {"type": ["string", "null"]},
        "at": {"type": "string", "format": "date-time"},
    },
}
READ = {"class": "x", "id": 12.0, "a-b": 1, "a_b": 2, "a b": 3, "_under": "u", "model_name": "m", "copy": True, "json": "j", "1st": "f", "": "e", "none": None, "at": "2026-01-15T09:30:00+01:00"}  # fmt: skip


def test_names_that_python_cannot_have_are_read_and_written_back(made):
    thing = made(
        document({"Thing": THING}, {"/t": {"get": answering({"$ref": "#/components/schemas/Thing"})}})
    ).models.Thing
    read = thing.model_validate(READ)
    assert read.to_json() == READ | {"id": 12}
    assert (read.class_, read.a_b, read.id, read.copy_) == ("x", 2, 12, True)
    assert read.at == dt.datetime(2026, 1, 15, 8, 30, tzinfo=dt.UTC)


def test_absent_and_null_are_told_apart(made):
    thing = made(
        document({"Thing": THING}, {"/t": {"get": answering({"$ref": "#/components/schemas/Thing"})}})
    ).models.Thing
    absent, null = (thing.model_validate({"class": "x", "id": 1, **rest}) for rest in ({}, {"none": None}))
    assert (absent.has("none"), null.has("none")) == (False, True)
    assert (absent.to_json(), null.to_json()) == ({"class": "x", "id": 1}, {"class": "x", "id": 1, "none": None})


@pytest.mark.parametrize("value", ["12", True, 1.5, None])
def test_nothing_is_taken_for_an_integer_that_is_none(made, value):
    thing = made(
        document({"Thing": THING}, {"/t": {"get": answering({"$ref": "#/components/schemas/Thing"})}})
    ).models.Thing
    with pytest.raises(pydantic.ValidationError):
        thing.model_validate({"class": "x", "id": value})


def fields(package):
    return {alias: name for name, info in package.models.Thing.model_fields.items() for alias in [info.alias or name]}


def test_names_stay_when_a_sibling_is_inserted(made):
    path = {"/t": {"get": answering({"$ref": "#/components/schemas/Thing"})}}
    before = fields(made(document({"Thing": THING}, path)))
    more = {**THING, "properties": {"a.b": {"type": "integer"}, "A-b": {}, **THING["properties"]}}
    after = fields(made(document({"Thing": more, "Thing_": {"type": "object", "properties": {"x": {}}}}, path)))
    assert {alias: after[alias] for alias in before} == before
    assert len(set(after.values())) == len(after)


def test_recursion_unions_and_maps_are_read(made):
    node = {"type": "object", "properties": {"next": {"oneOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]}, "by": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Node"}}, "either": {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "object", "required": ["k"], "properties": {"k": {"const": 1}}}]}}}  # fmt: skip
    package = made(document({"Node": node}, {"/t": {"get": answering({"$ref": "#/components/schemas/Node"})}}))
    models = package.models
    for drawn in few(package.strategies.node(), 20):
        assert models.Node.model_validate(drawn).to_json() == drawn
    value = {"next": {"next": None, "by": {"x": {"either": 1}}}, "either": {"k": 1, "z": 2}}
    read = models.Node.model_validate(value)
    assert read.to_json() == value
    assert read.next.by["x"].either == 1
    assert type(read.next) is models.Node


def test_inline_schemas_are_models_too(made):
    inline = {"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}  # fmt: skip
    package = made(document(paths={"/list": {"get": answering(inline, operationId="listThings")}}))
    read = package.models.ListThingsResponse200.model_validate({"items": [{"n": 1}]})
    assert read.items[0].n == 1


def test_a_model_that_cannot_be_written_costs_itself_alone(made, monkeypatch):
    from accord.emitters import models as emitter

    written = emitter._written

    def refusing(modelled, names):
        if "Bad" in names:
            raise ValueError("a shape it does not know")
        return written(modelled, names)

    monkeypatch.setattr(emitter, "_written", refusing)
    schemas = {
        name: {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}
        for name in ("Bad", "Good")
    }
    holder = {"type": "object", "properties": {"bad": {"$ref": "#/components/schemas/Bad"}, "good": {"$ref": "#/components/schemas/Good"}}}  # fmt: skip
    package = made(
        document({**schemas, "Holder": holder}, {"/t": {"get": answering({"$ref": "#/components/schemas/Holder"})}})
    )
    assert package.models.Holder.model_validate({"bad": {"x": "!"}, "good": {"x": 1}}).good.x == 1
    entries = [(entry.what, entry.reason) for entry in package.report.ledger.unchecked]
    assert entries == [("model Bad", "cannot be written: a shape it does not know (made.json#/components/schemas/Bad)")]
