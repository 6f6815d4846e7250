"""What requests need beforehand: a service that sells a basket once, and only when something is in it."""

import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from accord.loading import load
from accord.verbs.fuzz import FuzzOptions, fuzz

ID = "([a-z][0-9]{3})"
OFFERED = (
    (f"/goods/{ID}", "GET, PUT, DELETE"),
    (f"/baskets/{ID}/goods/{ID}", "PUT"),
    (f"/baskets/{ID}", "GET"),
    (".*", "POST"),
)


class Shop:
    """Goods, baskets and sales; `fault` is what is wrong with it."""

    def __init__(self, fault: str) -> None:
        self.fault, self.number = fault, 99
        self.goods: dict[str, str] = {}
        self.baskets: dict[str, dict[str, int]] = {}
        self.sold: set[str] = set()
        self.vouchers: dict[str, str] = {}

    def answer(self, method: str, path: str, headers, value):
        path = path.partition("?")[0]
        if found := re.fullmatch(f"/goods/{ID}", path):
            return self.good(method, found[1], headers, value)
        if found := re.fullmatch(f"/baskets/{ID}/goods/{ID}", path):
            return self.put(method, found[1], found[2], value)
        if found := re.fullmatch(f"/baskets/{ID}", path):
            return self.basket(method, found[1])
        if found := re.fullmatch(f"/baskets/{ID}/voucher", path):
            return self.voucher(method, found[1], value)
        if path not in {"/goods", "/baskets", "/sales"}:
            return 404, None
        if method != "POST":
            return 405, None
        return {"/goods": self.make, "/baskets": self.open, "/sales": self.sell}[path](value)

    def fresh(self, letter: str) -> str:
        self.number = self.number % 999 + 1
        return f"{letter}{self.number:03}"

    def make(self, value):
        if not is_good(value):
            return 400, None
        name = self.fresh("g")
        self.goods[name] = value["label"]
        return 201, {"id": name}

    def good(self, method: str, name: str, headers, value):
        if method not in {"GET", "PUT", "DELETE"}:
            return 405, None
        if name not in self.goods:
            return 404, None
        if method != "GET" and headers.get("If-Match") not in {None, "*"}:
            return 412, None
        if method == "DELETE":
            del self.goods[name]
            return 204, None
        if method == "PUT":
            if not is_good(value) and not (self.fault == "put" and isinstance(value, dict) and "label" in value):
                return 400, None
            self.goods[name] = value["label"]
        return 200, {"id": name}

    def open(self, _value):
        name = self.fresh("b")
        self.baskets[name] = {}
        return 201, {"id": name}

    def put(self, method: str, basket: str, good: str, value):
        if method != "PUT":
            return 405, None
        if basket not in self.baskets or good not in self.goods:
            return 404, None
        if not isinstance(value, dict) or set(value) != {"number"} or not is_number(value["number"]):
            return 400, None
        if self.fault == "many" and value["number"] == 99:
            return 500, None
        self.baskets[basket][good] = int(value["number"])
        return 200, {"id": basket}

    def basket(self, method: str, name: str):
        if method != "GET":
            return 405, None
        if name not in self.baskets:
            return 404, None
        return 200, {"id": name, "voucher": self.vouchers.get(name)}

    def voucher(self, method: str, name: str, value):
        if method != "POST":
            return 405, None
        if name not in self.baskets:
            return 404, None
        code = value.get("code") if isinstance(value, dict) and set(value) == {"code"} else None
        if not isinstance(code, str) or not re.fullmatch("[A-Z0-9]{4,12}", code, re.ASCII):
            return 400, None
        if not code.endswith("15"):
            return 409, None
        if self.fault != "forgotten":
            self.vouchers[name] = code
        return 200, {"id": name, "voucher": code}

    def sell(self, value):
        known = {"basketId": str, "paid": bool, "note": str}
        if not isinstance(value, dict) or "basketId" not in value or not value.keys() <= known.keys():
            return 400, None
        if any(not isinstance(item, known[name]) for name, item in value.items()) or len(value.get("note", "")) > 20:
            return 400, None
        basket = value["basketId"]
        if basket not in self.baskets:
            return (404 if re.fullmatch(ID, basket) else 400), None
        if not self.baskets[basket] or basket in self.sold:
            return 409, None
        if self.fault == "unpaid" and value.get("paid") is False and value.get("note") == "":
            return 500, None
        self.sold.add(basket)
        return 201, {"id": self.fresh("s")}


def is_good(value) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"label"}
        and isinstance(value["label"], str)
        and len(value["label"]) <= 9
    )


def is_number(value) -> bool:
    return type(value) in {int, float} and value % 1 == 0 and 1 <= value <= 99


def once(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


@contextmanager
def serving(fault: str = ""):
    shop, seen, lock = Shop(fault), [], threading.Lock()

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answered(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with lock:
                status, value = self.told(body)
                seen.append((self.command, re.sub("[0-9]{3}", "", self.path), status))
            text = b"" if value is None else json.dumps(value).encode()
            kind = "Content-Type: application/json\r\n" if text else ""
            offered = next(names for rule, names in OFFERED if re.fullmatch(rule, self.path.partition("?")[0]))
            allow = f"Allow: {offered}\r\n" if status == 405 else ""
            length = "" if status == 204 else f"Content-Length: {len(text)}\r\n"
            self.wfile.write(f"HTTP/1.1 {status} so\r\n{kind}{allow}{length}\r\n".encode() + text)

        def told(self, body: bytes):
            value = None
            if body and not self.path.startswith("/baskets?") and self.path != "/baskets":
                if self.headers.get_content_type() != "application/json":
                    return 400, None
                try:
                    value = json.loads(body.decode(), parse_constant=int, object_pairs_hook=once)
                    json.dumps(value, ensure_ascii=False).encode()
                except (ValueError, RecursionError):
                    return 400, None
            return shop.answer(self.command, self.path, self.headers, value)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_TRACE = answered  # noqa: N815  names of http.server

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def baskets():
    return load(str(Path(__file__).parent / "baskets.yaml"))


def test_a_thing_is_put_into_the_state_that_an_operation_wants_and_nothing_is_said_of_an_honest_service(baskets):
    with serving() as (url, seen):
        report = fuzz(baskets, FuzzOptions(url=url, examples=20))
    told = Counter((method, path, status) for method, path, status in seen)
    assert [item for item in report.findings if item.severity != "note"] == []
    assert told["POST", "/sales", 201] > 10
    assert told["POST", "/sales", 201] > told["POST", "/sales", 409]
    assert told["PUT", "/baskets/b/goods/g", 200] > told["PUT", "/baskets/b/goods/g", 404]


def test_a_condition_that_nothing_meets_is_left_out_of_what_is_about_something_else(baskets):
    with serving() as (url, seen):
        fuzz(baskets, FuzzOptions(url=url, examples=20, operations=("/goods", "/goods/{goodId}")))
    told = Counter(status for method, path, status in seen if (method, path) == ("PUT", "/goods/g"))
    assert 3 <= told[412] < told[200]
    assert 3 <= told[412] < told[400]


@pytest.mark.parametrize(
    ("fault", "code", "operation"),
    [
        ("unpaid", "server-error", "POST /sales"),
        ("many", "server-error", "PUT /baskets/{basketId}/goods/{goodId}"),
        ("put", "invalid-accepted", "PUT /goods/{goodId}"),
        ("forgotten", "action-kept", "GET /baskets/{basketId}"),
    ],
)
def test_what_goes_wrong_only_in_a_state_that_was_prepared_is_found(baskets, fault, code, operation):
    with serving(fault) as (url, _):
        report = fuzz(baskets, FuzzOptions(url=url, examples=0))
    found = {(item.code, item.operation) for item in report.findings if item.severity != "note"}
    assert found == {(code, operation)}
