"""What a batch of bodies lets pass is strict JSON, valid, documented, and has no name twice; what it holds back is all else."""

import json
import os
import random
import runpy
from pathlib import Path

import pytest

from accord import loading
from accord.messages import encoding
from accord.schemas import shapes
from accord.validity import batches, repeated, validation
from accord.validity.columns import names

ROOT = Path(__file__).parents[2]
RECORDS = int(os.environ.get("ACCORD_MUTATIONS", "2000"))
LAWS = runpy.run_path(str(Path(__file__).with_name("test_acceptance.py")))


@pytest.fixture(scope="module")
def schema():
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    return contract.operations[0].responses[0].content[0].schema


@pytest.fixture(scope="module")
def run():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["run"](random.Random(3))


def _conforms(schema, body):
    try:
        value = encoding.parse_json(body)
    except encoding.DecodeError:
        return False
    strange = any(True for _ in shapes.undocumented(value, schema, schema["$defs"]))
    return validation.is_valid(schema, value) and not strange and not encoding.duplicate_keys(body)


def _twice(draw, body):
    """`body` with one of its members written again, near where it stands."""
    at = draw.choice([at for at in range(len(body)) if body[at : at + 1] == b"{"])
    return (
        body[: at + 1]
        + draw.choice([b'"id":1,', b'"name" : "x",', b'"role":"a\\":b",', b'"extra":{},'])
        + body[at + 1 :]
    )


def _held(by, schema, bodies):
    values, others = batches.read(by, bodies)
    assert len(values) + len(others) == len(bodies)
    for at, body in enumerate(bodies):
        assert at in others or _conforms(schema, body), body
    return len(values)


def _sample(records, schema, run, draw):
    by = batches.reader(schema)
    by.seen = batches._MANY if draw.random() < 0.5 else 0
    passed = 0
    for _ in range(records // 10):
        bodies = []
        for _ in range(10):
            body = LAWS["_text"](draw, LAWS["_mutated"](draw, run) if draw.random() < 0.5 else run)
            bodies.append(_twice(draw, body) if draw.random() < 0.1 and b"{" in body else body)
        passed += _held(by, schema, bodies)
    assert passed > records // 5


def test_no_mutated_record_passes_that_does_not_conform(schema, run):
    _sample(RECORDS, schema, run, random.Random(1))


@pytest.mark.slow
def test_none_of_50_000_mutated_records_passes_that_does_not_conform(schema, run):
    _sample(50_000, schema, run, random.Random(2))


def test_nothing_of_drawn_schemas_passes_that_does_not_conform():
    passed = 0
    for seed in range(RECORDS // 5):
        draw = random.Random(seed)
        node = {"type": "object", "properties": {"id": LAWS["_scalar_schema"](draw), "next": {"$ref": "#/$defs/Node"}}}
        top = LAWS["_schema"](draw)
        schema = {**(top if isinstance(top, dict) else {"allOf": [top]}), "$defs": {"Node": node}}
        by = batches.reader(schema)
        if by is not None:
            passed += _held(by, schema, [LAWS["_text"](draw, LAWS["_value"](draw, top)) for _ in range(5)])
    assert passed > RECORDS // 20


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        (b'{"a":1}', True),
        (b'{"a":1,"a":1}', False),
        (b'{"a":1,"a" :1}', False),
        (b'{"a" : 1 }', True),
        (b'{"free":{"x":[{"y":1}]}}', True),
        (b'{"free":{"x":[{"y":1,"y":1}]}}', False),
        (b'{"free":{"x":"\\":"}}', True),
        (b'{"free":{"x":"\\":","x":1}}', False),
        (b'{"free":{"x":"a : b"}}', True),
        (b'{"\\u0061":1,"a":1}', False),
        (b'{"free":' + b"[" * 850 + b"]" * 850 + b"}", False),
        (b'{"b":1}', False),
        (b'{"at":"2026-01-15 09:30:00Z"}', False),
        (b'{"at":"2026-01-15T09:30:00Z"}', True),
        (b'{"maybe":{"at":"yesterday"}}', False),
        (b'{"maybe":null}', True),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_the_known_traps_do_not_pass(body, passes, many):
    moment = {"type": "string", "format": "date-time"}
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer"},
            "free": {},
            "at": moment,
            "maybe": {"anyOf": [{"type": "object", "properties": {"at": moment}}, {"type": "null"}]},
        },
        "$defs": {},
    }
    by = batches.reader(schema)
    by.seen = batches._MANY if many else 0
    fine = b'{"a":2}'
    assert [len(values) for values in (batches.read(by, [body])[0], batches.read(by, [fine, body, fine])[0])] == [
        passes,
        2 + passes,
    ]


FINE = b'{"a":1}\n{"a":2,"free":{"x":[1]}}\n'


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (FINE, 2),
        (FINE.removesuffix(b"\n"), 2),
        (FINE * 60, 120),
        (b"", None),
        (b"\n", None),
        (FINE + b"\n", None),
        (FINE.replace(b"\n", b"\r\n"), None),
        (FINE + b" " + FINE, None),
        (FINE + b'{ "a":1}\n', None),
        (FINE + b"{}\n", None),
        (FINE + b"null\n", None),
        (FINE + b'{"a":1}{"a":2}\n', None),
        (FINE + b'{"a":1}{"a":2}\n{"a":\n3}\n', None),
        (FINE + b'{"a":1}{"a":2}\n{"free":{}\n,"a":{"x":3}}\n', None),
        (FINE + b'{"a":1},{"a":2}\n', None),
        (FINE + b'{"a":\n1}\n', None),
        (FINE + b'{"free":{"x":{"y":1}\n}}\n', None),
        (FINE + b'{"free":"}\n{\\"a"}\n', None),
        (FINE + b'{"a":1,"a":2}\n', None),
        (FINE + b'{"free":{"x":1,"x" :2}}\n', None),
        (FINE + b'{"free":"\\":","a":1}\n', 3),
        (FINE + b'{"free":"\\":","a":1,"a":2}\n', None),
        (FINE + b'{"free":"so : no!: {\\"a\\":1}","a" : 1}\n', 3),
        (FINE + b'{"free":{"\\\\":1,"\\\\":2}}\n', None),
        (FINE + b'{"free":{"\\\\":1,"x\\"":2}}\n', 3),
        (FINE + b'{"b":1}\n', None),
        (FINE + b'{"a":"1"}\n', None),
        (FINE + b'{"free":' + b"[" * 850 + b"]" * 850 + b"}\n", None),
        (FINE + b"\xef\xbb\xbf" + FINE, None),
        (FINE + b'{"free":"\xff"}\n', None),
        (FINE + b'{"free":NaN}\n', None),
    ],
)
def test_lines_are_read_at_once_where_each_is_an_object_that_conforms(text, count):
    schema = {"type": "object", "properties": {"a": {"type": "integer"}, "free": {}}, "$defs": {}}
    by = batches.reader(schema)
    by.seen = batches._MANY
    values = batches.whole(by, text)
    assert (values if values is None else len(values)) == count


def test_lines_are_seldom_read_at_once_where_that_was_of_no_use():
    by = batches.reader({"type": "object", "properties": {"a": {"type": "integer"}}, "$defs": {}})
    by.seen = batches._MANY
    told = [batches.whole(by, text) is None for text in [b'{"a":""}\n'] * 5 + [b'{"a":1}\n'] * 4]
    assert told == [True] * 6 + [False] * 3
    assert (by.skips, by.pause) == (0, 0)


@pytest.mark.parametrize("body", [b'{"id":1}', b'{"id":1,"even":8}', b'{"id":1,"inner":{}}'])
def test_a_property_that_only_the_authority_can_judge_may_be_absent(body):
    even = {"type": "number", "multipleOf": 2}
    schema = {
        "type": "object",
        "properties": {"id": {}, "even": even, "inner": {"type": "object", "properties": {"even": even}}},
        "required": ["id"],
    }
    assert batches.conforms(schema, body)
    reader = batches.reader_for(schema)
    assert reader.holes
    assert batches.read(reader, [body])[1] == {}


def test_names_are_counted_as_they_are_written():
    text = b'{"a": {"b" :1, "c":[{"d":"\\\\"},{"d":"\\": {\\"e\\":"}]}, "x:y":null}'
    assert repeated.names(text) == names([json.loads(text)]) == 6
    assert repeated.most_names(text) >= 6
    assert (repeated.names(b"1"), repeated.most_names(b"1"), repeated.most_names(b"")) == (0, 0, 0)
    assert (repeated.certain_strings(b""), repeated.certain_strings(text), repeated.most_names(text)) == (0, 2, 8)


@pytest.mark.parametrize("seed", range(5))
def test_no_text_has_more_names_than_can_be_in_it(seed):
    draw = random.Random(seed)
    for _ in range(400):
        word = "".join(draw.choices('a":\\ !\t', k=draw.randint(0, 6)))
        value = draw.choice([word, {word: word}, [{word: 1, "a": word}], {"a": {word: word}}])
        text = json.dumps(
            value, separators=draw.choice([(",", ":"), (", ", ": "), (" ,", " : "), (",", "\n:")])
        ).encode()
        assert repeated.names(text) == names([value])
        assert repeated.most_names(text) - repeated.certain_strings(text) >= repeated.names(text)


def test_bodies_that_hold_json_or_prose_in_strings_are_told_without_a_search():
    assert repeated.certain_strings(b'{"a":"{\\"b\\":1, \\"c\\": 2}","d":"one : two"}') == 3
