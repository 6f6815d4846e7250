"""Diff on labelled pairs and on real revisions: no break is missed, none is cried, and little is left undecided."""

import json
from collections import Counter
from pathlib import Path

import pytest

from accord import fetching
from accord.verbs.diff import diff

SHARED = Path(__file__).parents[3] / "shared"


def shared(*parts):
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not here")
    return path


def document(folder, pattern):
    return fetching.fetch(str(next(folder.glob(pattern))))


def test_no_labelled_break_is_missed_and_none_is_cried():
    folder = shared("diff-pairs")
    scores = Counter()
    for label in json.loads((folder / "labels.json").read_text()):
        pair = folder / label["id"]
        report = diff(document(pair, "baseline.*"), document(pair, "current.*"))
        scores[label["breaking"], report.verdict] += 1
    assert scores[True, "compatible"] == 0
    assert scores[False, "breaking"] == 0
    assert scores[True, "undecided"] + scores[False, "undecided"] < 0.05 * scores.total()


def test_one_flipped_switch_is_told_as_one():
    folder = shared("upstream")
    report = diff(document(folder, "063_*"), document(folder, "064_*"))
    assert report.findings[0].message == (
        "One switch was flipped: `required` was dropped from 74 components (74 of 75 breaking findings)."
    )
    assert len(report.findings) <= 125
    assert report.verdict == "breaking"


def test_a_revision_differs_from_itself_in_nothing():
    folder = shared("upstream")
    same = document(folder, "200_*")
    assert diff(same, same).findings == ()
