"""Witnesses made small: one part left out after the other, few requests for it, and what is said where it ends early."""

import base64
from types import SimpleNamespace

import pytest

from accord import checks
from accord.contract import Body, MediaType, Operation
from accord.exchange import Case, Exchange, Request
from accord.findings import Finding, Report, Severity
from accord.fuzzing import shrinking
from accord.fuzzing.shrinking import NOT_MINIMISED
from accord.network.transport import Settings, open_transport
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.weighing import reducing
from accord.weighing.causes import FLAKY
from accord.weighing.reducing import Reduction, reductions
from accord.weighing.sightings import Seen, Sightings, keep, settle

FAULTS = ("crash", "hang-up", "picky", "forgetful", "leak", "text-id")


def found(contract, url: str, **options) -> Report:
    return fuzz(contract, FuzzOptions(url=url, **options))


def witnessed(finding: Finding) -> Case:
    asked = finding.witness.request
    request = Request(
        method=asked.method,
        url=asked.path,
        headers=asked.headers,
        body=base64.b64decode(asked.body_base64),
        secrets=("NOTE_KEY",),
    )
    return Case(operation=finding.operation, request=request, valid=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_no_single_reduction_of_a_witness_still_shows_its_finding(contract, notes, fault):
    url = notes(fault).url
    report = found(contract, url, examples=20)
    (finding,) = [item for item in report.findings if item.severity != "note"]
    assert [note for note in finding.notes if note in (NOT_MINIMISED, FLAKY)] == []
    operation, case = contract.operations[0], witnessed(finding)
    line = open_transport(Settings(base_url=url))
    smaller = [item.case for item in reductions(operation, case)]
    shown = [
        (item.code, item.status)
        for reduced in [case, *smaller]
        for item in checks.run(contract, operation, line.send(reduced.request, reduced)).findings
        if (item.code, item.status) == (finding.code, finding.status)
    ]
    line.close()
    assert shown == [(finding.code, finding.status)]


@pytest.mark.parametrize("fault", FAULTS)
def test_making_a_finding_small_costs_at_most_thirty_requests(contract, notes, fault):
    report = found(contract, notes(fault).url, examples=40)
    beyond = int(report.counts["requests"]) - int(report.counts["cases"])
    assert 0 < beyond <= 30 * len(report.findings)


def test_a_witness_that_could_be_smaller_is_said_to_be(contract, notes):
    first: list[int] = []

    def note(progress):
        if progress.findings and not first:
            first.append(progress.requests)

    fuzz(contract, FuzzOptions(url=notes("leak").url, examples=0), progress=note)
    report = found(contract, notes("leak").url, examples=0, max_requests=first[0])
    assert [NOT_MINIMISED in item.notes for item in report.findings] == [True]


def test_a_finding_that_does_not_show_again_is_flaky(contract, notes):
    report = found(contract, notes("flaky").url, examples=0)
    assert [FLAKY in item.notes for item in report.findings if item.code == "server-error"] == [True]


def test_two_causes_of_one_status_are_two_findings(contract, notes):
    report = found(contract, notes("two-crashes").url)
    crashes = [item for item in report.findings if item.code == "server-error"]
    assert sorted(item.pointer for item in crashes) == ["/body/tags", "/body/text"]
    bodies = sorted(base64.b64decode(item.witness.request.body_base64) for item in crashes)
    assert bodies == [b'{"tags": [{}, {}]}', b'{"text": "0000"}']


def test_two_witnesses_that_are_each_plainer_than_the_other_end_a_search_for_smaller_ones(monkeypatch):
    """All answers are known already, so that no request is spent which could end it."""
    finding = Finding(code="server-error", severity=Severity.ERROR, message="", operation="POST /a")
    one, other = (
        Case(operation="POST /a", request=Request(method="POST", url="/a", body=body), valid=True)
        for body in (b"1", b"2")
    )
    known = {case: Exchange(request=case.request, response=None, case=case) for case in (one, other)}
    state = SimpleNamespace(
        answers={case: (known[case], SimpleNamespace(findings=(finding,))) for case in known},
        prepare=lambda _operation, case: case,
        transport=SimpleNamespace(sent=0),
    )
    monkeypatch.setattr(
        reducing, "reductions", lambda _operation, case: [Reduction("swap", other if case == one else one)]
    )
    seen = Seen(identity=finding.identity, finding=finding, exchange=known[one])
    assert shrinking._reduced(state, Operation(method="POST", path="/a"), seen, 30)
    assert seen.exchange == known[other]


def test_each_cause_that_is_told_apart_leaves_fewer_exchanges_to_explain():
    """Whatever the small witness has that no other request has: the causes come to an end."""
    finding = Finding(code="server-error", severity=Severity.ERROR, message="", operation="POST /a")
    operation = Operation(method="POST", path="/a", body=Body(content=(MediaType(name="application/json", schema={}),)))

    def exchange(body: bytes) -> Exchange:
        headers = (("Content-Type", "application/json"),)
        request = Request(method="POST", url="/a", headers=headers, body=body)
        return Exchange(request=request, response=None, case=Case(operation="POST /a", request=request, valid=True))

    found = Sightings()
    for at in range(20):
        keep(found, exchange(b'{"n%d": 1}' % at), finding)
    turns = 0
    while (seen := next((item for item in found.seen if not item.shrunk), None)) is not None:
        begun, seen.exchange = seen.exchange, exchange(b'{"strange%d": 1}' % turns)
        settle(found, operation, seen, begun)
        turns += 1
    assert turns == 20
    assert sum(item.count for item in found.seen) == 20


@pytest.mark.parametrize(
    ("part", "needed", "smallest"),
    [
        ("security", True, b"{}"),
        ("path", True, b"{}"),
        ("method", True, b"{}"),
        ("security", False, b""),
        ("media-type", False, b"{}"),
    ],
)
def test_what_is_wrong_elsewhere_lets_the_body_be_smaller_as_long_as_it_conforms(part, needed, smallest):
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    body = Body(content=(MediaType(name="application/json", schema=schema),), required=needed)
    operation = Operation(method="POST", path="/a", body=body)
    headers = (("Content-Type", "application/json"),)
    request = Request(method="POST", url="/a", headers=headers, body=b'{"a": "text", "b": 7}')
    case = Case(operation="POST /a", request=request, valid=False, part=part, fault="fault")
    assert min((item.case.request.body for item in reductions(operation, case)), key=len) == smallest
