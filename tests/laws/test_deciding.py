"""Yes or no: closures made of a schema give the authority's verdict."""

import random
import runpy
from pathlib import Path

from accord.validity.deciding import DEEPEST, decider, is_deep
from accord.validity.validation import is_valid, validator

DRAWING = runpy.run_path(str(Path(__file__).with_name("test_acceptance.py")))
SCHEMAS = 1000


def _authority(schema, value):
    return next(validator(schema).iter_errors(value), None) is None


def test_closures_and_authority_give_the_same_verdict_on_drawn_schemas_and_values():
    valid = invalid = 0
    for seed in range(SCHEMAS):
        draw = random.Random(seed)
        node = {"type": "object", "properties": {"id": {"minLength": 2}, "k": {"$ref": "#/$defs/Node"}}}
        top = DRAWING["_schema"](draw)
        named = {**node, "additionalProperties": bool(seed % 2)}
        schema = {**(top if isinstance(top, dict) else {"allOf": [top]}), "$defs": {"Node": named}}
        test = decider(schema)
        for _ in range(5):
            value = DRAWING["_value"](draw, top)
            expected = _authority(schema, value)
            assert test(value) is expected, (seed, schema, value)
            valid, invalid = valid + expected, invalid + (not expected)
    assert min(valid, invalid) > SCHEMAS  # one that always says the same proves nothing


def _nested(levels):
    value: dict = {}
    for _ in range(levels - 1):
        value = {"k": value}
    return value


def test_a_value_of_more_levels_than_are_followed_is_left_to_the_authority():
    assert [is_deep(_nested(levels)) for levels in (1, DEEPEST - 1, DEEPEST, DEEPEST + 1)] == [False, False, True, True]
    assert [is_deep(value) for value in (None, 1, "text", [], [1])] == [False] * 5


def test_what_is_beyond_python_is_refused_however_often_it_is_asked():
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": {"properties": {"k": {"$ref": "#/$defs/Node"}}}}}
    assert [is_valid(schema, _nested(5)) for _ in range(4)] == [True] * 4
    assert [is_valid(schema, _nested(5000)) for _ in range(4)] == [False] * 4
