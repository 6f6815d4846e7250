"""A small shop over HTTP, written by hand from shop.yaml: imports the standard library alone."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .keeping import Reply, Shop
from .mischief import CRASHES, KEPT, text_of
from .reading import MISSING, SESSION, SHOP_KEY, STAFF, Call, RefusedError, allowed, body, route, unlocked, values
from .replies import FAULTS, REPLIES
from .wanted import Wanted

__all__ = ["ENVIRONMENT", "FAULTS", "serving"]

ENVIRONMENT = {"SHOP_KEY": SHOP_KEY, "STAFF_TOKEN": STAFF, "SESSION": SESSION}
"""What the caller's environment holds."""

BODIES = frozenset(
    {
        "createItem",
        "replaceItem",
        "changeItem",
        "addReview",
        "createCustomer",
        "changeCustomer",
        "placeOrder",
        "fillCart",
    }
)


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection to the shop."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    fault = ""
    shop: Shop
    wanted: Wanted
    lock: threading.Lock

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call("")
        try:
            with self.lock:
                reply = self.served(call, content)
        except RefusedError as problem:
            title = {"title": problem.reason, "status": problem.status}
            reply = Reply(problem.status, title, problem.headers, "application/problem+json")
        except ConnectionAbortedError:
            self.close_connection = True
            return
        if self.fault in REPLIES:
            REPLIES[self.fault][1](call, reply)
        self.send(reply)

    def served(self, call: Call, content: bytes) -> Reply:
        path, _, query = self.path.partition("?")
        methods, places = route(path)
        method = "GET" if self.command == "HEAD" else self.command
        if method not in methods:
            raise RefusedError(405, f"{method} is not offered here.", {"Allow": allowed(path)})
        call.operation = methods[method]
        if not unlocked(call.operation, self.headers, query, self.fault):
            raise RefusedError(401, "The key is missing or wrong.", {"WWW-Authenticate": "Bearer"})
        call.parameters = values(self.wanted.parameters.get(call.operation, {}), places, query, self.headers)
        if call.operation in BODIES:
            call.body = self.read(call, content)
        if self.fault == "hangs-up-on-empty-text" and isinstance(call.body, dict) and call.body.get("text") == "":
            raise ConnectionAbortedError
        if self.fault in CRASHES and CRASHES[self.fault](call):
            return Reply(500, {"error": "Internal Server Error"})
        if self.fault in KEPT and call.operation in KEPT[self.fault][0] and call.body is not MISSING:
            call.body = KEPT[self.fault][1](call.body)
        return self.shop.do(call)

    def read(self, call: Call, content: bytes) -> Any:
        kind = self.headers.get("Content-Type") or ""
        if not content and not kind:
            raise RefusedError(400, "The body is missing.")
        value = body(call.operation, kind, content, self.fault)
        if reason := self.wanted.bodies[call.operation](value):
            raise RefusedError(400, f"The body {reason}.")
        return value

    def send(self, reply: Reply) -> None:
        content = reply.raw if reply.raw is not None else b"" if reply.status == 204 else text_of(reply).encode()
        self.send_response(reply.status)
        if content and reply.kind:
            self.send_header("Content-Type", reply.kind)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def serving(fault: str = "", port: int = 0) -> Iterator[str]:
    """The shop in a thread, as its base URL."""
    planted = {"fault": fault, "shop": Shop(fault), "wanted": Wanted(fault), "lock": threading.Lock()}
    with _Server(("127.0.0.1", port), type("Planted", (Handler,), planted)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(5)
