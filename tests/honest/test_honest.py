"""Honest services that tidy, take their time and have no order: no promise of theirs is broken."""

import importlib.util
from pathlib import Path

import pytest

from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def diary():
    spec = importlib.util.spec_from_file_location("diary", HERE / "diary.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def report(diary):
    with diary.serving() as url:
        return fuzz(load(str(HERE / "diary.yaml")), FuzzOptions(url=url, examples=10, plan_requests=200))


def test_no_promise_of_an_honest_service_is_broken(report):
    assert [(item.code, item.operation, item.message) for item in report.findings if item.severity == "error"] == []
    assert report.counts["operations"] == "8/8"


def test_what_comes_late_is_a_warning_that_says_so(report):
    late = {(item.code, item.promise) for item in report.findings if item.severity == "warning"}
    assert late == {("read-back", "a read has what was written, at once")}


def test_what_is_not_compared_is_named(report):
    told = {item.reason for item in report.ledger.unchecked if item.what in {"repeatability", "read-back", "echo"}}
    assert "`title` comes back in another form, as its description says" in told
    assert "`the answer` was not there at the first read and was at a later one: what is written comes late" in told
    assert "`the whole body` is in another order when it is asked for again" in told
