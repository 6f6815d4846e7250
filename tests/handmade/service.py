"""The service of the first contract, written by hand from its page: imports the standard library alone.

So that accord is not its own judge. `python service.py PORT [FAULT]` serves on loopback; `serving()` does in a thread.
"""

import functools
import http.server
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

PATH = "/test_framework/v1/runs/improve_prompt_bg/"
KEY = "accord"
FAULTS = (
    "accepts-anything",
    "accepts-undeclared",
    "bare-refusal",
    "duplicate-key",
    "html-answer",
    "lost-write",
    "missing-required",
    "nan-value",
    "no-allow-header",
    "null-value",
    "open-door",
    "progress-id",
    "refuses-empty-text",
    "server-error",
    "spaced-date-time",
    "truncated-json",
    "undocumented-property",
    "undocumented-status",
    "unknown-member",
    "wrong-type",
)

TEXTS = ("feedback", "error_message", "scenario_instructions")
FLAGS = ("success", "is_reviewed")
VERDICTS = ("success", "failure", "reviewed_success", "reviewed_failure")

RUN: dict[str, Any] = {
    "id": 17,
    "provider_call_id": "c-17",
    "scenario": None,
    "scenario_name": "Scenario Deleted",
    "personality": 1,
    "personality_name": "Calm",
    "agent": 2,
    "result_id": 3,
    "result_name": "Weekly",
    "expected_outcome_prompt": "The caller is helped.",
    "expected_outcome": {
        "score": 50,
        "explanation": [],
        "outcome_alignments": [{"outcome": "Helped.", "prompt_part": "Help.", "aligned": False}],
    },
    "evaluation": {
        "metrics": [
            {"id": 1, "name": "Pace", "type": "enum", "score": 0.5, "enum": "slow", "value": "slow", "explanation": ["Slow."], "extra": {}}
        ]
    },
    "rubric": None,
    "transcript": "",
    "transcript_object": [{"role": "Agent", "content": "Hello?", "timestamp": 0}],
    "duration": "00:09",
    "voice_recording_url": "",
    "email_id": None,
    "status": "failed",
    "evaluation_status": "failure",
    "metadata": None,
    "success": False,
    "is_reviewed": True,
    "feedback": "",
    "timestamp": "2025-12-31T23:59:59.5+02:00",
    "executed_at": None,
    "outbound_number": "",
    "inbound_number": "",
    "critical_categories": [
        {"category_id": 1, "category": "Tone", "deviation": 1, "wrongly_marked": True, "feedback": "", "priority": "not_a_bug"}
    ],
    "error_message": "",
    "scenario_instructions": "",
    "run_as_text": True,
    "test_profile_data": {"id": 1, "name": "", "information": {}},
    "provider_call_details": [],
    "agent_number": None,
    "testing_channel_index": None,
    "run_type": None,
}  # fmt: skip


class BadRequestError(Exception):
    """A request that the page does not allow: the reasons by property."""

    def __init__(self, reasons: dict[str, list[str]]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection; the fault is set on the class."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536  # head and body in one packet
    fault = ""

    def answer_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.partition("?")[0] != PATH:
            self.reply(404, {"detail": "Not found."})
        elif self.command != "POST":
            allow = {} if self.fault == "no-allow-header" else {"Allow": "POST"}
            self.reply(405, {"detail": f"Method {self.command} not allowed."}, allow)
        elif self.headers.get("X-CEKURA-API-KEY") != KEY and self.fault != "open-door":
            self.reply(401, {"detail": "Authentication credentials were not provided."}, {"WWW-Authenticate": "Key"})
        else:
            self.answer_post(body)

    def answer_post(self, body: bytes) -> None:
        kind = self.headers.get("Content-Type") or ""
        charset = re.search(r'charset="?([\w-]+)', kind)
        name = kind.partition(";")[0].strip().lower()
        readers = {
            "application/json": read_json,
            "application/x-www-form-urlencoded": read_form,
            "multipart/form-data": functools.partial(read_parts, kind),
        }
        if (body or kind) and (name not in readers or (charset and charset[1].lower() not in {"utf-8", "utf8"})):
            self.reply(415, {"detail": f"Unsupported media type {kind!r}."})
            return
        try:
            sent = readers[name](body) if body or kind else {}
            sent = checked(sent, self.fault)
        except BadRequestError as problem:
            self.reply(400, ["refused"] if self.fault == "bare-refusal" else problem.reasons)
            return
        self.reply(*self.planned(sent))

    def planned(self, sent: dict[str, Any]) -> tuple[int, Any]:
        """Status and value, with the fault in it; bytes go out as they are."""
        run = {**RUN, **sent}
        whole = json.dumps(run)
        texts = [sent[name] for name in TEXTS if name in sent]
        crashes = self.fault == "server-error" and any('"' in text for text in texts)
        picky = self.fault == "refuses-empty-text" and "" in texts
        if crashes or picky:
            return (500, {"detail": "Server error."}) if crashes else (400, {"feedback": ["May not be blank."]})
        answers: dict[str, tuple[int, Any]] = {
            "progress-id": (200, {"progress_id": "0b6e3a52-2c26-4a0c-a6a1-37a3f4a7f1ce"}),
            "wrong-type": (200, {**run, "personality": "1"}),
            "missing-required": (200, {name: value for name, value in run.items() if name != "duration"}),
            "null-value": (200, {**run, "duration": None}),
            "unknown-member": (200, {**run, "status": "archived"}),
            "undocumented-property": (200, {**run, "trace": 1}),
            "undocumented-status": (202, run),
            "html-answer": (200, b"<h1>Hello</h1>"),
            "truncated-json": (200, whole[:-9].encode()),
            "nan-value": (200, {**run, "expected_outcome": {**RUN["expected_outcome"], "score": float("nan")}}),
            "duplicate-key": (200, ('{"id": 1, ' + whole[1:]).encode()),
            "lost-write": (200, {**run, **{name: f"{sent[name]}!" for name in TEXTS if name in sent}}),
            "spaced-date-time": (200, {**run, "timestamp": "2025-12-31 23:59:59"}),
        }
        return answers.get(self.fault, (200, run))

    def reply(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        html = self.fault == "html-answer" and isinstance(value, bytes)
        self.send_header("Content-Type", "text/html" if html else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer_any
        raise AttributeError(name)


def bad(reason: str) -> BadRequestError:
    return BadRequestError({"non_field_errors": [reason]})


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def read_json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise bad(f"JSON parse error - {type(problem).__name__}") from None


def read_form(body: bytes) -> dict[str, Any]:
    try:
        return typed(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise bad("Malformed form.") from None


def read_parts(kind: str, body: bytes) -> dict[str, Any]:
    named = re.search(r'boundary="?([^";]+)', kind)
    mark = b"--" + (named[1].encode() if named else b"")
    chunks = (b"\r\n" + body).split(b"\r\n" + mark)
    if not named or chunks[-1].strip() != b"--":
        raise bad("Malformed multipart form.")
    pairs = []
    for chunk in chunks[1:-1]:
        head, _, content = chunk.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if not name:
            raise bad("A part has no name.")
        try:
            pairs.append((name[1].decode(), content.decode("utf-8")))
        except UnicodeDecodeError:
            raise bad("A part is not UTF-8.") from None
    return typed(pairs)


def typed(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {name: text == "true" if name in FLAGS and text in {"true", "false"} else text for name, text in pairs}


def checked(sent: Any, fault: str) -> dict[str, Any]:
    """What of `sent` may be written; the page's body lists six properties and no other."""
    lenient = fault == "accepts-anything"
    if not isinstance(sent, dict):
        if lenient:
            return {}
        raise bad("Expected an object.")
    reasons, kept = {}, {}
    for name, value in sent.items():
        if name not in (*TEXTS, *FLAGS, "evaluation_status"):
            if fault not in {"accepts-anything", "accepts-undeclared"}:
                reasons[name] = ["This field is not expected."]
        elif fits(name, value):
            kept[name] = value
        elif not lenient:
            reasons[name] = [f"Not a valid value: {value!r}."]
    if reasons:
        raise BadRequestError(reasons)
    return kept


def fits(name: str, value: object) -> bool:
    if name in TEXTS:
        return isinstance(value, str)
    return isinstance(value, bool) if name in FLAGS else isinstance(value, str) and value in VERDICTS


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def serving(fault: str = "", port: int = 0) -> Iterator[str]:
    """The service in a thread, as its base URL."""
    handler = type("Planted", (Handler,), {"fault": fault})
    with _Server(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(5)


if __name__ == "__main__":
    with serving(sys.argv[2] if len(sys.argv) > 2 else "", int(sys.argv[1])) as url:
        print(url, flush=True)  # noqa: T201  it is a program
        threading.Event().wait()
