"""Lessons: a service that says what is wrong with a request, and wants far more than its contract says."""

import json
import re
import threading
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from accord.findings import Severity
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

LEVELS = ("novice", "expert")


def _text(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII)


def _day(value):
    try:
        return bool(_text("[0-9]{4}-[0-9]{2}-[0-9]{2}")(value) and date.fromisoformat(value))
    except ValueError:
        return False


WANTED = {
    "since": (_day, "not a date"),
    "fare": (
        lambda value: type(value) in {int, float} and value % 1 == 0 and 0 <= value <= 400,
        "must be between 0 and 400",
    ),
    "zone": (_text("[A-Z]{2}[0-9]{4,6}"), "is invalid"),
    "guide": (lambda value: isinstance(value, dict) and value.keys() == {"mail", "level"}, "wants `mail` and `level`"),
    "guide.mail": (_text(r"[a-z0-9.]+@[a-z0-9]+\.[a-z.]+"), "is invalid"),
    "guide.level": (lambda value: value in LEVELS, "must be one of: novice, expert"),
}


def wrong(body, needed):
    """What is said of each part of a body that is refused."""
    if not isinstance(body, dict):
        return {"": ["wants an object"]}
    guide = body.get("guide")
    parts = {**body, **({f"guide.{name}": item for name, item in guide.items()} if isinstance(guide, dict) else {})}
    found = {name: ["is required"] for name in needed if name not in body}
    for name, value in parts.items():
        fits, text = WANTED.get(name, (lambda _value: False, "is not permitted"))
        if not fits(value):
            found[name] = [text]
    return found


class Routes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    allowed = "GET, PUT, PATCH"

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.reply
        raise AttributeError(name)

    def reply(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.server.lock:
            status, value = self.answer(body)
        self.server.seen.append((self.command, status))
        text = json.dumps(value).encode()
        lines = [f"HTTP/1.1 {status} so", "Content-Type: application/json", f"Content-Length: {len(text)}"]
        lines += [f"Allow: {self.allowed}"] if status == 405 else []
        self.wfile.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (text if self.command != "HEAD" else b""))

    def answer(self, body):
        if not self.path.startswith("/routes/"):
            return 404, {}
        if self.command not in {"GET", "PUT", "PATCH"}:
            return 405, {}
        name = self.path.removeprefix("/routes/")
        if not re.fullmatch("[A-Z]{3}-[A-Z]{3}", name):
            return 422, {"errors": {"route": ["is no name of a route"]}}
        kept = self.server.routes.get(name)
        if self.command == "GET" or (self.command == "PATCH" and kept is None):
            return (404, {}) if kept is None else (200, kept)
        return self.write(name, kept, body)

    def write(self, name, kept, body):
        if self.headers.get_content_type() != "application/json":
            return 415, {}
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return 400, {}
        errors = wrong(value, ("since", "guide") if self.command == "PUT" else ())
        if errors:
            return 422, {"errors": errors}
        new = {**kept, **value} if self.command == "PATCH" else value
        if self.command != self.server.forgets or "zone" not in value:
            self.server.routes[name] = new
        return 200, new

    def log_message(self, *_):
        """Say nothing."""


class Guests(Routes):
    """Guests whose day of birth is wanted, and letters to them, of which three urgent copies are too many."""

    allowed = "POST"

    def answer(self, body):
        found = re.fullmatch("/guests(?:/(1[0-9]{3})/letters)?", self.path)
        if not found:
            return 404, {}
        if self.command != "POST":
            return 405, {}
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return 400, {}
        if self.headers.get_content_type() != "application/json" or not isinstance(value, dict):
            return 400, {}
        if found[1]:
            return self.write_letter(int(found[1]), value)
        if value.keys() != {"born"} or not _day(value["born"]):
            return 422, {}
        number = 1000 + len(self.server.routes)
        self.server.routes[number] = value
        return 201, {"id": number, **value}

    def write_letter(self, number, value):
        copies = value.get("copies", 1)
        if number not in self.server.routes:
            return 404, {}
        if not value.keys() <= {"copies", "urgent"} or type(copies) not in {int, float} or copies not in {1, 2, 3}:
            return 422, {}
        if not isinstance(value.get("urgent", False), bool):
            return 422, {}
        return (500 if (copies, value.get("urgent")) == (3, True) else 201), {}


@contextmanager
def served(forgets="", service=Routes):
    server = ThreadingHTTPServer(("127.0.0.1", 0), service)
    server.routes, server.seen, server.lock, server.forgets = {}, [], threading.Lock(), forgets
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def routes():
    return load(str(Path(__file__).parent / "routes.yaml"))


def test_a_body_and_an_id_are_learned_from_what_refusals_name_and_nothing_is_found_wrong(routes):
    with served() as (server, url):
        report = fuzz(routes, FuzzOptions(url=url, examples=20))
    assert [item for item in report.findings if item.severity is not Severity.NOTE] == []
    written = [status for command, status in server.seen if command in {"PUT", "PATCH"}]
    assert written.count(200) > 100
    assert set(next(iter(server.routes.values()))) <= {"since", "fare", "zone", "guide"}


def test_sequences_are_made_of_what_was_taken(routes):
    with served(forgets="PATCH") as (_server, url):
        report = fuzz(routes, FuzzOptions(url=url, examples=20))
    found = {(item.code, item.operation) for item in report.findings if item.severity is Severity.ERROR}
    assert found == {("read-back", "GET /routes/{route}")}


def test_what_is_sent_to_things_is_learned_once_these_can_be_made():
    guests = load(str(Path(__file__).parent / "guests.yaml"))
    with served(service=Guests) as (_server, url):
        report = fuzz(guests, FuzzOptions(url=url, examples=0))
    found = [(item.code, item.operation) for item in report.findings if item.severity is Severity.ERROR]
    assert found == [("server-error", "POST /guests/{guestId}/letters")]
