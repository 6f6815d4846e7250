"""Cassettes: the interactions of VCR.py and of Ruby's VCR, as exchanges and back, whatever text they are written in."""

import base64
import io
import json
from collections.abc import Callable, Iterator, Mapping

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Damaged, Exchange, Headers, Request, Response
from accord.files import coding, exchange_json, sources

LISTS = ("interactions", "http_interactions")
"""Names of the list: VCR.py's, and that of Ruby's VCR, in whose form Schemathesis writes."""

_REWRITTEN = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def read(
    file: io.BufferedReader, name: str, interactions: Callable[[bytes, str], Iterator[Json | Damaged]]
) -> Iterator[Exchange | Damaged]:
    """The exchanges of a cassette whose text is read by `interactions`, which also is told the file's name."""
    for number, entry in enumerate(interactions(sources.whole(file), name), start=1):
        source = f"{name}:{number}"
        if isinstance(entry, Damaged):
            yield Damaged(source=source, reason=entry.reason)
            continue
        try:
            yield _exchange(entry, source)
        except exchange_json.BROKEN as problem:
            yield Damaged(source=source, reason=f"the interaction is no exchange ({exchange_json.why(problem)})")


def listed(found: Json, name: str) -> list[Json]:
    """The interactions of a document; AccordError when it has no list of such."""
    entries = next((found[key] for key in LISTS if key in found), None) if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise AccordError(f"`{name}` is no cassette: it has no list `interactions`.")
    return entries


def _exchange(entry: Mapping[str, Json], source: str) -> Exchange:
    asked, answered = entry["request"], entry["response"]
    headers = _headers(asked)
    request = Request(
        method=str(asked["method"]).upper(),
        url=str(asked.get("uri") or asked["url"]),
        headers=headers,
        body=_body(asked, headers),
    )
    if answered is None:
        return Exchange(request=request, response=None, failure="gave no answer", source=source)
    status, headers = answered["status"], _headers(answered)
    response = Response(
        status=int(status["code"]),
        reason=str(status.get("message") or ""),
        headers=headers,
        body=_body(answered, headers),
        elapsed=float(answered.get("elapsed") or 0.0),
        lost="the recording cut the body short" if "truncated_from" in answered else "",
    )
    return Exchange(request=request, response=response, source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    found = []
    for name, values in (message.get("headers") or {}).items():
        found += [(str(name), str(value)) for value in (values if isinstance(values, list) else [values])]
    return tuple(found)


def _body(message: Mapping[str, Json], headers: Headers) -> bytes:
    if "parsed_body" in message:
        parsed = message["parsed_body"]
        return parsed.encode("utf-8", "surrogatepass") if isinstance(parsed, str) else json.dumps(parsed).encode()
    body = message.get("body", message.get("content"))
    if isinstance(body, dict):
        coded = body.get("base64_string")
        body = base64.b64decode(coded) if coded is not None else body.get("string")
    if body is None:
        return b""
    if not isinstance(body, str | bytes):
        return json.dumps(body).encode()
    return coding.decoded(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body, headers)


def interaction(exchange: Exchange) -> dict[str, Json]:
    """An interaction as VCR.py plays it back: the body as it is, so without the headers that told how it was packed."""
    asked, answered = exchange.request, exchange.response
    request = {"body": _text(asked.body), "headers": _by_name(asked.headers), "method": asked.method, "uri": asked.url}
    response: dict[str, Json] | None = None
    if answered is not None:
        response = {
            "body": {"string": _text(answered.body)},
            "headers": _by_name(answered.headers),
            "status": {"code": answered.status, "message": answered.reason},
            **({"truncated_from": -1} if answered.lost else {}),
        }
    return {"request": request, "response": response}


def _text(body: bytes) -> str | bytes | None:
    try:
        return body.decode() if body else None
    except UnicodeDecodeError:
        return body


def _by_name(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in _REWRITTEN:
            found.setdefault(name, []).append(value)
    return found
