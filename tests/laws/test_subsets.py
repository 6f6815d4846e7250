"""The expressions for ordinary values of a format match nothing that has not the format."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.schemas.formats import TEXT
from accord.schemas.subsets import FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_what_looks_like_an_ordinary_value_of_a_format_has_the_format(name):
    @settings(deadline=None, max_examples=60)
    @given(st.from_regex(FORMATS[name]))
    def holds(text):
        assert TEXT[name](text), text

    holds()
