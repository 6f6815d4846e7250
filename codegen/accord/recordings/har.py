"""HAR 1.2, which browsers and proxies write. accord keeps what HAR has no place for in the custom field `_accord`.

That is the case (what the request was meant to be), the names of the secrets, a failure on the wire, and a body that is
no UTF-8. Other tools ignore it. What browsers, mitmproxy, Playwright and Schemathesis write is read; where they kept
only the beginning of a body, or none, the body is not judged, and the report says so.
"""

import base64
import io
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Case, Exchange, Headers, Request, Response, header
from accord.files import coding, envelopes, exchange_json, remains, sources
from accord.files.envelopes import Plain
from accord.files.salvage import elements
from accord.recordings import Damaged, Recording

_BODILESS = frozenset({204, 205, 304})
_ENTRIES = r'\s*\{.*?"log"\s*:.*?"entries"\s*:\s*\['

OPENING = '{"log": {"version": "1.2", "creator": {"name": "accord", "version": "1"}, "entries": [\n'


def _pairs(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _entry(exchange: Exchange) -> str:
    elapsed = 0.0 if exchange.response is None else exchange.response.elapsed
    begun = datetime.now(UTC) - timedelta(seconds=elapsed)
    extra: dict[str, Json] = {}
    if exchange.request.secrets:
        extra["secrets"] = list(exchange.request.secrets)
    if exchange.failure:
        extra["failure"] = exchange.failure
    if exchange.case is not None:
        extra["case"] = {name: value for name, value in asdict(exchange.case).items() if name != "request"}
    entry = {
        "startedDateTime": begun.isoformat(timespec="milliseconds"),
        "time": round(elapsed * 1000, 3),
        "request": _request(exchange.request, extra),
        "response": _response(exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": round(elapsed * 1000, 3), "receive": 0},
        "_accord": extra,
    }
    text = json.dumps(entry, ensure_ascii=False)
    return text if text.isascii() or _is_unicode(text) else json.dumps(entry)


def _is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold `text`; half a surrogate pair it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _request(request: Request, extra: dict[str, Json]) -> dict[str, Json]:
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    written: dict[str, Json] = {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        text = _text(request.body)
        if text is None:
            extra["body_base64"] = base64.b64encode(request.body).decode()
        written["postData"] = {"mimeType": header(request.headers, "Content-Type") or "", "text": text or ""}
    return written


def _response(response: Response | None) -> dict[str, Json]:
    answer = response or Response(status=0)
    text = _text(answer.body)
    content: dict[str, Json] = {
        "size": len(answer.body),
        "mimeType": header(answer.headers, "Content-Type") or "",
        "text": base64.b64encode(answer.body).decode() if text is None else text,
    }
    if text is None:
        content["encoding"] = "base64"
    if answer.lost and answer.body:
        content["comment"] = f"Body truncated: {answer.lost}"
    elif answer.lost:
        del content["text"]
        content["size"] = -1
    return {
        "status": answer.status,
        "statusText": answer.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(answer.headers),
        "content": content,
        "redirectURL": header(answer.headers, "Location") or "",
        "headersSize": -1,
        "bodySize": -1 if answer.lost and not answer.body else len(answer.body),
    }


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    for number, entry in enumerate(_entries(sources.whole(file), name), start=1):
        source = f"{name}:{number}"
        if isinstance(entry, Damaged):
            yield replace(entry, source=source)
            continue
        try:
            yield envelopes.exchange(entry, source) if isinstance(entry, tuple) else _exchange(entry, source)
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


def _exchange(entry: Mapping[str, Json], source: str) -> Exchange:
    extra = entry.get("_accord") or {}
    asked, answered = entry["request"], entry.get("response") or {}
    headers = _headers(asked)
    body = base64.b64decode(extra["body_base64"]) if "body_base64" in extra else _posted(asked, source)
    secrets = tuple(extra.get("secrets", ()))
    request = Request(method=asked["method"], url=asked["url"], headers=headers, body=body, secrets=secrets)
    status = int(answered.get("status") or 0)
    elapsed = round(float(entry.get("time") or 0) / 1000, 6)
    response = None if status <= 0 else _answer(answered, source, status, elapsed, str(asked["method"]))
    failure = extra.get("failure") or ("" if response else remains.unanswered(answered))
    case = Case(request=request, **extra["case"]) if "case" in extra else None
    return Exchange(request=request, response=response, case=case, failure=failure, source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    """The headers; those that begin with a colon are HTTP/2's way to write method and address."""
    found = message.get("headers") or ()
    return tuple((str(item["name"]), str(item["value"])) for item in found if not item["name"].startswith(":"))


def _posted(asked: Mapping[str, Json], source: str) -> bytes:
    data = asked.get("postData") or {}
    if "_file" in data and not data.get("text"):
        return remains.beside(source, data["_file"]) or b""
    text = data.get("text")
    if not text and data.get("params"):
        text = urlencode([(item["name"], item.get("value", "")) for item in data["params"]])
    if data.get("encoding") == "base64":
        return base64.b64decode(str(text or ""), validate=True)
    return str(text or "").encode("utf-8", "surrogatepass")


def _answer(answered: Mapping[str, Json], source: str, status: int, elapsed: float, method: str) -> Response:
    content, headers = answered.get("content") or {}, _headers(answered)
    text = content.get("text")
    if content.get("encoding") == "base64":
        body = base64.b64decode("".join(str(text or "").split()), validate=True)
    else:
        body = str(text or "").encode("utf-8", "surrogatepass")
    kept = None if text is not None or "_file" not in content else remains.beside(source, content["_file"])
    lost = "" if kept is not None or method == "HEAD" or status in _BODILESS else remains.lost(answered, body)
    return Response(
        status=status,
        reason=str(answered.get("statusText") or ""),
        headers=headers,
        body=coding.decoded(body if kept is None else kept, headers),
        elapsed=elapsed,
        lost=lost,
    )


def _sniff(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"log"' in start


RECORDING = Recording(
    suffixes=(".har",),
    sniff=_sniff,
    read=_read,
    entry=_entry,
    opening=OPENING,
    separator=",\n",
    closing="\n]}}\n",
)
