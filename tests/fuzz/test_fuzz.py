"""`fuzz` against a service written by hand, with one fault at a time, and against rude ones."""

import base64
import json
import shutil
import socket
import subprocess
import time
from dataclasses import replace

import pytest

from accord import baseline, recordings
from accord.contract import SecurityScheme
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.findings import Finding, Report, Unchecked, exit_code
from accord.loading import load
from accord.network.transport import Settings, open_transport
from accord.verbs.fuzz import FuzzOptions, fuzz


def run(contract, url: str, **options) -> Report:
    return fuzz(contract, FuzzOptions(url=url, **{"examples": 120, **options}))


def essentials(finding: Finding) -> tuple[str, str, str, str]:
    return finding.code, finding.direction, finding.status, finding.pointer


FAULTS = {
    "progress-id": ("resembles-nothing", "response", "200", ""),
    "undocumented-status": ("status-code", "response", "202", ""),
    "leak": ("undocumented-property", "response", "200", "/cost"),
    "text-id": ("response-body", "response", "200", "/id"),
    "crash": ("server-error", "response", "500", "/body/text"),
    "hang-up": ("no-answer", "response", "", "/body/tags"),
    "picky": ("valid-refused", "request", "400", "/body/tags"),
    "forgetful": ("echo", "response", "200", "/tags"),
}

SMALLEST = {
    "progress-id": {},
    "undocumented-status": {},
    "leak": {},
    "text-id": {},
    "crash": {"text": "0000"},
    "hang-up": {"tags": [{}, {}]},
    "picky": {"tags": [{}, {}]},
    "forgetful": {"tags": [{}, {}]},
}


def errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity != "note"]


@pytest.mark.parametrize("seed", range(3))
def test_an_honest_service_has_no_finding(contract, notes, seed):
    report = run(contract, notes().url, seed=seed)
    assert errors(report) == []
    assert exit_code(report) == 0
    assert (report.counts["operations"], report.counts["request properties"], report.counts["response properties"]) == (
        "1/1",
        "2/2",
        "3/3",
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_the_check_meant_for_it_with_the_smallest_witness(contract, notes, fault):
    report = run(contract, notes(fault).url)
    assert [essentials(finding) for finding in errors(report)] == [FAULTS[fault]]
    (finding,) = errors(report)
    assert finding.location is not None
    assert finding.location.line is not None
    assert finding.witness is not None
    assert finding.witness.request is not None
    body = json.loads(base64.b64decode(finding.witness.request.body_base64))
    assert body == SMALLEST[fault]


@pytest.mark.parametrize("fault", ["undocumented-status", "hang-up", "forgetful"])
def test_a_finding_that_was_accepted_is_pruned_once_it_was_looked_for_and_is_gone(contract, notes, fault):
    entries = baseline.updated(run(contract, notes(fault).url), (), reason="known")
    assert [(entry.verb, entry.operation, entry.code) for entry in entries] == [
        ("fuzz", "POST /notes", FAULTS[fault][0])
    ]
    assert baseline.pruned(run(contract, notes(fault).url), entries) == entries
    assert baseline.pruned(run(contract, notes().url, max_requests=5), entries) == entries
    assert baseline.pruned(run(contract, notes().url, stop_after=1), entries) == ()


@pytest.mark.parametrize("fault", ["progress-id", "crash", "hang-up", "picky", "forgetful"])
def test_the_curl_line_shows_the_finding_again(contract, notes, fault):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    service = notes(fault)
    (finding,) = errors(run(contract, service.url))
    assert finding.reproduce is not None
    assert "note-key-of-tests" not in finding.reproduce.curl
    done = subprocess.run(
        ["sh", "-c", finding.reproduce.curl],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "NOTE_KEY": "note-key-of-tests"},
    )
    shown = done.stdout.split(b"\r\n")[0]
    assert shown == (b"HTTP/1.1 %b Status" % finding.status.encode() if finding.status else b"")
    assert finding.witness is not None
    assert finding.witness.request is not None
    assert service.heard[-1] == ("POST", "/notes", base64.b64decode(finding.witness.request.body_base64))


def test_a_service_that_refuses_nothing_in_a_body_is_one_finding(contract, notes):
    found = [essentials(finding) for finding in errors(run(contract, notes("lenient").url))]
    assert {code for code, *_ in found} == {"invalid-accepted"}
    assert [pointer for *_, pointer in found if pointer.startswith("/body")] == ["/body"]


def test_a_service_that_wants_no_key_is_found_by_authentication_alone(contract, notes):
    codes = {finding.code for finding in errors(run(contract, notes("no-key-wanted").url))}
    assert codes == {"authentication"}


def test_the_same_seed_sends_the_same_requests_and_another_does_not(contract, notes):
    first, again, other = notes("picky"), notes("picky"), notes("picky")
    reports = [run(contract, service.url, seed=seed) for service, seed in ((first, 5), (again, 5), (other, 6))]
    assert first.heard == again.heard
    assert first.heard != other.heard
    assert reports[0].counts == reports[1].counts


def test_what_was_recorded_is_what_was_sent(contract, notes, tmp_path):
    service, path = notes("forgetful"), tmp_path / "notes.har"
    run(contract, service.url, record=path)
    read: list[Exchange] = list(recordings.read(path))
    sent = [
        (item.request.method, item.request.url.replace("$NOTE_KEY", "note-key-of-tests"), item.request.body)
        for item in read
    ]
    assert sent == service.heard
    assert all(item.case is not None for item in read)
    assert "note-key-of-tests" not in path.read_text()


def test_a_key_that_is_refused_everywhere_means_nothing_was_checked(contract, notes):
    report = run(contract, notes("storm").url)
    assert exit_code(report) == 2
    assert report.findings == ()
    first = report.ledger.unchecked[0]
    assert (first.what, first.reason) == (
        "everything",
        "every conforming request was refused for its key: check $NOTE_KEY",
    )


BASED = """
openapi: 3.1.0
info: {title: Based, version: "1"}
servers: [{url: "https://api.example.com/v2"}]
paths:
  /things:
    get: {responses: {"200": {description: Things.}, "404": {description: None.}}}
"""


@pytest.mark.parametrize(("base", "asked", "right"), [("/v2", "", False), ("/v2", "/v2", True), ("/v3", "/v2", True)])
def test_a_url_without_the_path_of_the_server_checks_nothing_and_the_one_to_try_is_told(
    told, tmp_path, base, asked, right
):
    (tmp_path / "based.yaml").write_text(BASED)
    url = told(lambda _method, path, *_: (200 if path == f"{base}/things" else 404, None))
    report = fuzz(load(str(tmp_path / "based.yaml")), FuzzOptions(url=url + asked, examples=4))
    first = [(item.what, item.reason) for item in report.ledger.unchecked if item.what == "everything"]
    reason = f"every conforming request was answered 404, and the contract's server has a path that the URL lacks: try --url {url}/v2"
    assert first == ([] if right else [("everything", reason)])
    assert bool(report.ledger.checked) is right
    assert right or (exit_code(report), report.findings) == (2, ())


def test_a_missing_key_is_named_before_anything_is_sent(contract, notes, monkeypatch):
    service = notes()
    monkeypatch.delenv("NOTE_KEY")
    with pytest.raises(AccordError, match=r"^`POST /notes` wants a key .* export NOTE_KEY=…\.$"):
        run(contract, service.url)
    assert service.heard == []


def test_an_alternative_for_which_there_is_no_key_is_in_the_ledger(contract, notes, monkeypatch):
    monkeypatch.delenv("LOGIN_TOKEN", raising=False)
    login = SecurityScheme(name="login", type="http", scheme="bearer")
    either = tuple(replace(item, security=(*item.security, (login,))) for item in contract.operations)
    report = fuzz(replace(contract, operations=either), FuzzOptions(url=notes().url, examples=0, plan_requests=3))
    reason = "is an alternative for which no key is configured: export LOGIN_TOKEN=…"
    assert Unchecked(what="security `login`", reason=reason, count=len(either)) in report.ledger.unchecked


def test_a_key_given_as_a_header_takes_the_place_of_the_contracts(contract, notes, monkeypatch):
    service = notes()
    monkeypatch.delenv("NOTE_KEY")
    monkeypatch.setenv("OTHER", "note-key-of-tests")
    report = run(contract, service.url, headers=(("x-note-key", "$OTHER"),))
    assert (errors(report), report.notes) == ([], ())
    literal = run(contract, service.url, headers=(("X-Note-Key", "note-key-of-tests"),))
    assert errors(literal) == []
    assert literal.notes == (
        "`--header X-Note-Key` holds a secret, which the shell remembers: export NOTE_KEY=… and write $NOTE_KEY",
    )


def test_nobody_there_is_exit_3(contract, nobody, monkeypatch):
    monkeypatch.setenv("NOTE_KEY", "x")
    report = run(contract, nobody)
    assert exit_code(report) == 3
    assert report.unreachable == f"`{nobody}` refused the connection."


@pytest.mark.parametrize(
    ("rudeness", "codes"),
    [
        ("reset", {"no-answer"}),
        ("stall", {"no-answer"}),
        ("garbage", {"no-answer"}),
        ("drip", {"no-answer"}),
        ("silent", {"no-answer"}),
        ("cut", {"no-answer"}),
    ],
)
def test_a_rude_service_is_a_finding_and_never_a_hang(contract, serve, monkeypatch, rudeness, codes):
    monkeypatch.setenv("NOTE_KEY", "x")
    begun = time.monotonic()
    report = run(contract, serve(rudeness), timeout=0.1)
    assert {finding.code for finding in report.findings} == codes
    assert exit_code(report) == 1
    assert time.monotonic() - begun < 10


def test_a_redirect_loop_is_one_finding(contract, serve, monkeypatch):
    monkeypatch.setenv("NOTE_KEY", "x")
    report = run(contract, serve("redirect"), examples=10)
    assert {essentials(finding) for finding in report.findings} == {("status-code", "response", "302", "")}


def test_an_interrupted_run_reports_what_it_found(contract, notes, tmp_path):
    path = tmp_path / "notes.har"

    def interrupt(progress):
        if progress.done == 10:
            raise KeyboardInterrupt

    options = FuzzOptions(url=notes("progress-id").url, examples=100, record=path)
    report = fuzz(contract, options, progress=interrupt)
    assert exit_code(report) == 130
    assert [finding.code for finding in errors(report)] == ["resembles-nothing"]
    assert len(list(recordings.read(path))) == report.counts["requests"]


def test_an_unknown_operation_names_the_nearest(contract, notes):
    with pytest.raises(AccordError, match=r"has no operation `POST /note`; did you mean `POST /notes`\?$"):
        run(contract, notes().url, operations=("POST /note",))


def test_the_budget_of_requests_ends_the_run_and_is_named(contract, notes):
    service = notes()
    report = run(contract, service.url, max_requests=7)
    assert len(service.heard) == 7
    assert "the budget of requests is spent: raise it with --max-requests" in [
        item.reason for item in report.ledger.unchecked
    ]


@pytest.fixture
def _elsewhere(monkeypatch):
    """Let this machine pass for another."""
    monkeypatch.setattr("accord.network.wire.is_loopback", lambda _: False)


@pytest.mark.usefixtures("_elsewhere")
def test_nothing_is_changed_on_another_machine_unless_it_is_allowed(contract, notes):
    service = notes()
    report = run(contract, service.url)
    assert (service.heard, exit_code(report)) == ([], 2)
    assert [(item.what, item.reason) for item in report.ledger.unchecked] == [
        ("POST /notes", "may change something on a host that is not this machine; permit it with --allow 'POST /notes'")
    ]


@pytest.mark.usefixtures("_elsewhere")
def test_an_operation_that_is_allowed_by_name_is_fuzzed_on_another_machine(contract, notes):
    report = run(contract, notes().url, allow=("POST /notes",), examples=10, rate=1000.0)
    assert (errors(report), exit_code(report)) == ([], 0)


@pytest.mark.usefixtures("_elsewhere")
def test_another_machine_is_asked_five_times_a_second_and_a_thousand_times_in_all(notes):
    line = open_transport(Settings(base_url=notes().url))
    line.close()
    assert (line.settings.rate, line.settings.max_requests) == (5.0, 1000)


def test_a_service_that_dies_on_a_request_is_a_finding_and_unreachable(contract, serve, monkeypatch):
    monkeypatch.setenv("NOTE_KEY", "x")
    heard: list[bytes] = []

    def mortal(connection: socket.socket) -> None:
        if len(heard) > 1:
            raise SystemExit
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Remaining: 1\r\nContent-Type: application/json\r\n")
        connection.sendall(b'Content-Length: 8\r\n\r\n{"id":1}')

    report = run(contract, serve(mortal, heard))
    assert exit_code(report) == 3
    assert report.unreachable == "the server refused the connection"
    assert [essentials(finding) for finding in errors(report)] == [("no-answer", "response", "", "")]
