"""Recorder: writes the exchanges of a requests session into a recording, secrets masked before they reach the file."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

from accord import masking, recordings
from accord.exchange import Exchange, Headers, Request, Response


class Recorder:
    """Writes every exchange of a session that it is attached to.

    `secrets` are names of environment variables; their values are written as `$NAME` wherever they stand. Headers whose
    name says that they hold a secret (`Authorization`, `Cookie`, `X-API-KEY`, …) are masked in any case.

    Example:
        with Recorder("runs.har", secrets=("CEKURA_API_KEY",)) as recorder:
            recorder.attach(session)
            session.get("https://api.example.com/runs/17")
    """

    def __init__(self, path: str | Path, *, secrets: Iterable[str] = ()) -> None:
        """Name the recording; nothing is written before the block is entered."""
        self._writing: AbstractContextManager[Callable[[Exchange], None]] = recordings.writing(Path(path))
        self._add: Callable[[Exchange], None] | None = None
        self._secrets = tuple(secrets)

    def __enter__(self) -> Self:
        """Open the recording."""
        self._add = self._writing.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        """Complete the recording."""
        self._add = None
        self._writing.__exit__(None, None, None)

    def attach(self, session: Any) -> None:
        """Record what `session` does from now on, until the block ends."""
        session.hooks["response"].append(self.record)

    def record(self, answer: Any, *_arguments: Any, **_options: Any) -> None:
        """Write one `requests.Response` and its request: a response hook of requests."""
        if self._add is not None:
            self._add(from_requests(answer, self._secrets))


def from_requests(answer: Any, secrets: Iterable[str] = ()) -> Exchange:
    """The exchange that a `requests.Response` ends, secrets masked as `$NAME`."""
    sent = answer.request
    headers = tuple((_text(name), _text(value)) for name, value in sent.headers.items())
    values: dict[str, str] = {}
    for name, value in headers:
        if masking.SENSITIVE.search(name):
            values.setdefault(masking.name_for(name), value.removeprefix("Bearer ").removeprefix("Basic "))
    known = tuple(secrets)
    hidden = (
        *masking.masks(masking.Secrets({}), known),
        *sorted(((value, f"${name}") for name, value in values.items() if value), key=lambda item: -len(item[0])),
    )
    body = sent.body or b""
    body = body.encode() if isinstance(body, str) else body
    masked = masking.mask_headers(headers, hidden)
    url = masking.mask_text(_text(sent.url), hidden)
    texts = (url, *(value for _, value in masked))
    names = (name for name in (*known, *values) if any(f"${name}" in text for text in texts))
    request = Request(
        method=sent.method,
        url=url,
        headers=masked,
        body=masking.mask_bytes(body, hidden) if isinstance(body, bytes) else b"",
        secrets=tuple(dict.fromkeys(names)),
    )
    return Exchange(request=request, response=_response(answer, hidden))


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
