"""Real cassettes are held to their vendor's document in less than three times what importing and parsing both cost."""

import subprocess
import sys
from pathlib import Path

import pytest

OPENAI = Path(__file__).parents[2].parent / "shared" / "recordings" / "openai"
WORK = """
import sys, time
from pathlib import Path
begun = time.process_time()
from accord import loading, recordings
from accord.verbs.verify import verify
contract = loading.load(sys.argv[1] + "/openapi.json")
for path in sorted(Path(sys.argv[1], "cassettes").iterdir()):
    for _ in recordings.read(path): pass
parsed = time.process_time()
report = verify(contract, [sys.argv[1] + "/cassettes"])
print(parsed - begun, time.process_time() - parsed, report.counts["entries"])
"""


@pytest.mark.slow
@pytest.mark.benchmark
def test_cassettes_cost_less_than_three_times_their_parsing(capsys):
    if not OPENAI.exists():
        pytest.skip("the shared recordings are not here")
    run = subprocess.run([sys.executable, "-c", WORK, str(OPENAI)], capture_output=True, text=True, check=True)
    parsing, verifying, entries = run.stdout.split()
    ratio = float(verifying) / float(parsing)
    with capsys.disabled():
        print(f"\nverify of {entries} recorded exchanges / importing and parsing: {ratio:.2f}")  # noqa: T201  the figure is the point
    assert entries == "160"
    assert ratio < 3
