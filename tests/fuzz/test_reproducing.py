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
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord import checks
from accord.exchange import Case, Exchange, Request, Response
from accord.findings import Bound, Claim, Finding, RequestWitness, Severity, Witness
from accord.loading import load
from accord.repro import claims, reproducing

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


def said(value: object = None, status: int = 200, kind: str = "application/json", **headers: str) -> tuple:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    typed = (("Content-Type", kind),) if kind else ()
    return status, (*typed, *((name.replace("_", "-"), text) for name, text in headers.items())), body


BRANCHES = [
    {"properties": {"k": {"minimum": 5}}, "required": ["k"]},
    {"properties": {"t": {"$ref": "#/$defs/T"}}, "required": ["t"]},
]
TREE = {"$ref": "#/$defs/T", "$defs": {"T": {"anyOf": BRANCHES}}}
KINDS = [
    (Claim(kind="status-in", value=["200", "4XX"]), [said(status=302)], [said(status=404)]),
    (Claim(kind="status-not", value=[[401, 401], [500, 599]]), [said(status=401)], [said(status=403)]),
    (Claim(kind="status-not", value=[[500, 502], [504, 599]]), [said(status=504)], [said(status=503)]),
    (Claim(kind="media-type", value=["application/json", "text/*"]), [said(kind="image/png")], [said(kind="text/csv; x=1")]),
    (Claim(kind="utf-8"), [said(kind="application/json; charset=latin-1")], [said(kind='application/json; charset="UTF-8"')]),
    (Claim(kind="strict-json"), [said(b'{"a": 1, "a": 2}')], [said({"a": 1})]),
    (Claim(kind="strict-json"), [said(b"[NaN]")], [said([0])]),
    (Claim(kind="strict-json"), [said(b'{"a"')], [said()]),
    (Claim(kind="header-there", pointer="X-A"), [said()], [said(x_a="")]),
    (Claim(kind="header-form", pointer="Retry-After", value="[0-9]+"), [said(Retry_After="soon")], [said(Retry_After="7")]),
    (Claim(kind="header-form", pointer="Retry-After", value="[0-9]+"), [said(Retry_After="7 s")], [said()]),
    (Claim(kind="header-valid", pointer="X-A", value={"schema": {"type": "array", "items": {"type": "integer"}}, "json": False}), [said(X_A="1,b")], [said(X_A="1, 2")]),
    (Claim(kind="body-there"), [said(b"")], [said(0)]),
    (Claim(kind="body-valid", pointer="/a/*", value={"type": ["integer", "null"]}), [said({"a": [1, True]})], [said({"a": [1.0, None]})]),
    (Claim(kind="body-valid", pointer="", value={"type": "number"}), [said("1")], [said(0.5)]),
    (Claim(kind="body-valid", pointer="/a", value={"enum": ["x", "y"]}), [said({"a": "z"})], [said({"a": "x"})]),
    (Claim(kind="body-valid", pointer="/a", value={"enum": [1, None]}), [said({"a": True})], [said({"a": 1})]),
    (Claim(kind="body-valid", pointer="/a", value={"minimum": 3}), [said({"a": 2})], [said({"a": "2"})]),
    (Claim(kind="body-valid", pointer="/a", value={"exclusiveMaximum": 3}), [said({"a": 3})], [said({"a": 2.5})]),
    (Claim(kind="body-valid", pointer="/a", value={"maxLength": 1}), [said({"a": "xy"})], [said({"a": [1, 2]})]),
    (Claim(kind="body-valid", pointer="/a", value={"minItems": 1}), [said({"a": []})], [said({})]),
    (Claim(kind="body-valid", pointer="/a", value={"pattern": "^\\p{L}$"}), [said({"a": "1"})], [said({"a": "é"})]),
    (Claim(kind="body-valid", pointer="/a", value={"format": "date-time"}), [said({"a": "2026-01-01 00:00:00Z"})], [said({"a": "2026-01-01T00:00:00Z"})]),
    (Claim(kind="body-obeys", pointer="/t/k", value={"schema": TREE, "keyword": "minimum"}), [said({"t": {"k": 2}})], [said({"t": {"k": 5}})]),
    (Claim(kind="body-has", pointer="/a/*/b"), [said({"a": [{"b": 1}, {}]})], [said({"a": [{"b": None}]})]),
    (Claim(kind="body-lacks", pointer="/a~1b"), [said({"a/b": 1})], [said({"a": 1})]),
    (Claim(kind="body-has-any", value=["a", "b"]), [said({"c": 1})], [said({"b": 1})]),
    (Claim(kind="body-has-any", pointer="/*", value=["a", "b"]), [said([{"c": 1}, 3])], [said([])]),
    (Claim(kind="body-echoes", pointer="/a", value="x"), [said({"a": "y"})], [said({})]),
    (Claim(kind="body-echoes", pointer="/a", value=1), [said({"a": True})], [said({"a": 1.0})]),
    (Claim(kind="body-echoes", pointer="/a", value=False), [said({"a": 0})], [said({"a": False})]),
    (Claim(kind="body-echoes", pointer="/a", value={"b": [1]}), [said({"a": {"b": []}})], [said({"a": {"b": [1], "c": 2}})]),
    (Claim(kind="body-echoes", pointer="/a", value="2026-01-01T00:00:00Z"), [said({"a": "2026-01-01T01:00:00Z"})], [said({"a": "2026-01-01T01:00:00+01:00"})]),
    (Claim(kind="body-keeps", pointer="/a", value="x"), [said({})], [said({"a": "x"})]),
    (Claim(kind="body-differs", pointer="/a", value=99), [said({"a": 99})], [said({})]),
    (Claim(kind="same", pointer="/a"), [said({"a": 1}), said({})], [said({"a": 1}), said({"a": 1, "b": 2})]),
    (Claim(kind="same-status"), [said(status=200), said(status=404)], [said(status=404), said(status=404)]),
    (Claim(kind="same-place", pointer="/a"), [said({"a": 1}), said({"a": 2})], [said({"a": 1}), said({})]),
    (Claim(kind="fresh", pointer="/id"), [said({"id": 1}), said({"id": 1})], [said({"id": 1}), said({"id": 2})]),
    (Claim(kind="fresh", pointer="/*/id"), [said([{"id": 1}]), said([{"id": 1}])], [said([]), said([])]),
    (Claim(kind="as-made", pointer="/id"), [said({"id": 1}), said({"id": 2})], [said({"id": 1}), said({"id": 1})]),
    (Claim(kind="body-one-of", pointer="/*/a", value=["x"]), [said([{"a": "X"}, {"a": "y"}])], [said([{"a": "X"}, {"a": None}, {}])]),
    (Claim(kind="apart", pointer="/*/id", value="/id"), [said({"id": 1}), said([{"id": 2}, {"id": 1}])], [said({"id": 1}), said([{"id": 2}, {}])]),
    (Claim(kind="header-fresh", pointer="Location"), [said(Location="/a/1"), said(Location="/a/1")], [said(Location="/a/1"), said(Location="/a/2")]),
    (Claim(kind="body-one-of", pointer="/a", value=["true", "1"]), [said({"a": False})], [said({"a": 1})]),
]  # fmt: skip


def scripted(claim: Claim, answers: list[tuple]) -> tuple[Exchange, ...]:
    bodies = [b"1", b"2"] if claim.kind == "fresh" else [b"", b""]
    asked = [Request(method="POST", url="/a", body=body) for body, _ in zip(bodies, answers, strict=False)]
    return tuple(
        Exchange(request=request, response=Response(status=status, headers=headers, body=body))
        for request, (status, headers, body) in zip(asked, answers, strict=True)
    )


@pytest.mark.parametrize(("claim", "breaking", "conforming"), KINDS)
def test_a_program_says_of_each_kind_of_claim_what_accord_says(claim, breaking, conforming, monkeypatch):
    told = {}
    for which, answers in (("breaking", breaking), ("conforming", conforming)):
        *earlier, last = scripted(claim, answers)
        status = str(last.response.status)
        shown = reproducing.witness(last, tuple(earlier))
        finding = Finding(code="c", severity=Severity.ERROR, message="no", status=status, witness=shown, claim=claim)
        again = reproducing.reproduced(finding, "", 5.0).reproduce
        with answering((*earlier, last), []) as url:
            told[which] = (
                claims.holds(claim, status, last, tuple(earlier)),
                run(again.python, url, monkeypatch),
                run(again.pytest, url, monkeypatch),
            )
    assert told == {"breaking": (False, "no", "no"), "conforming": (True, "", "")}


def test_every_kind_of_claim_is_shown_by_a_program():
    in_pairs = {found(name).claim.kind for name in NAMES}
    assert in_pairs | {claim.kind for claim, _, _ in KINDS} == claims.KINDS.keys()


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


@settings(deadline=None)
@example("", "", b"", "\ud800", "python")
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
