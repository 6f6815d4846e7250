"""Exchanges as lines of JSON, accord's own format, version 1: `{"accord": 1, "request": {…}, "response": {…} or null}`.

A request has `method`, `url`, `headers` (pairs), `body` (text) or `body_base64`, `secrets`; a response `status`,
`reason`, `headers`, `body` or `body_base64`, `elapsed` (seconds). `case` and `failure` stand beside them.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from accord.document import Json
from accord.exchange import Case, Exchange, Headers, Request, Response
from accord.recordings import Damaged, Recording

VERSION = 1


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()} if body else {}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def _entry(exchange: Exchange) -> str:
    request, response = exchange.request, exchange.response
    line: dict[str, Json] = {
        "accord": VERSION,
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": request.headers,
            **_body(request.body),
            **({"secrets": request.secrets} if request.secrets else {}),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "reason": response.reason,
            "headers": response.headers,
            **_body(response.body),
            "elapsed": response.elapsed,
        },
    }
    if exchange.failure:
        line["failure"] = exchange.failure
    if exchange.case is not None:
        line["case"] = {name: value for name, value in asdict(exchange.case).items() if name != "request"}
    return json.dumps(line)


def _read(path: Path) -> Iterator[Exchange | Damaged]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            source = f"{path}:{number}"
            if not line.strip():
                continue
            try:
                yield _exchange(json.loads(line), source)
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
                yield Damaged(source=source, reason=f"the line is no exchange ({type(problem).__name__})")


def _exchange(line: Mapping[str, Json], source: str) -> Exchange:
    if line["accord"] != VERSION:
        raise ValueError("another version")
    asked, answered = line["request"], line["response"]
    request = Request(
        method=str(asked["method"]),
        url=str(asked["url"]),
        headers=_headers(asked),
        body=_bytes(asked),
        secrets=tuple(asked.get("secrets", ())),
    )
    response = None
    if answered is not None:
        response = Response(
            status=int(answered["status"]),
            reason=str(answered.get("reason", "")),
            headers=_headers(answered),
            body=_bytes(answered),
            elapsed=float(answered.get("elapsed", 0.0)),
        )
    case = Case(request=request, **line["case"]) if "case" in line else None
    return Exchange(request=request, response=response, case=case, failure=str(line.get("failure", "")), source=source)


def _headers(message: Mapping[str, Json]) -> Headers:
    return tuple((str(name), str(value)) for name, value in message.get("headers", ()))


def _bytes(message: Mapping[str, Json]) -> bytes:
    if "body_base64" in message:
        return base64.b64decode(message["body_base64"], validate=True)
    return str(message.get("body", "")).encode("utf-8", "surrogatepass")


def _sniff(start: bytes) -> bool:
    return start.lstrip()[:1] == b"{" and b'"accord"' in start[:64]


RECORDING = Recording(suffixes=(".ndjson", ".jsonl"), sniff=_sniff, read=_read, entry=_entry)
