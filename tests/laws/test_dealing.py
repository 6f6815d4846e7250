"""How the requests of a plan are dealt out in rounds: all of them, the telling ones first, shared out between kin."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.strategies.dealing import PACES, dealt


@given(st.sampled_from(sorted(PACES)), st.integers(0, 60), st.integers(0, 70), st.data())
def test_every_request_is_due_once_and_none_before_its_kind_begins(kind, size, first, data):
    of = data.draw(st.integers(1, 9))
    at = data.draw(st.integers(0, of - 1))
    keys = [f"fault {number}" for number in range(size)]
    found = list(dealt(kind, keys, first, (at, of)))
    assert sorted(number for number, _ in found) == list(range(size))
    rounds = [due for _, due in found]
    assert rounds == sorted(rounds)
    assert all(due >= PACES[kind].begin for due in rounds)


@given(st.sampled_from(sorted(kind for kind in PACES if not PACES[kind].together)), st.integers(1, 40))
def test_an_operation_without_kin_sends_what_is_telling_in_its_order(kind, first):
    keys = [str(number) for number in range(50)]
    assert [number for number, _ in dealt(kind, keys, first)][:first] == list(range(first))


@pytest.mark.parametrize("kind", ["body", "framing", "keys"])
def test_kin_begin_with_different_requests_and_have_all_that_is_telling_between_them(kind):
    keys = [f"fault {number}" for number in range(24)]
    own = PACES[kind].own
    shares = []
    for at in range(4):
        found = [number for number, _ in dealt(kind, keys, 24, (at, 4))]
        assert found[:own] == list(range(own))
        ascending = itertools.takewhile(lambda pair: pair[0] < pair[1], itertools.pairwise([-1, *found[own:]]))
        shares.append({second for _, second in ascending})
    assert set.union(*shares) >= set(range(own, 24))


def test_what_tells_of_the_whole_service_is_sent_by_one_of_the_kin_after_the_other():
    keys = [f"fault {number}" for number in range(24)]
    begins = [next(due for number, due in dealt("method", keys, 24, (at, 4))) for at in range(4)]
    assert begins == [1.0, 2.0, 3.0, 4.0]
