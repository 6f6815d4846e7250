"""How long a diff of two large revisions takes, beside reading them, and beside oasdiff where it is installed."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accord import fetching
from accord.verbs.diff import diff

UPSTREAM = Path(__file__).parents[3] / "shared" / "upstream"


WATCHED = """
import sys
from accord import cli
try:
    cli.main()
except SystemExit:
    pass
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024, file=sys.stderr)
"""
"""The command line, and at its end the most memory in MB that it had: what the system says of children counts others."""


@pytest.fixture
def revisions():
    if not UPSTREAM.exists():
        pytest.skip("the revisions are not here")
    return [str(next(UPSTREAM.glob(f"{number}_*"))) for number in ("198", "200")]


@pytest.mark.benchmark
def test_a_diff_of_two_large_revisions_takes_at_most_ten_times_reading_them(revisions, capsys):
    documents = [fetching.fetch(path) for path in revisions]
    reading, taken = _least(
        lambda: _timed(lambda: [json.loads(document.text) for document in documents]),
        lambda: _timed(lambda: diff(*documents)),
        rounds=9,
    )
    with capsys.disabled():
        sys.stdout.write(f"\ndiff of 198 and 200: {taken / reading:.1f} times json.loads of both ({taken:.2f} s)\n")
    assert taken <= 10 * reading  # 6 to 7.5 were measured


@pytest.mark.benchmark
def test_the_whole_process_takes_half_of_what_oasdiff_takes_and_little_memory(revisions, capsys):
    texts = [Path(path).read_text() for path in revisions]
    reading, ours = _least(
        lambda: _timed(lambda: [json.loads(text) for text in texts]),
        lambda: _process([sys.executable, "-m", "accord", "diff", *revisions]),
        rounds=5,
    )
    peer = shutil.which("oasdiff")
    theirs = min(_process([peer, "breaking", *revisions]) for _ in range(3)) if peer else 70 * reading
    watched = subprocess.run(
        [sys.executable, "-c", WATCHED, "diff", *revisions], capture_output=True, text=True, check=True
    )
    most = int(watched.stderr.splitlines()[-1])
    told = f"oasdiff: {theirs:.2f} s" if peer else "oasdiff took 70 times where it was measured"
    with capsys.disabled():
        words = f"{ours:.2f} s of processor, {ours / reading:.1f} times json.loads of both, at most {most:.0f} MB"
        sys.stdout.write(f"\nthe whole process: {words}; {told}\n")
    assert most < 300
    assert ours <= theirs / 2  # 20 to 30 times json.loads were measured


def _least(one, other, *, rounds):
    """The least that each measurement gives, taken in turn, so that what else runs here weighs on both."""
    taken = [(one(), other()) for _ in range(rounds)]
    return min(pair[0] for pair in taken), min(pair[1] for pair in taken)


def _timed(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def _process(words):
    before = os.times()
    subprocess.run(words, capture_output=True, check=False)
    after = os.times()
    return (after.children_user + after.children_system) - (before.children_user + before.children_system)
