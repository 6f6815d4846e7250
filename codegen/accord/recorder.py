"""Recorder: writes the exchanges of a requests session into a recording, secrets masked before they reach the file."""

import re
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any, Self
from urllib.parse import unquote, unquote_plus, urlsplit

from accord import recordings
from accord.contract import essence
from accord.exchange import Exchange, Headers, Request, Response, header
from accord.network import masking
from accord.privacy import erasing, literals, redacting, redaction, sensitive
from accord.privacy.erasing import Masks
from accord.privacy.literals import Path

_USER = re.compile(r"(?<=://)[^/@\s]+(?=@)")
_PAIR = re.compile(r"([?&#;][^=&#\s]+=)([^&#\s]*)")


class Recorder:
    """Writes every exchange of a session that it is attached to.

    `secrets` are names of environment variables; their values are written as `$NAME` wherever they stand. Headers and
    parameters of the query whose name says that they hold a secret (`Authorization`, `X-API-KEY`, `token`, …) are
    masked in any case, and so is what stands under such a name in JSON, in the events of a stream, in a form, in the
    headers of an answer and in a URL there, by texts of the same length.

    The name's ending chooses HAR (`.har`), lines (`.ndjson`), an array (`.json`) or a cassette (`.yaml`), and whether
    it is compressed. The recording is there when the block has ended.

    Example:
        with Recorder("runs.har", secrets=("CEKURA_API_KEY",)) as recorder:
            recorder.attach(session)
            session.get("https://api.example.com/runs/17")
    """

    def __init__(self, path: str | FilePath, *, secrets: Iterable[str] = ()) -> None:
        """Name the recording; nothing is written before the block is entered."""
        self._writing: AbstractContextManager[Callable[[Exchange], None]] = recordings.writing(FilePath(path))
        self._add: Callable[[Exchange], None] | None = None
        self._secrets = tuple(secrets)
        self._one = threading.Lock()

    def __enter__(self) -> Self:
        """Open the recording."""
        self._add = self._writing.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        """Complete the recording."""
        with self._one:
            self._add = None
            self._writing.__exit__(None, None, None)

    def attach(self, session: Any) -> None:
        """Record what `session` does from now on, until the block ends."""
        session.hooks["response"].append(self.record)

    def record(self, answer: Any, *_arguments: Any, **_options: Any) -> None:
        """Write one `requests.Response` and its request: a response hook of requests."""
        exchange = _closed(from_requests(answer, self._secrets))
        with self._one:
            if self._add is not None:
                self._add(exchange)


def from_requests(answer: Any, secrets: Iterable[str] = ()) -> Exchange:
    """The exchange that a `requests.Response` ends, secrets masked as `$NAME`."""
    sent, known = answer.request, tuple(secrets)
    headers = tuple((_text(name), _text(value)) for name, value in sent.headers.items())
    told = _told(headers, _text(sent.url))
    hidden = (
        *masking.masks(masking.Secrets({}), known),
        *sorted(((value, f"${name}") for value, name in told.items()), key=lambda item: -len(item[0])),
    )
    masked = masking.mask_headers(headers, hidden)
    url = masking.mask_text(_text(sent.url), hidden)
    texts = (url, *(value for _, value in masked))
    names = (name for name in (*known, *told.values()) if any(f"${name}" in text for text in texts))
    body = sent.body or b""
    body = body.encode() if isinstance(body, str) else body
    request = Request(
        method=sent.method,
        url=url,
        headers=masked,
        body=masking.mask_bytes(body, hidden) if isinstance(body, bytes) else b"",
        secrets=tuple(dict.fromkeys(names)),
    )
    return Exchange(request=request, response=_response(answer, hidden))


def _told(headers: Headers, url: str) -> dict[str, str]:
    """The values of headers and of parameters in the query whose names tell that they are secret, and those names."""
    found: dict[str, str] = {}
    for name, value in headers:
        if masking.SENSITIVE.search(name):
            found.setdefault(re.sub("^(?i:bearer|basic) ", "", value), masking.name_for(name))
    for pair in urlsplit(url).query.split("&"):
        name, _, value = pair.partition("=")
        if sensitive.is_secret(unquote(name)):
            found.setdefault(value, masking.name_for(unquote(name)))
            found.setdefault(unquote_plus(value), masking.name_for(unquote(name)))
    found.pop("", None)
    return found


def _closed(exchange: Exchange) -> Exchange:
    """`exchange` without the secrets that a name in a body, or in what is answered, tells, wherever else they stand."""
    masks = Masks()
    request = replace(exchange.request, body=_body(masks, exchange.request.body, exchange.request.headers))
    response = exchange.response
    if response is not None:
        headers = tuple((name, _header(masks, name, value)) for name, value in response.headers)
        response = replace(response, headers=headers, body=_body(masks, response.body, response.headers))
    return erasing.erased(masks, exchange, replace(exchange, request=request, response=response))


def _mask(masks: Masks, secret: str) -> str:
    if not secret or secret.startswith("$"):
        return secret
    mask = redaction.mask_scalar(secret, redaction.key())
    if len(secret) >= masking.SHORTEST:
        masks.long[secret] = mask
    return mask


def _header(masks: Masks, name: str, value: str) -> str:
    """A header of an answer, masked where its name tells a secret; else the user and the parameters of a URL in it."""
    if masking.SENSITIVE.search(name) or sensitive.is_secret(name):
        return _mask(masks, value)
    value = _USER.sub(lambda user: _mask(masks, user[0]), value)
    return _PAIR.sub(lambda pair: pair[1] + _named(masks, unquote(pair[1][1:-1]), pair[2]), value)


def _named(masks: Masks, name: str, value: str) -> str:
    return _mask(masks, value) if sensitive.is_secret(name) else value


def _body(masks: Masks, body: bytes, headers: Headers) -> bytes:
    kind = essence(header(headers, "Content-Type") or "")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    if kind == "application/x-www-form-urlencoded":
        return _PAIR.sub(lambda pair: pair[1] + _named(masks, unquote(pair[1][1:-1]), pair[2]), f"&{text}")[1:].encode()
    if kind == "multipart/form-data":
        return redacting.FIELD.sub(lambda found: _part(masks, found), body)
    if not erasing.looks_json(text, kind):
        return body

    def change(path: Path, value: str) -> str:
        return _named(masks, next((name for name in reversed(path) if name != "*"), ""), value)

    return literals.rewritten(text, change, lambda _path, number: number, lambda _path, name: name).encode()


def _part(masks: Masks, found: re.Match[bytes]) -> bytes:
    """One part of a form, masked where its name tells a secret."""
    front = found[0][: found.start("value") - found.start()]
    return front + _named(masks, found["name"].decode(), found["value"].decode()).encode()


def _response(answer: Any, hidden: tuple[tuple[str, str], ...]) -> Response:
    headers: Headers = tuple((_text(name), _text(value)) for name, value in answer.headers.items())
    masked = masking.mask_headers(headers, hidden)
    return Response(
        status=answer.status_code,
        reason=answer.reason or "",
        headers=tuple((name, "$COOKIE" if name.lower() == "set-cookie" else value) for name, value in masked),
        body=masking.mask_bytes(answer.content, hidden),
        elapsed=answer.elapsed.total_seconds(),
    )


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
