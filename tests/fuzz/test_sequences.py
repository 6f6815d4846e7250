"""Sequences: one request again and again, and the life of a thing."""

from pathlib import Path

import pytest

from accord import checks, recordings, service
from accord.exchange import Case, Exchange, Request, Response
from accord.fuzzing import sequences
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz
from accord.verbs.verify import verify


@pytest.fixture(scope="module")
def things():
    return load(str(Path(__file__).parent / "things.yaml"))


def bodies(operation):
    texts = (b'{"name": ""}', b'{"name": "a", "size": 1}', b'{"name": "b", "size": 2}') if operation.body else (b"",)
    url = operation.path.replace("{thing_id}", "5")
    return tuple(
        Case(operation=operation.name, request=Request(method=operation.method, url=url, body=text), valid=True)
        for text in texts
    )


def answered(case: Case, status: int, body: bytes) -> Exchange:
    headers = (("Content-Type", "application/json"),)
    return Exchange(request=case.request, response=Response(status=status, headers=headers, body=body), case=case)


def walked(sequence, status=200, body=b'{"id": 17, "name": ""}'):
    earlier: tuple[Exchange, ...] = ()
    for step in sequence.steps:
        case = step.case(earlier)
        if case is None:
            break
        earlier = (*earlier, answered(case, status, body))
    return [(item.request.method, item.request.url, item.request.body) for item in earlier]


def test_a_thing_is_made_read_changed_read_deleted_and_read(things):
    found = list(sequences.lives(things.operations, {}, bodies))
    assert [sequence.name for sequence in found] == [f"/things/{{thing_id}}/ life {number}" for number in (1, 2, 3)]
    assert walked(found[0]) == [
        ("POST", "/things/", b'{"name": "b", "size": 2}'),
        ("GET", "/things/17/", b""),
        ("PUT", "/things/17/", b'{"name": "a", "size": 1}'),
        ("GET", "/things/17/", b""),
        ("DELETE", "/things/17/", b""),
        ("GET", "/things/17/", b""),
    ]


@pytest.mark.parametrize("body", [b'{"id": 0}', b'{"id": "17"}', b'{"id": true}', b"{}", b"[]", b"17", b"no JSON"])
def test_a_value_outside_the_bounds_of_the_parameter_is_not_taken(things, body):
    (first, *_) = sequences.lives(things.operations, {}, bodies)
    assert [method for method, *_ in walked(first, body=body)] == ["POST"]


def test_a_refused_request_makes_nothing_to_read(things):
    (first, *_) = sequences.lives(things.operations, {}, bodies)
    assert [method for method, *_ in walked(first, status=400)] == ["POST"]


def test_one_request_is_sent_thrice_and_once_more_after_another(things):
    (found,) = sequences.again(things.operations[0], bodies)
    sent = [body for _, _, body in walked(found)]
    assert sent == [b'{"name": ""}'] * 3 + [b'{"name": "b", "size": 2}', b'{"name": ""}', b'{"name": "b", "size": 2}']


def test_every_exchange_is_judged_with_those_before_it_and_verify_judges_the_same(things, tmp_path, monkeypatch):
    judged: list[tuple[str, int]] = []
    run = checks.run

    def noted(contract, operation, exchange, earlier=(), *rest, **named):
        if exchange.case is not None and exchange.case.sequence:
            judged.append((exchange.case.sequence, len(earlier)))
        return run(contract, operation, exchange, earlier, *rest, **named)

    monkeypatch.setattr(checks, "run", noted)
    path = tmp_path / "things.har"
    with service.running(things) as url:
        report = fuzz(things, FuzzOptions(url=url, examples=20, record=path))
    found = [(finding.identity, finding.severity) for finding in report.findings]
    assert {severity for _, severity in found} <= {"note"}
    fuzzed, judged[:] = list(judged), []
    assert {name for name, _ in fuzzed} >= {"/things/{thing_id}/ life 1", "POST /things/ again"}
    assert ("/things/{thing_id}/ life 1", 5) in fuzzed
    assert {(item.identity, item.severity) for item in verify(things, [str(path)]).findings} == set(found)
    assert judged == fuzzed
    assert {item.case.sequence for item in recordings.read(path)} - {""} == {name for name, _ in fuzzed}
