"""A diary, written by hand from its page: honest, and in many ways unlike the services that echo what they are sent.

What is written comes late to those who read it, lists are in no order, texts are tidied, nulls are left out, a job goes
on from one look to the next. Imports the standard library alone.
"""

import http.server
import json
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PROPERTIES = {"title", "mail", "mood", "secret", "key", "place"}
SAYINGS = ("All is flux.", "Know thyself.", "Less is more.", "Nothing in excess.", "Time flies.", "So it goes.")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
MAIL = re.compile(rf"{ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*")


class RefusedError(Exception):
    """A request that gets this status."""

    def __init__(self, status: int, allow: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.allow = allow


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_page(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= PROPERTIES or not isinstance(value.get("title"), str):
        return False
    place, texts = value.get("place", {"lat": 0}), [value.get(name, "") for name in ("mail", "key")]
    return (
        1 <= len(value["title"]) <= 40
        and re.search(r"\S", value["title"]) is not None
        and all(isinstance(text, str) for text in texts)
        and ("mail" not in value or (len(value["mail"]) <= 60 and MAIL.fullmatch(value["mail"]) is not None))
        and len(texts[1]) <= 9
        and value.get("mood", "good") in ("good", "bad")
        and isinstance(value.get("secret", False), bool)
        and ("key" not in value or value.get("secret") is True)
        and isinstance(place, dict)
        and place.keys() <= {"lat", "note"}
        and number(place.get("lat"))
        and (place.get("note") is None or isinstance(place["note"], str))
    )


def read(body: bytes) -> Any:
    def unequal(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    def finite(text: str) -> float:
        found = float(text)
        if found in (float("inf"), float("-inf")):
            raise ValueError
        return found

    def none(_text: str) -> None:
        raise ValueError

    try:  # in whichever of the Unicode forms json takes
        value = json.loads(body, object_pairs_hook=unequal, parse_float=finite, parse_constant=none)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise RefusedError(400) from None
    return value


class Diary:
    """What is kept: pages with what readers still see of them, and prints with how often they were looked at."""

    def __init__(self) -> None:
        self.pages: dict[int, dict[str, Any]] = {}
        self.late: dict[int, dict[str, Any] | None] = {}
        self.prints: list[int] = []
        self.last = 0

    def keep(self, number: int, sent: dict[str, Any]) -> dict[str, Any]:
        page = {"mood": "good", "views": 0, **sent, "id": number, "title": sent["title"].strip()}
        if "mail" in page:
            page["mail"] = page["mail"].lower()
        if "place" in page:
            page["place"] = {name: item for name, item in page["place"].items() if item is not None}
        self.late[number] = self.pages.get(number)
        self.pages[number] = page
        return page

    def page(self, number: int) -> dict[str, Any]:
        page = self.late.pop(number) if number in self.late else self.pages.get(number)
        if page is None:
            raise RefusedError(404)
        return page

    def printing(self, number: int) -> dict[str, Any]:
        looks = self.prints[number - 1] = self.prints[number - 1] + 1
        state = ("waiting", "going", "done")[min(looks, 2)]
        url = {"url": f"https://prints.example/{number}?sig={random.getrandbits(64):x}"}
        return {"id": number, "state": state, **(url if state == "done" else {})}


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection; the diary is set on the class."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 65536
    diary = Diary()

    def answer_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        try:
            status, value = self.answer(path, query, body)
            self.reply(status, value)
        except RefusedError as refused:
            self.reply(refused.status, None, {"Allow": refused.allow} if refused.allow else {})

    def answer(self, path: str, query: str, body: bytes) -> tuple[int, Any]:
        found = re.fullmatch(r"/(pages|prints)(?:/([^/]+))?|/saying", path)
        if found is None:
            raise RefusedError(404)
        kind, place = found[1] or "saying", found[2]
        methods = {"saying": ["GET"], "prints": ["GET"] if place else ["POST"]}.get(
            kind, ["GET", "PUT", "DELETE"] if place else ["GET", "POST"]
        )
        if self.command not in methods:
            raise RefusedError(405, methods[0])  # the first route alone, as routers have it
        if place is not None:
            if not re.fullmatch(r"0*[1-9][0-9]{0,60}", place):
                raise RefusedError(400)
            known = range(1, len(self.diary.prints) + 1) if kind == "prints" else self.diary.pages
            if int(place) not in known:
                raise RefusedError(404)
        named = getattr(self, f"{self.command.lower()}_{kind}")
        answered: tuple[int, Any] = named(int(place) if place else None, query, body)
        return answered

    def get_pages(self, number: int | None, _query: str, _body: bytes) -> tuple[int, Any]:
        if number is not None:
            return 200, self.diary.page(number)
        pages = list(self.diary.pages.values())[-4:]
        random.shuffle(pages)
        return 200, pages

    def post_pages(self, _number: int | None, _query: str, body: bytes) -> tuple[int, Any]:
        self.diary.last += 1
        return 201, self.diary.keep(self.diary.last, self.sent(body))

    def put_pages(self, number: int, _query: str, body: bytes) -> tuple[int, Any]:
        return 200, self.diary.keep(number, self.sent(body))

    def delete_pages(self, number: int, _query: str, _body: bytes) -> tuple[int, Any]:
        del self.diary.pages[number]
        self.diary.late.pop(number, None)
        return 204, None

    def post_prints(self, _number: int | None, _query: str, _body: bytes) -> tuple[int, Any]:
        self.diary.prints.append(-1)
        return 202, self.diary.printing(len(self.diary.prints))

    def get_prints(self, number: int, _query: str, _body: bytes) -> tuple[int, Any]:
        return 200, self.diary.printing(number)

    def get_saying(self, _number: int | None, query: str, _body: bytes) -> tuple[int, Any]:
        texts = [part.partition("=")[2] for part in query.split("&") if part.partition("=")[0] == "sizes"]
        if not all(re.fullmatch(r"-?[0-9]+", text) for part in texts for text in re.split(",|%2C", part)):
            raise RefusedError(400)
        return 200, {"text": random.choice(SAYINGS)}

    def sent(self, body: bytes) -> dict[str, Any]:
        if (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(415)
        value: dict[str, Any] = read(body)
        if not is_page(value):
            raise RefusedError(400)
        return value

    def reply(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        if data:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else data)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = answer_any  # noqa: N815  as http.server wants it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The URL of a new diary, as long as it is kept."""
    kept = type("Kept", (Handler,), {"diary": Diary()})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kept) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
