"""The accept filter accepts nothing that the authority rejects."""

import json
import os
import random
import runpy
from pathlib import Path

import pytest

from accord import loading
from accord.messages.encoding import DecodeError, parse_json
from accord.validity.acceptance import accepts, filter_for
from accord.validity.validation import is_valid

RECORDS = int(os.environ.get("ACCORD_MUTATIONS", "5000"))
ROOT = Path(__file__).parents[2]

SCALARS = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        7,
        1.0,
        1.5,
        -0.5,
        100.5,
        2**31,
        2**53,
        2**53 + 1,
        2**63,
        2**64,
        -(2**63) - 1,
        1e300,
    ),
    *("", "a", "ab", "aé", "a\n", "\U0001f600", "active", "2026-01-15", "2023-02-29", "2026-01-15T09:30:00Z"),
    *("2026-01-15t09:30:00z", "2026-01-15 09:30:00Z", "2026-01-15T09:30:00Z\n", "2016-12-31T23:59:60Z", "0000-01-01"),
    *(
        "2026-13-01T00:00:00Z",
        "2026-01-15T09:30:00+0530",
        "a@b.example",
        "a@localhost",
        "@",
        "a@-b",
        "1.2.3.4",
        "1.2.3.04",
    ),
    *(
        "12345678-1234-1234-1234-123456789abc",
        "https://example.com/a?b=c",
        "https://exa mple.com",
        "x-1",
        "A-12",
        "09:30:00Z",
    ),
]
TEXTS = [*(["1e400", "NaN", "-0", "1E2", '"\\ud800"', '"\\u0061"', "[1,]", '{"id":1,"id":2}', "9" * 4400, "1.0e0"])]


def _scalar_schema(draw: random.Random) -> dict:
    return draw.choice(
        [
            {"type": "string"},
            {"type": "string", "minLength": draw.randint(0, 2), "maxLength": draw.randint(1, 4)},
            {
                "type": "string",
                "pattern": draw.choice(["^a", "b$", "^[a-z]+$", r"^\w-\d+$", "^(a|ab)$", "(a+)+$", "^.$"]),
            },
            {
                "type": "string",
                "format": draw.choice(
                    [
                        "date",
                        "date-time",
                        "time",
                        "email",
                        "uuid",
                        "ipv4",
                        "uri",
                        "hostname",
                        "ipv6",
                        "byte",
                        "nonsense",
                        "password",
                    ]
                ),
            },
            {"type": "integer"},
            {"type": "integer", "minimum": draw.choice([0, 0.5, -3]), "exclusiveMaximum": draw.choice([7, 7.5, 2**40])},
            {"type": "integer", "format": draw.choice(["int32", "int64"])},
            {"type": "number", "exclusiveMinimum": 0, "maximum": draw.choice([1, 100.5, 2**53 - 1, 2**53, 2**60])},
            {"type": "number", "multipleOf": draw.choice([0.5, 7])},
            {"type": ["number", "integer", "null"]},
            {"type": ["string", "null", "boolean"], "maxLength": 2},
            {"enum": draw.sample([None, "a", "active", 1, 0, True, 1.5], 3)},
            {"type": "string", "enum": ["a", None, "active"]},
            {"const": draw.choice(["a", 1, True, None])},
            {"minLength": 1},
            {"maximum": 5},
            {"not": {"type": "string"}},
            {},
        ]
    )


def _schema(draw: random.Random, depth: int = 0) -> dict | bool:
    if depth > 2 or draw.random() < 0.35:
        return _scalar_schema(draw) if draw.random() > 0.05 else draw.choice([True, False])
    names = ["id", "name", "a/b", "x y"]
    inner = [_schema(draw, depth + 1) for _ in range(3)]
    chosen = dict(zip(draw.sample(names, 3), inner, strict=True))
    return draw.choice(
        [
            {
                "type": "object",
                "properties": chosen,
                "required": draw.sample(names, draw.randint(0, 2)),
                **draw.choice(
                    [{}, {"additionalProperties": False}, {"additionalProperties": inner[0]}, {"minProperties": 2}]
                ),
            },
            {"type": ["object", "null"], "properties": chosen, "additionalProperties": draw.choice([False, True, {}])},
            {
                "type": "object",
                "additionalProperties": inner[0],
                **draw.choice([{}, {"minProperties": 1}, {"propertyNames": {"maxLength": 2}}]),
            },
            {
                "type": "array",
                "items": inner[0],
                **draw.choice([{}, {"minItems": 1, "maxItems": 2}, {"uniqueItems": True}, {"contains": inner[1]}]),
            },
            {"properties": chosen},
            {draw.choice(["anyOf", "oneOf", "allOf"]): inner[: draw.randint(1, 3)]},
            {"anyOf": [inner[0], {"type": "null"}]},
            {
                "oneOf": [
                    {"type": "object", "properties": chosen},
                    {"type": "array", "items": inner[0]},
                    {"type": "null"},
                ]
            },
            {"$ref": "#/$defs/Node"},
            {"if": {"type": "object"}, "then": inner[0]},
        ]
    )


def _value(draw: random.Random, schema: object, depth: int = 0) -> object:
    """A value that has a fair chance to be valid."""
    if not isinstance(schema, dict) or depth > 4 or draw.random() < 0.1:
        return draw.choice(SCALARS)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return _value(draw, draw.choice(schema[keyword]), depth + 1)
    if "enum" in schema:
        return draw.choice(schema["enum"])
    kind = schema.get("type", "object")
    if kind == "array":
        return [_value(draw, schema.get("items"), depth + 1) for _ in range(draw.randint(0, 3))]
    if "properties" in schema:
        found = {
            name: _value(draw, inner, depth + 1) for name, inner in schema["properties"].items() if draw.random() < 0.85
        }
        return found | {name: draw.choice(SCALARS) for name in schema.get("required", ()) if name not in found}
    if kind == "object":
        return {
            name: _value(draw, schema.get("additionalProperties"), depth + 1)
            for name in draw.sample(["id", "k"], draw.randint(0, 2))
        }
    fitting = {"string": str, "integer": int, "number": (int, float)}.get(kind if isinstance(kind, str) else "", object)
    return draw.choice([value for value in SCALARS if isinstance(value, fitting)])


def _text(draw: random.Random, value: object) -> bytes:
    written = json.dumps(value, ensure_ascii=draw.random() < 0.5)
    if draw.random() < 0.1:
        written = written.replace("1", draw.choice(TEXTS), 1)
    body = written.encode()
    if draw.random() < 0.05 and body:
        at = draw.randrange(len(body))
        body = body[:at] + bytes([draw.choice([0xFF, 0x01, 0x22, 0x31])]) + body[at + 1 :]
    return body


def _authority(schema: dict, body: bytes) -> bool:
    try:
        return is_valid(schema, parse_json(body))
    except DecodeError:
        return False


def test_nothing_is_accepted_that_the_authority_rejects():
    accepted = compiled = 0
    for seed in range(RECORDS // 10):
        draw = random.Random(seed)
        node = {"type": "object", "properties": {"id": _scalar_schema(draw), "next": {"$ref": "#/$defs/Node"}}}
        top = _schema(draw)
        schema = {**(top if isinstance(top, dict) else {"allOf": [top]}), "$defs": {"Node": node}}
        for closed in (False, True):
            says = accepts(schema, closed=closed)
            compiled += filter_for(schema, closed=closed) is not None
            for _ in range(5):
                body = _text(draw, _value(draw, top))
                if says(body):
                    accepted += 1
                    assert _authority(schema, body), (seed, schema, body)
    assert compiled > RECORDS // 20
    assert accepted > RECORDS // 20  # a filter that never says yes proves nothing


@pytest.fixture(scope="module")
def run():
    return runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))["run"](random.Random(3))


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))


def _mutated(draw: random.Random, value: object) -> object:
    """`value` with one part replaced, left out or added."""
    if isinstance(value, dict) and value and draw.random() < 0.85:
        name = draw.choice(list(value))
        change = draw.random()
        if change < 0.15:
            return {key: item for key, item in value.items() if key != name}
        if change < 0.25:
            return {**value, draw.choice(["new", name + "_", ""]): draw.choice(SCALARS)}
        return {**value, name: _mutated(draw, value[name])}
    if isinstance(value, list) and value and draw.random() < 0.85:
        at = draw.randrange(len(value))
        return [*value[:at], _mutated(draw, value[at]), *value[at + 1 :]]
    return draw.choice([*SCALARS, [], {}, [value]])


def test_no_mutated_record_of_a_contract_is_accepted_that_the_authority_rejects(contract, run):
    schema = contract.operations[0].responses[0].content[0].schema
    says, closed = accepts(schema), accepts(schema, closed=True)
    draw, verdicts = random.Random(7), []
    for _ in range(RECORDS):
        body = _text(draw, _mutated(draw, run))
        verdict = _authority(schema, body)
        verdicts.append((verdict, says(body), closed(body)))
        assert verdict or not (says(body) or closed(body)), body
        assert says(body) or not closed(body), body
    assert says(json.dumps(run).encode())
    assert closed(json.dumps(run).encode())
    valid = [said for verdict, said, _ in verdicts if verdict]
    assert sum(valid) > 0.8 * len(valid)


@pytest.mark.parametrize(
    ("schema", "body", "said"),
    [
        ({"const": 1}, b"true", False),
        ({"type": "integer"}, b"true", False),
        ({"type": "integer"}, b"18446744073709551616", True),
        ({"type": "number", "maximum": 9007199254740991}, b"9007199254740993", False),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, b'{"a":null}', False),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, b"{}", True),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, b'{"b":1}', False),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":"\xff"}', False),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":' + b"5" * 4400 + b"}", False),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":1e400}', True),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":1E+5000}', False),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":1e4008446744073709551616}', False),
        ({"type": "object", "properties": {"a": {}}}, b'{"b":' + b"[" * 5000 + b"]" * 5000 + b"}", False),
        ({"type": "string", "format": "date-time"}, b'"2026-01-15T09:30:00Z\\n"', False),
        ({"type": "string", "pattern": "^a$"}, b'"a\\n"', False),
        ({"type": "object", "properties": {"n": {"type": "number", "multipleOf": 0.01}}}, b'{"n":0.07}', True),
        ({"type": "object", "properties": {"n": {"type": "number", "multipleOf": 0.01}}}, b'{"n":0.075}', False),
        ({"oneOf": [{}, {"type": "null"}]}, b"null", False),
        ({"not": {}}, b"1", False),
    ],
)
def test_the_known_traps_are_not_accepted(schema, body, said):
    assert accepts({**schema, "$defs": {}})(body) is said
