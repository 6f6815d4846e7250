"""Things that are there: a service that knows only what it has made, and lets each be used once."""

import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from accord.fuzzing import things
from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

REASONS = {"late", "lost", "spoilt"}


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.reply
        raise AttributeError(name)

    def reply(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, value = self.answer(self.path, body) if self.command == "POST" else (405, {})
        self.server.seen.append((self.path, status))
        text = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} so\r\nContent-Type: application/json\r\nAllow: POST\r\nContent-Length: {len(text)}\r\n\r\n"
        self.wfile.write(head.encode() + text)

    def answer(self, path, body):
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return 400, {}
        if self.headers.get_content_type() != "application/json" or not isinstance(value, dict):
            return 400, {}
        closing = re.fullmatch("/orders/([0-9]{1,9})/close", path)
        if closing:
            return self.close(int(closing[1]), value)
        known = {"/orders": self.order, "/refunds": self.refund}
        return known[path](value) if path in known else (404, {})

    def order(self, value):
        item = value.get("item")
        if not isinstance(item, str) or not 1 <= len(item) <= 9:
            return 400, {}
        number = 1000 + len(self.server.orders)
        self.server.orders[number] = "open"
        return 201, {"id": number, "item": item}

    def close(self, number, value):
        if number not in self.server.orders:
            return 404, {}
        missing = "lost" if self.server.crash == "no reason" else ""
        if not isinstance(value.get("reason", missing), str) or value.get("reason", missing) not in REASONS:
            return 400, {}
        if self.server.orders[number] == "closed":
            return 409, {}
        if value.get("reason") == self.server.crash:
            return 500, {}
        self.server.orders[number] = "closed"
        return 200, {"id": number}

    def refund(self, value):
        if type(value.get("orderId")) not in {int, float} or not isinstance(value.get("full", True), bool):
            return 400, {}
        if value["orderId"] not in self.server.orders:
            return 404, {}
        return 200, {"orderId": value["orderId"]}

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(crash=""):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Orders)
    server.orders, server.seen, server.crash = {}, [], crash
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def orders():
    return load(str(Path(__file__).parent / "orders.yaml"))


def test_what_a_path_or_a_body_names_is_made_beforehand_and_made_anew_where_it_is_used_up(orders):
    with serving() as (url, server):
        report = fuzz(orders, FuzzOptions(url=url, examples=20))
    statuses = Counter((path.rpartition("/")[2], status) for path, status in server.seen)
    assert statuses["refunds", 200] > 10
    assert statuses["close", 200] > 10
    assert statuses["close", 200] > statuses["close", 409]
    assert "server-error" not in {item.code for item in report.findings}


def test_what_goes_wrong_only_with_a_thing_that_is_there_is_found(orders):
    with serving("spoilt") as (url, _):
        report = fuzz(orders, FuzzOptions(url=url, examples=0))
    found = [item.operation for item in report.findings if item.code == "server-error"]
    assert found == ["POST /orders/{orderId}/close"]


def test_what_a_service_takes_only_of_a_thing_that_nobody_has_used_is_found(orders):
    with serving("no reason") as (url, _):
        report = fuzz(orders, FuzzOptions(url=url, examples=0))
    found = [item.pointer for item in report.findings if item.code == "invalid-accepted"]
    assert "/body/reason/required" in found


def test_a_thing_that_the_user_names_is_not_made(orders):
    with serving() as (url, server):
        options = FuzzOptions(url=url, examples=0, operations=("POST /refunds",), values={"orderId": "7"})
        fuzz(orders, options)
    assert {path.partition("?")[0].rstrip("/") for path, _ in server.seen} == {"/refunds"}
    assert Counter(status for _, status in server.seen)[404] > 2  # no order has this number yet: it was asked for
    (close,) = (item for item in things.foreseen(orders.operations, ("orderId",)) if "{" in item.path)
    assert close in orders.operations
