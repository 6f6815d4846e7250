"""What is judged part by part behind the accept filter is what the authority says of the whole."""

import json
import os
import random
import runpy
from pathlib import Path

import pytest

from accord import loading
from accord.messages import encoding
from accord.schemas import shapes
from accord.validity import judging, validation

ROOT = Path(__file__).parents[2]
RECORDS = int(os.environ.get("ACCORD_MUTATIONS", "2000"))
ACCEPTANCE = runpy.run_path(str(Path(__file__).with_name("test_acceptance.py")))


def _told(found):
    return sorted((item.pointer, item.schema_pointer, item.keyword, item.message, str(item.expected)) for item in found)


def _same(schema, value):
    assert _told(judging.violations(schema, value)) == _told(validation.violations(schema, value))
    undocumented = dict.fromkeys(shapes.undocumented(value, schema, schema["$defs"]))
    assert sorted(judging.undocumented(schema, value)) == sorted(undocumented)
    assert judging.is_valid(schema, value) is validation.is_valid(schema, value)


def test_mutated_records_are_told_as_the_authority_tells_them():
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    schema = contract.operations[0].responses[0].content[0].schema
    draw = random.Random(5)
    run = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["run"](draw)
    broken = 0
    for _ in range(RECORDS // 10):
        value = run
        for _ in range(draw.randint(1, 3)):
            value = ACCEPTANCE["_mutated"](draw, value)
        broken += not validation.is_valid(schema, value)
        _same(schema, value)
    assert broken > RECORDS // 40


def test_values_of_drawn_schemas_are_told_as_the_authority_tells_them():
    for seed in range(RECORDS // 10):
        draw = random.Random(seed)
        node = {
            "type": "object",
            "properties": {"id": ACCEPTANCE["_scalar_schema"](draw), "next": {"$ref": "#/$defs/Node"}},
        }
        top = ACCEPTANCE["_schema"](draw)
        schema = {**(top if isinstance(top, dict) else {"allOf": [top]}), "$defs": {"Node": node}}
        for _ in range(5):
            body = ACCEPTANCE["_text"](draw, ACCEPTANCE["_value"](draw, top))
            try:
                value = encoding.parse_json(body)
            except encoding.DecodeError:
                continue
            _same(schema, value)


@pytest.mark.parametrize("depth", [3, 500])
def test_a_value_nested_too_deep_is_told_once(depth):
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": {"properties": {"next": {"$ref": "#/$defs/Node"}}}}}
    value = json.loads('{"next":' * depth + "1" + "}" * depth)
    assert [item.keyword for item in judging.violations(schema, value)] == (["depth"] if depth > 100 else [])
