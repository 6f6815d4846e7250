"""What is told of bodies that depart at known places is what the checks find in each of them, one by one."""

import json
import os
import random
import runpy
from pathlib import Path

import pytest

from accord import loading
from accord.document import join
from accord.messages import encoding
from accord.messages.answers import starred
from accord.recordings import Block
from accord.schemas import shapes
from accord.validity import batches, departures, validation
from accord.verifying import lanes

ROOT = Path(__file__).parents[2]
RECORDS = int(os.environ.get("ACCORD_MUTATIONS", "2000"))
LAWS = runpy.run_path(str(Path(__file__).with_name("test_acceptance.py")))
RUNS = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))


@pytest.fixture(scope="module")
def contract():
    return loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))


def _text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _bodies(count):
    """Runs, broken ones and mutated ones, some of them in the same way many times."""
    draw = random.Random(7)
    run = RUNS["run"](draw)
    mutated = [LAWS["_mutated"](draw, LAWS["_mutated"](draw, run)) for _ in range(count // 20)]
    found = []
    for _ in range(count):
        choice = draw.random()
        if choice < 0.4:
            found.append(_text(RUNS["run"](draw)))
        elif choice < 0.7:
            record = RUNS["broken"](draw, RUNS["run"](draw))
            found.append(
                _text(
                    RUNS["broken"](draw, record)
                    if choice < 0.5 and {"id", "transcript", "status"} <= record.keys()
                    else record
                )
            )
        else:
            found.append(LAWS["_text"](draw, draw.choice(mutated)))
    return [body.replace(b"\n", b" ") for body in found]


def _verdicts(contract, items):
    return lanes.of_bodies(contract, contract.operations[0], 200, "runs.ndjson", items, profiled=True)


@pytest.fixture(scope="module")
def bodies():
    return _bodies(RECORDS // 2)


@pytest.fixture(scope="module")
def one_by_one(contract, bodies):
    """What is found where nothing that departs is ever told from another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(departures, "_FIRST", 10**9)
        return _verdicts(contract, enumerate(bodies, 1))


@pytest.mark.parametrize("size", [1, 7, 400])
def test_lines_and_blocks_of_any_size_are_told_as_one_by_one(contract, bodies, one_by_one, size):
    text = [b"\n".join(bodies[at : at + size]) + b"\n" for at in range(0, len(bodies), size)]
    assert _verdicts(contract, map(Block, text)) == one_by_one
    assert _verdicts(contract, enumerate(bodies, 1)) == one_by_one
    known = departures.departures_of(contract.operations[0].responses[0].content[0].schema).known
    assert sum(departure is not None for departure in known.values()) > 10


def test_a_body_that_departs_in_a_shorter_way_is_the_witness(contract):
    run = RUNS["run"](random.Random(1))
    bodies = [_text({**run, "status": "paused", "transcript": "x" * size}) for size in (9, 8, 8, 7, 9, 2, 3, 2)]
    found = _verdicts(contract, enumerate(bodies, 1))
    assert [(item.count, item.first, item.exchange.source) for item in found.seen.values()] == [
        (8, "runs.ndjson:1", "runs.ndjson:6")
    ]


def _pointer(place):
    return join("", *("*" if name is None else name for name in place))


def _told(departure, value):
    """The promises that are broken by its signature, and the pointers of what is missing and what is undocumented."""
    broken, missing, undocumented = set(), set(), set()
    for place, *rest in departures.signature(departure, value)[1:]:
        if not rest:
            missing.add(_pointer(place))
        elif len(rest) == 1:
            undocumented.add(_pointer(place) + rest[0])
        else:
            keyword, where, pointer = rest
            broken.add((keyword, where, _pointer(place) + pointer))
    return broken, missing, undocumented


def test_what_is_told_of_a_departing_body_of_a_drawn_schema_is_what_the_authority_says(monkeypatch):
    monkeypatch.setattr(departures, "_FIRST", 0)
    known = 0
    for seed in range(RECORDS // 16):
        draw = random.Random(seed)
        tops = {name: LAWS["_schema"](draw) for name in ("a", "b", "c")}
        top = {
            "type": "object",
            "properties": tops,
            "required": ["b"],
            **draw.choice([{}, {"additionalProperties": False}]),
        }
        schema = {**top, "$defs": {"Node": {"type": "object", "properties": {"id": {"type": "integer"}}}}}
        by, reader = departures.departures_of(schema), batches.reader(schema)
        bodies = [LAWS["_text"](draw, LAWS["_value"](draw, top)) for _ in range(5)] if reader is not None else []
        refused = batches.read(reader, bodies)[1] if bodies else {}
        for at, found in zip(
            refused, departures.read(by, [(bodies[at], said) for at, said in refused.items()]), strict=True
        ):
            if found is None:
                continue
            known += 1
            value = encoding.parse_json(bodies[at])
            assert not encoding.duplicate_keys(bodies[at])
            broken, missing, undocumented = _told(*found)
            said = {
                (item.keyword, item.schema_pointer, starred(item.pointer, value))
                for item in validation.violations(schema, value)
            }
            assert {pointer for keyword, _, pointer in said - broken if keyword == "required"} <= missing
            assert {item for item in said - broken if item[0] != "required"} == broken - said == set()
            assert undocumented == set(shapes.undocumented(value, schema, schema["$defs"]))
    assert known > RECORDS // 40


@pytest.mark.parametrize(
    ("refusal", "place"),
    [
        ("Expected `int`, got `str` - at `$.id`", ("id",)),
        ("Expected `float`, got `str` - at `$.items[3].a.b`", ("items", None, "a.b")),
        ("Object missing required field `c.d` - at `$.items[0]`", ("items", None, "c.d")),
        ("Object missing required field `id`", ("id",)),
        ("Expected `str`, got `int` - at `$.either.x`", ("either",)),
        ("Object missing required field `x` - at `$.either`", ("either",)),
        ("Object contains unknown field `strange`", None),
        ("Object missing required field `strange`", None),
        ("Expected `int`, got `str` - at `$.nowhere`", None),
        ("Expected `str`, got `int` - at `$.a.b.c`", None),
        ("JSON is malformed: invalid character (byte 2)", None),
        ("", None),
    ],
)
def test_a_place_is_read_from_the_words_of_a_refusal_where_one_alone_is_meant(refusal, place):
    item = {"type": "object", "properties": {"a.b": {"type": "number"}, "c.d": {"type": "number"}}, "required": ["c.d"]}
    inner = {"type": "object", "properties": {"c": {"type": "string"}}}
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
            "either": {"anyOf": [item, {"type": "null"}]},
            "a": {"type": "object", "properties": {"b": inner}},
            "a.b": inner,
        },
        "$defs": {"Item": {"type": "object", "properties": item["properties"], "required": ["c.d"]}},
    }
    assert departures._place(departures.departures_of(schema), refusal) == place
