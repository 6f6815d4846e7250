"""HAR 1.2, which browsers and proxies write. accord keeps what HAR has no place for in the custom field `_accord`.

That is the case (what the request was meant to be), the names of the secrets, a failure on the wire, and a body that is
no UTF-8. Other tools ignore it. What browsers, mitmproxy, Playwright and Schemathesis write is read; where they kept
only the beginning of a body, or none, the body is not judged, and the report says so.
"""

import base64
import functools
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from accord.document import Json
from accord.exchange import Exchange, Headers, Request, Response, header
from accord.files import har_entries, remains, sources
from accord.recordings import Damaged, Recording

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
    return har_entries.exchanges(sources.whole(file), name, functools.partial(remains.beside, name))


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
