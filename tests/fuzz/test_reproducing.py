"""Every program of every class of finding is run: it fails as long as the promise is broken, and only then."""

import base64
import http.server
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord import checks, reproducing
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Bound, Claim, Finding, RequestWitness, Severity, Witness
from accord.loading import load

PAIRS = Path(__file__).parents[1] / "checks"
NAMES = sorted(path.parent.name for path in PAIRS.glob("*/breaking.json"))


def exchanges(name: str, which: str) -> tuple[Exchange, ...]:
    data = json.loads((PAIRS / name / f"{which}.json").read_text())
    return tuple(map(made, [*data.get("earlier", ()), data]))


def made(data: dict) -> Exchange:
    asked, answered = data["request"], data["response"]
    headers = tuple(map(tuple, asked["headers"]))
    request = Request(**{**asked, "headers": headers, "body": asked["body"].encode(), "secrets": ("NOTE_KEY",)})
    response = None
    if answered is not None:
        body = answered["body"].encode()
        response = Response(**{**answered, "headers": tuple(map(tuple, answered["headers"])), "body": body})
    case = Case(**{"operation": "POST /notes", "request": request, **data["case"]})
    told = {key: data[key] for key in ("failure", "usual") if key in data}
    return Exchange(request=request, response=response, case=case, **told)


@contextmanager
def answering(script: tuple[Exchange, ...], seen: list[tuple]) -> Iterator[str]:
    """A service that gives the answers of `script`, one after the other and then again, whatever it is asked."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told = script[len(seen) % len(script)].response
            seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.close_connection = True
            if told is None:
                return
            time.sleep(min(told.elapsed, 1.1))
            self.send_response_only(told.status)
            for header in (*told.headers, ("Content-Length", str(len(told.body)))):
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(told.body)

        def __getattr__(self, name):
            if name.startswith("do_"):
                return self.answer
            raise AttributeError(name)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def found(name: str) -> Finding:
    *earlier, last = exchanges(name, "breaking")
    contract = load(str(PAIRS / "contract.yaml"))
    operation = next(item for item in contract.operations if item.name == last.case.operation)
    (finding,) = checks.run(contract, operation, last, tuple(earlier)).findings
    shown = replace(finding, witness=reproducing.witness(last, tuple(earlier)))
    return reproducing.reproduced(shown, "http://nowhere.invalid", 5.0)


def run(source: str, url: str, patch: pytest.MonkeyPatch) -> str:
    """How the program ends: `""`, or the message with which it fails."""
    patch.setenv("ACCORD_URL", url)
    patch.setenv("NOTE_KEY", "note-secret")
    space: dict = {"__name__": "program"}
    try:
        exec(compile(source, "program", "exec"), space)  # noqa: S102  it is what users run
        for name in [name for name in space if name.startswith("test_")]:
            space[name]()
    except AssertionError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["python", "pytest"])
def test_a_program_fails_for_exactly_its_finding_and_passes_where_the_promise_is_kept(name, kind, monkeypatch):
    finding = found(name)
    source = getattr(finding.reproduce, kind)
    told = f"{finding.message}; promised: {finding.promise}"
    seen: list[tuple] = []
    with answering(exchanges(name, "breaking"), seen) as url:
        assert run(source, url, monkeypatch) == told
    assert [head.get("x-note-key") for _, _, head, _ in seen] == [
        "note-secret" if ("X-Note-Key", "$NOTE_KEY") in item.request.headers else None
        for item in exchanges(name, "breaking")
    ]
    assert "note-secret" not in source
    with answering(exchanges(name, "conforming"), []) as url:
        assert run(source, url, monkeypatch) == ""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"no_answer", "response_time"}])
def test_the_shell_line_sends_what_was_sent(name):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    seen: list[tuple] = []
    with answering(exchanges(name, "breaking"), seen) as url:
        line = found(name).reproduce.curl.replace("http://nowhere.invalid", url)
        env = {"PATH": "/usr/bin:/bin", "NOTE_KEY": "note-secret"}
        subprocess.run(["sh", "-c", line], check=True, capture_output=True, env=env)
    asked = [item.request for item in exchanges(name, "breaking")]
    assert [(method, path, body) for method, path, _, body in seen] == [(r.method, r.url, r.body) for r in asked]


def test_a_file_for_pytest_is_a_test_that_fails(tmp_path, monkeypatch):
    finding = found("echo")
    reproducing.save([finding, replace(finding, reproduce=None)], tmp_path / "repro")
    (file,) = (tmp_path / "repro").iterdir()
    assert file.name == f"test_echo_{finding.fingerprint}.py"
    with answering(exchanges("echo", "breaking"), []) as url:
        env = {"ACCORD_URL": url, "NOTE_KEY": "x"}
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, "1 failed" in done.stdout) == (1, True)
    assert f"AssertionError: {finding.message}" in done.stdout


def test_an_answer_of_another_status_says_nothing_about_a_promise_of_the_body(monkeypatch):
    (conforming,) = exchanges("echo", "conforming")
    other = replace(conforming, response=replace(conforming.response, status=404))
    finding = found("echo")
    with answering((other,), []) as url:
        with pytest.raises(SystemExit) as ended:
            run(finding.reproduce.python, url, monkeypatch)
        assert ended.value.code == 0
        with pytest.raises(pytest.skip.Exception, match="the answer now has status 404"):
            run(finding.reproduce.pytest, url, monkeypatch)


def test_a_thing_that_a_request_made_is_asked_for_under_the_id_it_has_now(monkeypatch):
    post, read = (
        made_at("POST /notes", "/notes", 201, {"id": "a b/7"}),
        made_at("GET /notes/{id}", "/notes/a%20b%2F7", 500, {}),
    )
    witness = reproducing.witness(read, (post,))
    assert (witness.request.bound, witness.before[0].bound) == ((Bound(segment=2, answer=0, pointer="/id"),), ())
    finding = Finding(
        code="server-error",
        severity=Severity.ERROR,
        message="failed",
        status="500",
        witness=witness,
        claim=Claim(kind="status-not", value=[[500, 599]]),
    )
    source = reproducing.reproduced(finding, "", 5.0).reproduce.python
    seen: list[tuple] = []
    now = made_at("POST /notes", "/notes", 201, {"id": "new/one"})
    with answering((now, read), seen) as url:
        assert run(source, url, monkeypatch) == "failed"
    assert [path for _, path, _, _ in seen] == ["/notes", "/notes/new%2Fone"]


def made_at(operation: str, url: str, status: int, value: object) -> Exchange:
    request = Request(method=operation.partition(" ")[0], url=url)
    headers = (("Content-Type", "application/json"),)
    response = Response(status=status, headers=headers, body=json.dumps(value).encode())
    return Exchange(request=request, response=response, case=Case(operation=operation, request=request, valid=True))


HOSTILE = st.sampled_from(
    ['"""', "'''", "\\", "\n", "'); __import__('os').abort() #", "{0}", "%s", "\u2028", "\ud800", "$A"]
)
TEXT = st.lists(HOSTILE | st.text(max_size=4), max_size=4).map("".join)


@given(TEXT, TEXT, st.binary(max_size=8), TEXT, st.sampled_from(["python", "pytest"]))
def test_no_text_gets_out_of_its_literal(message, value, body, path, kind):
    step = RequestWitness(
        method="POST",
        path=f"/{path}",
        headers=(("X-A", value),),
        body_base64=base64.b64encode(body).decode(),
        operation=message,
    )
    finding = Finding(
        code=message,
        severity=Severity.ERROR,
        message=message,
        promise=value,
        operation=path,
        status="200",
        pointer=f"/{message}",
        witness=Witness(request=step),
        claim=Claim(kind="body-echoes", pointer=f"/{message}", value=value),
    )
    source = getattr(reproducing.reproduced(finding, f"http://a/{value}", 1.0).reproduce, kind)
    names = {name for line in compiled_names(source) for name in line}
    assert names <= KNOWN | {name for name in names if name.startswith("test_")}


KNOWN = frozenset(
    [
        "os",
        "pytest",
        "requests",
        "histories",
        "accord",
        "URL",
        "environ",
        "get",
        "at",
        "value",
        "tokens",
        "item",
        "found",
        "answer",
        "json",
        "status_code",
        "print",
        "SystemExit",
        "skip",
        "request",
        "Request",
        "prepare",
        "made",
        "url",
        "headers",
        "update",
        "Session",
        "session",
        "send",
        "isinstance",
        "list",
        "dict",
        "str",
        "same",
        "quote",
        "safe",
        "data",
        "timeout",
        "allow_redirects",
        "__enter__",
        "__exit__",
        "__doc__",
        ".0",
        "AssertionError",
    ]
)


def compiled_names(source: str) -> Iterator[tuple[str, ...]]:
    """The names that the code of `source` uses, inner functions included."""
    waiting = [compile(source, "program", "exec")]
    while waiting:
        code = waiting.pop()
        yield (*code.co_names, *code.co_varnames)
        waiting += [item for item in code.co_consts if hasattr(item, "co_names")]
