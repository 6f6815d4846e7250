"""A profile adds up: of two bodies of values it is that of each merged, whatever the order and whoever read them."""

import copy
import json
import pickle
import random
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import loading
from accord.errors import AccordError
from accord.profiling import observing, profile, profile_json
from accord.profiling.profile import Body, Place, Profile
from accord.validity import batches

ROOT = Path(__file__).parents[2]
MUTATED = runpy.run_path(str(Path(__file__).with_name("test_acceptance.py")))["_mutated"]
SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": ["integer", "string"]},
        "pet": {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "$defs": {
        "Cat": {"type": "object", "required": ["purrs"], "properties": {"purrs": {"type": "boolean"}}},
        "Dog": {"type": "object", "required": ["barks"], "properties": {"barks": {"type": "boolean"}}},
    },
}
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["2026-01-15T09:30:00Z", "a@b.example", "https://example.com/a", "x" * 101])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde") | st.text(max_size=2), inner, max_size=4)
    ),
    max_leaves=8,
)
PETS = st.fixed_dictionaries(
    {},
    optional={
        "id": SCALARS,
        "pet": st.sampled_from([{"purrs": True}, {"barks": False}, {}]),
        "tags": st.lists(st.text(max_size=2), max_size=3),
        "other": VALUES,
    },
)


def _of(values, schema=SCHEMA, together=7):
    place = Place()
    here = observing.observer(place, (schema,), schema["$defs"])
    for at in range(0, len(values), together):
        observing.observe(here, values[at : at + together])
    return place


def _merged(first, second):
    both = copy.deepcopy(first)
    profile.add(both, second)
    return both


@pytest.fixture
def few(monkeypatch):
    """Caps so low that drawn values pass them."""
    monkeypatch.setattr(profile, "MOST_VALUES", 3)
    monkeypatch.setattr(profile, "MOST_NAMES", 4)
    monkeypatch.setattr(profile, "DEEPEST", 3)


@settings(deadline=None, max_examples=80)
@given(st.lists(PETS | VALUES, max_size=12), st.lists(PETS | VALUES, max_size=12), st.integers(1, 5))
def _holds(first, second, together):
    whole = _of(first + second, together=together)
    assert _merged(_of(first), _of(second)) == whole
    assert _merged(_of(second), _of(first)) == whole
    assert _of((first + second)[::-1]) == whole
    assert pickle.loads(pickle.dumps(whole)) == whole  # noqa: S301  made here
    body = Body("GET /pets", 200, "application/json")
    kept = Profile(bodies={body: whole})
    kept.counts[body] = 3
    assert profile_json.from_json(json.loads(json.dumps(profile_json.to_json(kept)))) == kept


def test_profiles_of_parts_merge_to_that_of_the_whole_in_any_order():
    _holds()


@pytest.mark.usefixtures("few")
def test_profiles_add_up_past_every_cap():
    _holds()


def _filter_and_reader_agree():
    contract = loading.load(str(ROOT / "schema" / "cekura_runs.openapi.yaml"))
    schema = contract.operations[0].responses[0].content[0].schema
    corpus = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "runs.py"))
    draw = random.Random(11)
    values = [corpus["run"](draw) for _ in range(60)]
    values = [MUTATED(draw, value) if at % 3 else value for at, value in enumerate(values)]
    by = batches.reader(schema)
    bodies = [json.dumps(value).encode() for value in values]
    taken, others = batches.read(by, bodies)
    assert len(taken) > 15
    plain = _of([value for at, value in enumerate(values) if at not in others], schema)
    place = Place()
    here = observing.observer(place, (schema,), schema["$defs"])
    for at in range(0, len(taken), 5):
        observing.observe(here, taken[at : at + 5], by.kind)
    assert place == plain


def test_the_filter_and_a_json_reader_observe_the_same():
    _filter_and_reader_agree()


@pytest.mark.usefixtures("few")
def test_the_filter_and_a_json_reader_observe_the_same_past_every_cap():
    _filter_and_reader_agree()


def test_a_profile_of_another_version_is_not_read():
    with pytest.raises(AccordError, match=r"^The profile is of version 2; this accord reads version 1\.$"):
        profile_json.from_json({"accord": 2, "bodies": []})


def test_what_one_place_shows_is_told_whole():
    place = _of(
        [
            {"id": 3, "pet": {"purrs": True}, "tags": ["a", "bcd"], "strange": [1]},
            {"id": 4.5, "pet": {"barks": True}, "tags": []},
            {"id": "2026-01-15T09:30:00Z", "pet": {}, "strange": "x"},
        ]
    )
    assert profile_json.to_json(Profile(bodies={Body("GET /pets", 200, "application/json"): place}))["bodies"][0][
        "values"
    ] == {
        "types": {"object": 3},
        "names": {
            "id": {
                "types": {"number": 2, "string": 1},
                "texts": ["2026-01-15T09:30:00Z"],
                "formats": ["date-time"],
                "numbers": [3, 4.5],
                "whole": False,
                "span": [3, 4.5],
                "lengths": [20, 20],
            },
            "pet": {
                "types": {"object": 3},
                "branches": {"Cat": 1, "Dog": 1},
                "names": {
                    "barks": {"types": {"boolean": 1}, "truths": [True]},
                    "purrs": {"types": {"boolean": 1}, "truths": [True]},
                },
            },
            "strange": {
                "types": {"array": 1, "string": 1},
                "texts": ["x"],
                "formats": [],
                "lengths": [1, 1],
                "sizes": [1, 1],
                "example": '"x"',
                "items": {"types": {"number": 1}, "numbers": [1], "whole": True, "span": [1, 1]},
            },
            "tags": {
                "types": {"array": 2},
                "sizes": [0, 2],
                "items": {"types": {"string": 2}, "texts": ["a", "bcd"], "formats": [], "lengths": [1, 3]},
            },
        },
    }


def test_names_that_are_data_stand_as_one_when_read():
    place = _of([{"id": 1, "tags": []}, *({"id": at} for at in range(3))], SCHEMA)
    assert sorted(profile.read(place).names) == ["id", "tags"]
    place = _of([{f"key-{at}": at} for at in range(80)], {"type": "object", "$defs": {}})
    read = profile.read(place)
    assert (read.names, read.rest.count, read.rest.span) == ({}, 80, profile.Span(0, 79))
    assert len(place.names) == 80
