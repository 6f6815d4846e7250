"""Documents that nobody wrote for accord: fuzzed against the embedded service, which keeps them, nothing is found."""

from pathlib import Path

import pytest

from accord.contract import variable
from accord.findings import Severity
from accord.loading import load
from accord.network import callers
from accord.verbs.fuzz import FuzzOptions, fuzz

GIVEN = sorted((Path(__file__).parents[3] / "shared" / "diff-pairs").glob("*/current.*"))
SAMPLE = 19


@pytest.mark.skipif(not GIVEN, reason="the labelled pairs are not here")
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] if at % SAMPLE else []) for at, path in enumerate(GIVEN)],
    ids=[path.parent.name for path in GIVEN],
)
def test_the_embedded_service_keeps_every_document(path, monkeypatch):
    contract = load(str(path))
    for scheme in callers.schemes(contract):
        monkeypatch.setenv(variable(scheme), "a-key-of-tests")
    report = fuzz(contract, FuzzOptions(examples=20))
    shown = [(item.code, item.operation, item.message) for item in report.findings if item.severity != Severity.NOTE]
    assert shown == []
