"""How long a diff of two large revisions takes, beside reading them."""

import json
import sys
import time
from pathlib import Path

import pytest

from accord import fetching
from accord.verbs.diff import diff

UPSTREAM = Path(__file__).parents[3] / "shared" / "upstream"


@pytest.mark.benchmark
def test_a_diff_of_two_large_revisions_takes_at_most_twenty_times_reading_them(capsys):
    if not UPSTREAM.exists():
        pytest.skip("the revisions are not here")
    documents = [fetching.fetch(str(next(UPSTREAM.glob(f"{number}_*")))) for number in ("198", "200")]
    reading = min(_timed(lambda: [json.loads(document.text) for document in documents]) for _ in range(5))
    taken = min(_timed(lambda: diff(*documents)) for _ in range(5))
    with capsys.disabled():
        sys.stdout.write(f"\ndiff of 198 and 200: {taken / reading:.1f} times json.loads of both ({taken:.2f} s)\n")
    assert taken < 20 * reading


def _timed(call):
    start = time.process_time()
    call()
    return time.process_time() - start
