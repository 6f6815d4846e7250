"""Cassettes of VCR.py, as YAML or JSON, with compressed bodies, or bodies in `parsed_body`."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange, Headers, Request, Response, header
from accord.recordings import Damaged, Recording


def _read(path: Path) -> Iterator[Exchange | Damaged]:
    for number, entry in enumerate(_interactions(path), start=1):
        source = f"{path}:{number}"
        try:
            yield _exchange(entry, source)
        except (KeyError, TypeError, ValueError, AttributeError, OSError, EOFError, zlib.error) as problem:
            reason = (
                str(problem) if isinstance(problem, _UnreadableError) else f"no exchange ({type(problem).__name__})"
            )
            yield Damaged(source=source, reason=reason)


class _UnreadableError(ValueError):
    """A body is in a content coding that cannot be undone."""


def _interactions(path: Path) -> list[Json]:
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=loader)  # noqa: S506  a safe one
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as problem:
        raise AccordError(f"`{path}` is no cassette: {type(problem).__name__}.") from None
    found = data.get("interactions") if isinstance(data, dict) else None
    if not isinstance(found, list):
        raise AccordError(f"`{path}` is no cassette: it has no list `interactions`.")
    return found


def _exchange(entry: Mapping[str, Json], source: str) -> Exchange:
    asked, answered = entry["request"], entry["response"]
    headers = _headers(asked)
    request = Request(
        method=str(asked["method"]),
        url=str(asked.get("uri") or asked["url"]),
        headers=headers,
        body=_body(asked, headers),
    )
    status, headers = answered["status"], _headers(answered)
    response = Response(
        status=int(status["code"]),
        reason=str(status.get("message") or ""),
        headers=headers,
        body=_body(answered, headers),
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
        return parsed.encode() if isinstance(parsed, str) else json.dumps(parsed).encode()
    body = message.get("body", message.get("content"))
    if isinstance(body, dict):
        coded = body.get("base64_string")
        body = base64.b64decode(coded) if coded is not None else body.get("string")
    if body is None:
        return b""
    if not isinstance(body, str | bytes):
        return json.dumps(body).encode()
    return _decoded(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body, headers)


def _decoded(body: bytes, headers: Headers) -> bytes:
    coding = (header(headers, "Content-Encoding") or "").strip().lower()
    if body.startswith(b"\x1f\x8b") and coding in {"gzip", "x-gzip"}:
        return gzip.decompress(body)
    if coding == "deflate":
        try:
            return zlib.decompress(body)
        except zlib.error:
            return body  # undone already, as VCR.py does with decode_compressed_response
    if coding in {"br", "zstd"} and not _is_text(body):
        raise _UnreadableError(f"the body's content coding `{coding}` cannot be undone")
    return body


def _is_text(body: bytes) -> bool:
    try:
        return bool(body.decode())
    except UnicodeDecodeError:
        return False


def _sniff(start: bytes) -> bool:
    return start.lstrip().startswith((b"interactions:", b'{"interactions"')) or (
        start.lstrip()[:1] == b"{" and b'"interactions"' in start and b'"log"' not in start
    )


RECORDING = Recording(suffixes=(".yaml", ".yml", ".json"), sniff=_sniff, read=_read)
