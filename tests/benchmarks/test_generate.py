"""What a check costs beside generating, as whole processes."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGE = ROOT.parent / "shared" / "upstream"


def seconds(times, *words):
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "accord", "generate", *words], check=True, capture_output=True, cwd=ROOT)
        best = min(best, time.perf_counter() - started)
    return best


def ratio(folder, *document):
    words = (*document, "--out", str(folder))
    whole = seconds(2, *words)
    return seconds(3, *words, "--check") / whole


@pytest.mark.benchmark
def test_a_check_with_nothing_stale_takes_a_tenth_of_generating_a_whole_platform(tmp_path, capsys):
    found = next(LARGE.glob("118_*.json"), None)
    if found is None:
        pytest.skip("the vendor's document is not here")
    share = ratio(tmp_path, str(found))
    with capsys.disabled():
        sys.stdout.write(f"\ngenerate --check of a whole platform: {share:.3f} of generate\n")
    assert share <= 0.1


@pytest.mark.benchmark
def test_a_check_of_a_small_contract_costs_little_more_than_starting(tmp_path, capsys):
    share = ratio(tmp_path)
    with capsys.disabled():
        sys.stdout.write(f"\ngenerate --check of the first contract: {share:.3f} of generate, start-up and all\n")
    assert share <= 1 / 3
