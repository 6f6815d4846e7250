"""What a run says, and how it exits."""

import pytest

from accord.findings import ABSENT, Finding, Ledger, Report, Severity, Unchecked, Witness, exit_code, tally

CHECKED = Ledger(checked={"exchanges": 1})
PARTLY = Ledger(checked={"exchanges": 1}, unchecked=(Unchecked(what="a", reason="b"),))


def finding(severity=Severity.ERROR, **more) -> Finding:
    return Finding(code="status-code", severity=severity, message="m", **more)


@pytest.mark.parametrize(
    ("report", "fail_on", "code"),
    [
        (Report(verb="fuzz", ledger=CHECKED), ("error",), 0),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(),)), ("error",), 1),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(),)), ("never",), 0),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(Severity.WARNING),)), ("error",), 0),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(Severity.WARNING),)), ("warning",), 1),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(),)), ("warning",), 1),
        (Report(verb="fuzz", ledger=CHECKED, findings=(finding(Severity.NOTE),)), ("note",), 1),
        (
            Report(verb="diff", ledger=CHECKED, findings=(finding(Severity.NOTE, verdict="undecided"),)),
            ("undecided",),
            1,
        ),
        (Report(verb="fuzz", ledger=PARTLY), ("error",), 0),
        (Report(verb="fuzz", ledger=PARTLY), ("error", "unchecked"), 1),
        (Report(verb="fuzz"), ("error",), 2),
        (Report(verb="fuzz", ledger=Ledger(checked={"exchanges": 0}), findings=(finding(),)), ("error",), 2),
        (Report(verb="fuzz", unreachable="down", findings=(finding(),)), ("error",), 3),
        (Report(verb="fuzz", unreachable="down", interrupted=True), ("error",), 130),
    ],
)
def test_the_exit_code_says_the_worst_that_holds(report, fail_on, code):
    assert exit_code(report, fail_on) == code


def test_a_fingerprint_depends_on_the_identity_alone():
    one = finding(operation="GET /a", pointer="/items/*/id")
    other = finding(Severity.NOTE, operation="GET /a", pointer="/items/*/id", count=9)
    assert one.fingerprint == other.fingerprint == "0bddfc6ef7a140a6"
    assert finding(operation="GET /b", pointer="/items/*/id").fingerprint != one.fingerprint


def test_equal_ledger_entries_are_counted_as_one():
    entries = [
        Unchecked(what="a", reason="r"),
        Unchecked(what="b", reason="r"),
        Unchecked(what="a", reason="r", count=2),
    ]
    assert tally(entries) == (Unchecked(what="a", reason="r", count=3), Unchecked(what="b", reason="r"))


def test_no_value_is_not_null():
    assert Witness().value is ABSENT
    assert not ABSENT
    assert Witness(value=None).value is None
    assert repr(ABSENT) == "ABSENT"


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [((), 1), (("error",), 1), (("unchecked",), 1), (("warning",), 1), (("never",), 0), (("never", "error"), 0)],
)
def test_an_error_fails_the_run_unless_nothing_is_to_fail_it(fail_on, expected):
    report = Report(
        verb="fuzz",
        findings=(Finding(code="status-code", severity=Severity.ERROR, message="m"),),
        ledger=Ledger(checked={"cases": 1}),
    )
    assert exit_code(report, fail_on) == expected
