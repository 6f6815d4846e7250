"""Lowering keeps meaning: what an independent OpenAPI 3.0 validator says of a value, 2020-12 says of it after lowering.

2.0 is left out: the judge keeps draft 4, where it is no integer; in 2020-12 it is.
"""

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator

from accord import fetching
from accord.contract import Direction
from accord.document import Document
from accord.schemas import dialect

SMALL = st.integers(-3, 3)
SIZES = st.integers(0, 3)
NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.none() | st.booleans() | SMALL | st.sampled_from([0.5, -1.5]) | st.text("ab", max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
KINDS = {
    "string": {"minLength": SIZES, "maxLength": SIZES, "pattern": st.sampled_from(["a", "^b"])},
    "integer": {
        "minimum": SMALL,
        "maximum": SMALL,
        "exclusiveMinimum": st.booleans(),
        "exclusiveMaximum": st.booleans(),
    },
    "number": {"minimum": SMALL, "exclusiveMinimum": st.booleans(), "multipleOf": st.sampled_from([0.5, 2])},
    "boolean": {},
}


def _typed(kind, keywords):
    shape = {"type": st.just(kind)}
    return st.fixed_dictionaries(shape, optional={"nullable": st.booleans(), "example": VALUES, **keywords})


def _containers(inner):
    arrays = {"items": inner, "minItems": SIZES, "maxItems": SIZES, "uniqueItems": st.booleans()}
    objects = {
        "properties": st.dictionaries(NAMES, inner, max_size=3),
        "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
        "additionalProperties": st.booleans() | inner,
        "maxProperties": SIZES,
    }
    several = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        st.builds(lambda items, rest: {**rest, "items": items}, inner, _typed("array", arrays)),
        _typed("object", objects),
        *(st.fixed_dictionaries({key: several}) for key in ("allOf", "anyOf", "oneOf")),
        st.fixed_dictionaries({"not": inner}),
    )


SCALARS = st.one_of(*(_typed(kind, keywords) for kind, keywords in KINDS.items()), st.just({}))
SCHEMAS = st.recursive(SCALARS, _containers, max_leaves=6)
BATTERY = [None, True, False, *range(-4, 5), 0.5, 1.5, "", "a", "b", "ba", "abab", [], [1, 1], {}, {"a": 1}]


def _verdicts_agree(schema, values):
    root = Document(uri="d", data={"s": schema}, text="")
    state = dialect.lowering(fetching.library(root), "3.0")
    lowered = dict(dialect.lower(state, root, "/s", Direction.RESPONSE))
    Draft202012Validator.check_schema(lowered)
    before, after = OAS30Validator(schema), Draft202012Validator(lowered)
    assert [after.is_valid(value) for value in values] == [before.is_valid(value) for value in values]
    assert state.ledger == []


@settings(deadline=None, max_examples=200)
@given(SCALARS)
def test_a_3_0_scalar_means_the_same_after_lowering(schema):
    _verdicts_agree(schema, BATTERY)


@settings(deadline=None, max_examples=200)
@given(SCHEMAS, st.lists(VALUES, min_size=2, max_size=4))
def test_a_3_0_schema_means_the_same_after_lowering(schema, values):
    _verdicts_agree(schema, [*BATTERY, *values])


@settings(deadline=None, max_examples=100)
@given(SCHEMAS)
def test_lowering_twice_changes_nothing(schema):
    once = _once(schema, "3.0")
    assert _once(once, "3.1") == once


def _once(schema, version):
    root = Document(uri="d", data={"s": schema}, text="")
    lowered = dict(dialect.lower(dialect.lowering(fetching.library(root), version), root, "/s", Direction.RESPONSE))
    assert lowered.pop("$defs") == {}
    return lowered
