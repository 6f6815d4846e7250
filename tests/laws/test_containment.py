"""Containment is sound on generated pairs: a proof has no counterexample, a witness is one, and rewrites change nothing."""

import itertools
import random
from collections import Counter

import pytest

from accord import validation
from accord.containment import proves
from accord.questions import question
from accord.witness import Proved, Refuted, contains

SCALARS = (None, True, False, 0, 1, 2, 3, 5, -1, 0.5, 1.5, 10, "", "a", "b", "ab", "abc", "abcd", "0", "2000-01-01")
LISTS = tuple([list(pair) for pair in itertools.product((0, 0.5, "a", None), repeat=2)] + [[], [0], ["a"], [0, 1, 2]])
OBJECTS = tuple(
    {key: value for key, value in zip("abc", row, strict=True) if value != "-"}
    for row in itertools.product(("-", 0, "a", None, 0.5), ("-", 1, "ab", {}), ("-", [0], {"a": 1}))
)
POOL = (*SCALARS, *LISTS, *OBJECTS)
NODE = {"Node": {"type": "object", "properties": {"a": {"type": "integer"}, "c": {"$ref": "#/$defs/Node"}}}}


def scalar(rng):
    kind = rng.choice(["number", "string", "enum", "type", "const", "any"])
    if kind == "number":
        schema = {"type": rng.choice(["number", "integer"])}
        schema |= {key: rng.choice([0, 1, 2, 3]) for key in ("minimum", "exclusiveMaximum") if rng.random() < 0.4}
        return schema | ({"multipleOf": rng.choice([1, 0.5, 2])} if rng.random() < 0.3 else {})
    if kind == "string":
        schema = {"type": "string"}
        schema |= {key: rng.choice([0, 1, 2, 3]) for key in ("minLength", "maxLength") if rng.random() < 0.4}
        return schema | rng.choice([{}, {}, {"pattern": "^a"}, {"format": "date"}, {"pattern": ".*"}])
    if kind == "enum":
        return {"enum": rng.sample([None, 0, 1, "a", "b", True, 0.5], rng.randint(1, 3))}
    if kind == "type":
        return {"type": rng.sample(["null", "boolean", "integer", "number", "string", "array"], rng.randint(1, 3))}
    return {"const": rng.choice([0, "a", None])} if kind == "const" else rng.choice([{}, {"not": {"type": "string"}}])


def schema(rng, depth=2):
    kind = rng.choice(["scalar", "scalar", "object", "object", "array", "allOf", "anyOf", "oneOf", "ref", "not", "if"])
    if depth == 0 or kind == "scalar":
        return scalar(rng)
    if kind == "ref":
        return {"$ref": "#/$defs/Node"}
    if kind in {"allOf", "anyOf", "oneOf"}:
        return {kind: [schema(rng, depth - 1) for _ in range(rng.randint(1, 2))]}
    if kind == "not":
        return {"not": schema(rng, depth - 1)}
    if kind == "if":
        return {"if": scalar(rng), "then": schema(rng, depth - 1), "else": schema(rng, depth - 1)}
    if kind == "array":
        found = {"type": "array", "items": schema(rng, depth - 1)}
        found |= {key: rng.randint(0, 2) for key in ("minItems", "maxItems") if rng.random() < 0.3}
        found |= {"prefixItems": [scalar(rng)]} if rng.random() < 0.2 else {}
        return found | ({"uniqueItems": True} if rng.random() < 0.2 else {})
    return members(rng, depth)


def members(rng, depth):
    names = rng.sample("abc", rng.randint(0, 3))
    found = {"type": "object", "properties": {name: schema(rng, depth - 1) for name in names}}
    found |= {"required": rng.sample("abc", rng.randint(1, 2))} if rng.random() < 0.4 else {}
    found |= {"additionalProperties": rng.choice([False, True, {"type": "integer"}])} if rng.random() < 0.4 else {}
    found |= {"maxProperties": rng.randint(0, 2)} if rng.random() < 0.15 else {}
    found |= {"minProperties": rng.randint(0, 2)} if rng.random() < 0.15 else {}
    return found | ({"patternProperties": {"^a": scalar(rng)}} if rng.random() < 0.2 else {})


def altered(rng, source):
    """`source` with one keyword replaced, or another schema altogether."""
    if rng.random() < 0.3 or not isinstance(source, dict) or not source:
        return schema(rng)
    key = rng.choice(sorted(source))
    value = source[key]
    if key == "properties" and value:
        name = rng.choice(sorted(value))
        return {**source, key: {**value, name: altered(rng, value[name])}}
    if key in {"allOf", "anyOf", "oneOf"}:
        return {**source, key: [altered(rng, value[0]), *value[1:]]}
    if key in {"items", "not", "then"}:
        return {**source, key: altered(rng, value)}
    return {name: part for name, part in source.items() if name != key}


def whole(part):
    return {**part, "$defs": NODE}


@pytest.mark.parametrize("seed", range(4))
def test_a_proof_has_no_counterexample_and_a_witness_is_one(seed):
    rng = random.Random(seed)
    verdicts = Counter()
    for _ in range(500):
        inner = schema(rng)
        outer = altered(rng, inner)
        verdict = contains(question(NODE, NODE, open_world=True), outer, inner)
        verdicts[type(verdict).__name__] += 1
        if isinstance(verdict, Refuted):
            assert validation.is_valid(whole(inner), verdict.witness), (outer, inner, verdict)
            assert not validation.is_valid(whole(outer), verdict.witness), (outer, inner, verdict)
        if isinstance(verdict, Proved):
            wrong = [
                value
                for value in POOL
                if validation.is_valid(whole(inner), value) and not validation.is_valid(whole(outer), value)
            ]
            assert wrong == [], (outer, inner)
    assert verdicts["Undecided"] < 100, verdicts


def test_a_schema_holds_itself_and_its_rewrites():
    rng = random.Random(5)
    for _ in range(300):
        part = schema(rng)
        for rewrite in (part, {"allOf": [part]}, {"anyOf": [part]}, {"allOf": [{}, part], "title": "t"}):
            assert proves(question(NODE, NODE), part, rewrite), (part, rewrite)
            assert proves(question(NODE, NODE), rewrite, part), (part, rewrite)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ({"enum": ["b", "a"]}, {"oneOf": [{"const": "a"}, {"const": "b"}]}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}),
        ({"type": "number", "multipleOf": 0.01}, {"type": "number", "multipleOf": 0.1}),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}},
            {"allOf": [{"properties": {"a": {}}}, {"type": "object"}]},
        ),
        ({"type": "string", "pattern": ".*"}, {"type": "string"}),
        ({"type": "number"}, {"type": "string", "minLength": 2, "maxLength": 1}),
        ({"type": "integer", "format": "int64"}, {"type": "integer", "format": "int32"}),
    ],
)
def test_another_spelling_is_held(outer, inner):
    assert contains(question({}, {}), outer, inner) == Proved()


@pytest.mark.parametrize(
    ("outer", "inner", "witness"),
    [
        ({"type": "integer"}, {"type": "number"}, 0.5),
        ({"type": "string"}, {"type": ["string", "null"]}, None),
        ({"type": "string", "maxLength": 11}, {"type": "string", "maxLength": 13}, "a" * 12),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "b"),
        ({"required": ["a"]}, {"type": "object", "properties": {"a": {}}}, {}),
        (
            {"properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"a": 0},
        ),
        ({"type": "array", "uniqueItems": True}, {"type": "array", "items": {"type": "integer"}}, [0, 0]),
        ({"pattern": "^b"}, {"type": "string", "pattern": "^[bc]+$"}, "c"),
    ],
)
def test_the_simplest_witness_is_shown(outer, inner, witness):
    assert contains(question({}, {}), outer, inner) == Refuted(witness)


def test_recursion_is_proved_by_coinduction_and_refuted_below_it():
    wider = {"Node": {"type": "object", "properties": {"a": {"type": "number"}, "c": {"$ref": "#/$defs/Node"}}}}
    node = {"$ref": "#/$defs/Node"}
    assert contains(question(wider, NODE), node, node) == Proved()
    assert contains(question(NODE, wider), node, node) == Refuted({"a": 0.5})


def test_the_world_is_closed_unless_said_otherwise():
    outer = {"type": "object", "properties": {"a": {"type": "string"}}}
    inner = {"type": "object", "properties": {"b": {"type": "string"}}}
    assert contains(question({}, {}), outer, inner) == Proved()
    assert contains(question({}, {}, open_world=True), outer, inner) == Refuted({"a": 0})
