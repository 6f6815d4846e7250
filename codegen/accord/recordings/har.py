"""HAR 1.2, which browsers and proxies write. accord keeps what HAR has no place for in the custom field `_accord`.

That is the case (what the request was meant to be), the names of the secrets, a failure on the wire, and a body that is
no UTF-8. Other tools ignore it.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Case, Exchange, Headers, Request, Response, header
from accord.recordings import Recording

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
    return {
        "status": answer.status,
        "statusText": answer.reason,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(answer.headers),
        "content": content,
        "redirectURL": header(answer.headers, "Location") or "",
        "headersSize": -1,
        "bodySize": len(answer.body),
    }


def _read(path: Path) -> Iterator[Exchange]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8-sig"))["log"]["entries"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as problem:
        raise AccordError(f"`{path}` is no HAR file: {problem}.") from None
    for number, entry in enumerate(entries, start=1):
        try:
            yield _exchange(entry, f"{path}:{number}")
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise AccordError(f"`{path}`: entry {number} is no exchange of HAR 1.2: {problem!r}.") from None


def _exchange(entry: Mapping[str, Json], source: str) -> Exchange:
    extra = entry.get("_accord") or {}
    asked, answered = entry["request"], entry.get("response") or {}
    headers = _headers(asked)
    body = base64.b64decode(extra["body_base64"]) if "body_base64" in extra else _posted(asked.get("postData") or {})
    secrets = tuple(extra.get("secrets", ()))
    request = Request(method=asked["method"], url=asked["url"], headers=headers, body=body, secrets=secrets)
    status = int(answered.get("status") or 0)
    response = None if status <= 0 else _answer(answered, status, round(float(entry.get("time") or 0) / 1000, 6))
    failure = extra.get("failure") or ("" if response else str(answered.get("_error") or "gave no answer"))
    case = Case(request=request, **extra["case"]) if "case" in extra else None
    return Exchange(request=request, response=response, case=case, failure=failure, source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    return tuple((str(item["name"]), str(item["value"])) for item in message.get("headers", ()))


def _posted(data: Mapping[str, Json]) -> bytes:
    text = data.get("text")
    if not text and data.get("params"):
        text = urlencode([(item["name"], item.get("value", "")) for item in data["params"]])
    return str(text or "").encode("utf-8", "surrogatepass")


def _answer(answered: Mapping[str, Json], status: int, elapsed: float) -> Response:
    content = answered.get("content") or {}
    text = str(content.get("text") or "")
    body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")
    reason = str(answered.get("statusText") or "")
    return Response(status=status, reason=reason, headers=_headers(answered), body=body, elapsed=elapsed)


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
