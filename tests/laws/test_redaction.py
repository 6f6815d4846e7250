"""A mask has the type, the length and the kinds of characters of what it hides, and is the same for the same key."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from accord.privacy.redaction import VARIABLE, masked

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return (type(value), len(str(value)), value if value is None or isinstance(value, bool) else None)


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_a_mask_keeps_names_types_and_lengths_and_is_the_same_again(value):
    assert _shape(masked(value)) == _shape(value)
    assert json.dumps(masked(value)) == json.dumps(masked(value))


def test_a_mask_hides_letters_and_digits_and_keeps_the_rest():
    text = "Ada.Lovelace+17@example.com"
    hidden = masked(text)
    assert hidden != text
    assert [(char.isupper(), char.islower(), char.isdigit()) for char in hidden] == [
        (char.isupper(), char.islower(), char.isdigit()) for char in text
    ]
    assert [char for char in hidden if not char.isalnum()] == [".", "+", "@", "."]


def test_another_key_gives_another_mask(monkeypatch):
    plain = masked("correct horse battery")
    monkeypatch.setenv(VARIABLE, "another key")
    assert masked("correct horse battery") != plain
