"""Entries of HAR 1.2: the exchanges in the text of a file, and in single entries, however tools write them."""

import base64
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import urlencode

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import BODILESS, Case, Damaged, Exchange, Headers, Request, Response
from accord.files import coding, envelopes, exchange_json, remains
from accord.files.envelopes import Plain
from accord.files.salvage import elements

Beside: TypeAlias = Callable[[Json], bytes | None]
"""The body that stands beside the entries under a name; None where there is none."""

_ENTRIES = r'\s*\{.*?"log"\s*:.*?"entries"\s*:\s*\['


def exchanges(data: bytes, name: str, beside: Beside) -> Iterator[Exchange | Damaged]:
    """The exchanges of a file's text, `source` as `name:number`; AccordError when it is no HAR file."""
    return numbered(_entries(data, name), name, beside)


def numbered(entries: Iterable[Json | Plain | Damaged], name: str, beside: Beside) -> Iterator[Exchange | Damaged]:
    """The exchange of each entry, or why it is none, `source` as `name:number`."""
    for number, entry in enumerate(entries, start=1):
        source = f"{name}:{number}"
        if isinstance(entry, Damaged):
            yield replace(entry, source=source)
            continue
        try:
            yield envelopes.exchange(entry, source) if isinstance(entry, tuple) else _exchange(entry, source, beside)
        except exchange_json.BROKEN as problem:
            yield Damaged(source=source, reason=f"the entry is no exchange of HAR 1.2 ({exchange_json.why(problem)})")


def _entries(data: bytes, name: str) -> Iterator[Json | Plain | Damaged]:
    """The entries of a file, also of one that breaks off; AccordError when it is no HAR file."""
    texts = envelopes.entries(data)
    try:
        if texts is None:
            yield from _decoded(data)["log"]["entries"]
            return
    except (KeyError, TypeError):
        raise AccordError(f"`{name}` is no HAR file: it has no list `log/entries`.") from None
    except (ValueError, RecursionError):
        yield from _salvaged(data, name)
        return
    for number, text in enumerate(texts):
        entry = envelopes.plain(text)
        try:
            yield _decoded(bytes(text)) if entry is None else entry
        except (ValueError, RecursionError):
            yield from itertools.islice(_salvaged(data, name), number, None)
            return


def _salvaged(data: bytes, name: str) -> Iterator[Json | Damaged]:
    text = data.decode("utf-8-sig", "replace")
    begun = list(elements(text, _ENTRIES))
    if not begun[0:1] or begun[0][1].startswith("no JSON: "):
        raise AccordError(f"`{name}` is no HAR file: it is no JSON.")
    yield from (Damaged(source="", reason=problem) if problem else entry for entry, problem in begun)


def _decoded(data: bytes) -> Json:
    import msgspec

    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(data.decode("utf-8-sig"))  # it takes half a surrogate pair and a byte order mark


def _exchange(entry: Mapping[str, Json], source: str, beside: Beside) -> Exchange:
    extra = entry.get("_accord") or {}
    asked, answered = entry["request"], entry.get("response") or {}
    headers = _headers(asked)
    body = base64.b64decode(extra["body_base64"]) if "body_base64" in extra else _posted(asked, beside)
    secrets = tuple(extra.get("secrets", ()))
    request = Request(method=asked["method"], url=asked["url"], headers=headers, body=body, secrets=secrets)
    status = int(answered.get("status") or 0)
    elapsed = max(round(float(entry.get("time") or 0) / 1000, 6), 0.0)  # browsers write -1 for what they do not know
    response = None if status <= 0 else _answer(answered, beside, status, elapsed, str(asked["method"]))
    failure = extra.get("failure") or ("" if response else remains.unanswered(answered))
    case = Case(request=request, **extra["case"]) if "case" in extra else None
    return Exchange(request=request, response=response, case=case, failure=failure, source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    """The headers; those that begin with a colon are HTTP/2's way to write method and address."""
    found = message.get("headers") or ()
    return tuple((str(item["name"]), str(item["value"])) for item in found if not item["name"].startswith(":"))


def _posted(asked: Mapping[str, Json], beside: Beside) -> bytes:
    data = asked.get("postData") or {}
    apart = data.get("_file") or data.get("_sha1")
    if apart and not data.get("text"):
        return beside(apart) or b""
    text = data.get("text")
    if not text and data.get("params"):
        text = urlencode([(item["name"], item.get("value", "")) for item in data["params"]])
    if data.get("encoding") == "base64":
        return base64.b64decode(str(text or ""), validate=True)
    return str(text or "").encode("utf-8", "surrogatepass")


def _answer(answered: Mapping[str, Json], beside: Beside, status: int, elapsed: float, method: str) -> Response:
    content, headers = answered.get("content") or {}, _headers(answered)
    text = content.get("text")
    if content.get("encoding") == "base64":
        body = base64.b64decode("".join(str(text or "").split()), validate=True)
    else:
        body = str(text or "").encode("utf-8", "surrogatepass")
    apart = content.get("_file") or content.get("_sha1")
    kept = None if text is not None or not apart else beside(apart)
    lost = "" if kept is not None or method == "HEAD" or status in BODILESS else remains.lost(answered, body)
    return Response(
        status=status,
        reason=str(answered.get("statusText") or ""),
        headers=headers,
        body=coding.decoded(body if kept is None else kept, headers),
        elapsed=elapsed,
        lost=lost,
    )
