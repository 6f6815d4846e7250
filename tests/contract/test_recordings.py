"""Recorded exchanges are held to the first contract as live ones are; one of the recordings is a lie."""

from pathlib import Path

import pytest

from accord import loading, recordings
from accord.exchange import Exchange
from accord.verbs.verify import verify

FOLDER = Path(__file__).parents[1] / "recordings"


@pytest.fixture(scope="module")
def runs():
    return loading.load(str(Path(__file__).parents[2] / "schema" / "cekura_runs.openapi.yaml"))


def test_what_was_recorded_of_an_honest_service_conforms(runs):
    report = verify(runs, [str(FOLDER / "conforming.har")])
    assert report.findings == ()
    assert report.counts["matched"] == report.counts["conform"] == report.counts["entries"] > 10


def test_a_reply_that_is_a_progress_id_is_told_once(runs):
    report = verify(runs, [str(FOLDER / "progress-id.har")])
    assert [(finding.code, finding.status) for finding in report.findings] == [("resembles-nothing", "200")]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.har")), ids=lambda path: path.name)
def test_no_recording_holds_a_key(path):
    exchanges = [item for item in recordings.read(path) if isinstance(item, Exchange)]
    keys = {value for item in exchanges for name, value in item.request.headers if name == "X-CEKURA-API-KEY"}
    assert "$CEKURA_API_KEY" in keys
    assert "accord" not in keys
