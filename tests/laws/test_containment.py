"""Containment is sound on generated pairs: a proof has no counterexample, a witness is one, and rewrites change nothing."""

import random
import runpy
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from accord.proof.containment import proves
from accord.proof.questions import question
from accord.proof.witness import Proved, Refuted, Undecided, contains
from accord.validity import validation

pairs = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("pairs.py"))))
NODE = {"Node": pairs.DEFS["Node"]}
UNKNOWN_TO_THE_OTHER = ("int32", "int64")
"""Formats that jsonschema-rs does not assert."""


def held(part, definitions, value):
    return validation.is_valid(pairs.whole(part, definitions), value)


def confirmed(part, definitions, value, expected):
    """Whether both validators find of `value` what is `expected`."""
    other = pairs.judge(part, definitions).is_valid(value)
    excused = any(name in str((part, definitions)) for name in UNKNOWN_TO_THE_OTHER)
    return held(part, definitions, value) is expected and (other is expected or excused)


def judged(seeds, *, open_world):
    """How often each verdict was given on the pairs of `seeds`, each verdict held to what values say."""
    verdicts = Counter()
    for seed in seeds:
        rng = random.Random(seed)
        (outer, inner), (wide, narrow) = sides, definitions = pairs.pair(rng)
        verdict = contains(question(wide, narrow, open_world=open_world), outer, inner)
        verdicts[type(verdict)] += 1
        if isinstance(verdict, Refuted):
            assert confirmed(inner, narrow, verdict.witness, expected=True), (seed, sides, verdict)
            assert confirmed(outer, wide, verdict.witness, expected=False), (seed, sides, verdict)
            assert open_world or pairs.declares(inner, verdict.witness, narrow, alone=False), (seed, sides, verdict)
        if isinstance(verdict, Proved):
            found = pairs.counterexample(
                rng,
                sides,
                definitions,
                keep=lambda value, inner=inner, narrow=narrow: open_world or pairs.declares(inner, value, narrow),
            )
            excused = found is not None and (held(outer, wide, found[0]) or not held(inner, narrow, found[0]))
            assert found is None or excused, (seed, sides, definitions, found)
    return verdicts


@pytest.mark.parametrize("part", range(8))
def test_a_proof_has_no_counterexample_and_a_witness_convinces_two_validators(part):
    verdicts = judged(range(part * 250, (part + 1) * 250), open_world=part % 2 == 0)
    assert verdicts[Undecided] < 0.05 * verdicts.total()
    assert min(verdicts[Proved], verdicts[Refuted]) > 0.25 * verdicts.total()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_no_verdict_on_twenty_thousand_pairs_is_wrong(part, capsys):
    verdicts = judged(range(10_000 + part * 2_000, 10_000 + (part + 1) * 2_000), open_world=part % 2 == 0)
    with capsys.disabled():
        told = ", ".join(f"{verdict.__name__.lower()} {count}" for verdict, count in verdicts.most_common())
        sys.stdout.write(f"\n{verdicts.total()} pairs: {told}\n")
    assert verdicts[Undecided] < 0.05 * verdicts.total()


def test_a_schema_holds_itself_and_its_rewrites():
    rng = random.Random(5)
    for _ in range(300):
        part = pairs.cleaned(pairs.schema(rng))
        for rewrite in (
            part,
            {"allOf": [part]},
            {"anyOf": [part]},
            {"allOf": [{}, part], "title": "t"},
            {"not": {"not": part}},
        ):
            assert proves(question(pairs.DEFS, pairs.DEFS), part, rewrite), (part, rewrite)
            assert proves(question(pairs.DEFS, pairs.DEFS), rewrite, part), (part, rewrite)


def test_references_under_other_names_are_held():
    other = {"Knot": {"type": "object", "properties": {"a": {"type": "integer"}, "c": {"$ref": "#/$defs/Knot"}}}}
    one, two = {"$ref": "#/$defs/Node"}, {"$ref": "#/$defs/Knot"}
    assert contains(question(NODE, other, open_world=True), one, two) == Proved()
    assert contains(question(other, NODE, open_world=True), two, one) == Proved()


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
        ({"not": {"type": "string"}}, {"type": ["integer", "null"]}),
        ({"not": {"required": ["a"]}}, {"type": "object", "properties": {"b": {}}, "additionalProperties": False}),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, {"if": {"type": "integer"}, "else": {"type": "string"}}),
        ({"dependentRequired": {"a": ["b"]}}, {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["b"]}),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"dependentRequired": {"a": ["b"]}}),
        (
            {"type": "array", "contains": {"type": "number"}},
            {"type": "array", "minItems": 1, "items": {"type": "integer"}},
        ),
        ({"type": "array", "contains": {"type": "number"}}, {"type": "array", "contains": {"type": "integer"}}),
        (
            {"propertyNames": {"maxLength": 2}},
            {"type": "object", "properties": {"ab": {}}, "additionalProperties": False},
        ),
        (
            {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
            {
                "allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}],
                "type": "object",
                "unevaluatedProperties": False,
            },
        ),
        (
            {"anyOf": [{"properties": {"k": {"const": "x"}}}, {"properties": {"k": {"const": "y"}}}]},
            {"type": "object", "properties": {"k": {"enum": ["x", "y"]}}, "required": ["k"]},
        ),
    ],
)
def test_another_spelling_is_held(outer, inner):
    assert contains(question({}, {}), outer, inner) == Proved()


@pytest.mark.parametrize(
    ("outer", "inner", "witness"),
    [
        ({"not": {"type": "null"}}, {"type": ["string", "null"]}, None),
        ({"type": "array", "contains": {"type": "integer"}}, {"type": "array", "items": {"type": "string"}}, []),
        ({"dependentRequired": {"a": ["b"]}}, {"type": "object", "properties": {"a": {"type": "integer"}}}, {"a": 0}),
        ({"maxProperties": 1}, {"type": "object", "additionalProperties": {"type": "integer"}}, {"x0": 0, "x1": 0}),
        ({"format": "date"}, {"type": "string", "maxLength": 10}, ""),
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
