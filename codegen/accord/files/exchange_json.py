"""An exchange as JSON, accord's own form, version 1: what lines, arrays and columns of a recording hold.

`{"accord": 1, "request": {…}, "response": {…} or null}`. A request has `method`, `url`, `headers` (pairs), `body`
(text) or `body_base64`, `secrets`; a response `status`, `reason`, `headers`, `body` or `body_base64`, `elapsed`
(seconds), and `lost` where the body is not whole. `case` and `failure` stand beside them.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict

from accord.document import Json
from accord.exchange import Case, Exchange, Headers, Request, Response
from accord.files import coding

VERSION = 1

BROKEN = (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError)
"""What reading raises where the JSON is no exchange."""


class VersionError(ValueError):
    """The form is of a version that is not known here."""


def why(problem: Exception) -> str:
    """What is wrong with JSON that raised one of BROKEN, in words that hold nothing of it."""
    if isinstance(problem, KeyError):
        hint = "; of bare bodies, name the operation that answered with --operation"
        return f"it has no `{problem.args[0]}`" + (hint if problem.args[0] == "accord" else "")
    if isinstance(problem, VersionError | coding.CodingError):
        return str(problem)
    kinds = {json.JSONDecodeError: "it is no JSON", UnicodeDecodeError: "it is no UTF-8"}
    kinds |= {RecursionError: "it is nested too deep", binascii.Error: "its base64 is broken"}
    return kinds.get(type(problem), "a part of it is not what it should be")


def text(exchange: Exchange) -> str:
    """One line of JSON."""
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
            **({"lost": response.lost} if response.lost else {}),
        },
    }
    if exchange.failure:
        line["failure"] = exchange.failure
    if exchange.case is not None:
        line["case"] = {name: value for name, value in asdict(exchange.case).items() if name != "request"}
    return json.dumps(line)


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()} if body else {}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode()}


def parsed(data: bytes | str) -> Json:
    """The value of a JSON text, also where it holds half a surrogate pair; ValueError when it is none."""
    import msgspec

    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(data)


def exchange(line: Mapping[str, Json], source: str) -> Exchange:
    """What `line` says. Raises one of BROKEN when that is no exchange."""
    if not isinstance(line, dict):
        raise TypeError
    if line["accord"] != VERSION:
        raise VersionError(f"it is not of version {VERSION}")
    asked, answered = line["request"], line["response"]
    request = Request(
        method=str(asked["method"]),
        url=str(asked["url"]),
        headers=_headers(asked),
        body=_bytes(asked),
        secrets=tuple(asked.get("secrets") or ()),
    )
    response = None
    if answered is not None:
        response = Response(
            status=int(answered["status"]),
            reason=str(answered.get("reason") or ""),
            headers=_headers(answered),
            body=_bytes(answered),
            elapsed=float(answered.get("elapsed") or 0.0),
            lost=str(answered.get("lost") or ""),
        )
    case = Case(request=request, **line["case"]) if line.get("case") else None
    return Exchange(
        request=request, response=response, case=case, failure=str(line.get("failure") or ""), source=source
    )


def _headers(message: Mapping[str, Json]) -> Headers:
    return tuple((str(name), str(value)) for name, value in message.get("headers") or ())


def _bytes(message: Mapping[str, Json]) -> bytes:
    if message.get("body_base64") is not None:
        return base64.b64decode(message["body_base64"], validate=True)
    return str(message.get("body") or "").encode("utf-8", "surrogatepass")
