"""What `fuzz --record` wrote, `verify` judges the same: each case, each sequence, in every format that is written."""

import pytest

from accord import recordings
from accord.findings import Report
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.verify import verify


def judged(report: Report) -> set[tuple[str, str, str, str]]:
    """What is broken; where, the smallest witness alone can say, which a recording does not have."""
    timed = {"response-time"}
    return {
        (item.code, item.operation, item.direction, item.status) for item in report.findings if item.code not in timed
    }


@pytest.mark.parametrize("suffix", ["har", "ndjson"])
@pytest.mark.parametrize("fault", ["", "leak", "forgetful", "picky", "crash", "lenient", "no-key-wanted"])
def test_verify_finds_in_a_recording_what_fuzz_found(contract, notes, tmp_path, fault, suffix):
    path = tmp_path / f"notes.{suffix}"
    report = fuzz(contract, FuzzOptions(url=notes(fault).url, examples=20, record=path))
    again = verify(contract, [str(path)])
    assert judged(again) == judged(report)
    assert again.counts["matched"] == report.counts["requests"]


def test_every_case_and_its_sequence_is_kept(contract, notes, tmp_path):
    written = {}
    for suffix in ("har", "ndjson"):
        path = tmp_path / f"notes.{suffix}"
        fuzz(contract, FuzzOptions(url=notes().url, examples=20, record=path))
        written[suffix] = [item.case for item in recordings.read(path)]
    assert written["har"] == written["ndjson"]
    assert {case.sequence for case in written["har"]} == {"", "POST /notes again", "/notes by other methods"}
