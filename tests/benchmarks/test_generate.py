"""What a check costs beside generating."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def seconds(*words):
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "accord", "generate", *words], check=True, capture_output=True, cwd=ROOT)
        best = min(best, time.perf_counter() - started)
    return best


@pytest.mark.benchmark
def test_a_check_with_nothing_stale_takes_a_tenth_of_generating(tmp_path, capsys):
    whole, check = seconds("--out", str(tmp_path)), seconds("--check")
    with capsys.disabled():
        sys.stdout.write(f"\ngenerate --check: {check / whole:.3f} of generate, as whole processes\n")
    assert check <= whole / 5  # a tenth, with room for a noisy machine
