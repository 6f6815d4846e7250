"""What every generated client is made of; copied into each `client.py` with `placing`, so that it needs no accord."""

import base64
import functools
import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import pydantic
import requests
from requests.adapters import BaseAdapter, HTTPAdapter, Retry

from accord.generating.placing import Place, body_of, written

_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
_BUSY = frozenset({429, 503})
_LONGEST_PAUSE = 60.0


class ClientError(Exception):
    """A call that gave no documented success; `response` is the raw answer, None when there was none."""

    def __init__(self, message: str, response: requests.Response | None = None) -> None:
        """Say what happened; no secret stands in it."""
        super().__init__(message)
        self.response = response


class MissingKeyError(ClientError):
    """A key that the operation wants was neither given nor found in the environment."""


class NoAnswerError(ClientError):
    """The service gave no answer: it could not be reached, timed out, or broke off."""


class UnexpectedResponse(ClientError):  # noqa: N818  what users of typed clients know it by
    """An answer that does not fit what the contract promises: its status, media type or body."""


class DocumentedError(ClientError):
    """An error that the contract documents for the operation; `value` is the body it promises."""

    status: ClassVar[int] = 0

    def __init__(self, message: str, response: requests.Response, value: Any) -> None:
        """Keep the answer and its body."""
        super().__init__(message, response)
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One way to authenticate: where its secret goes, and the environment variable it is read from."""

    name: str
    place: str
    parameter: str
    variable: str
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One operation: how it is called, what it may answer by status, and the keys it wants, by alternative."""

    method: str
    path: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, type[DocumentedError]] = field(default_factory=dict)
    keys: Sequence[Sequence[str]] = ()


class _Retry(Retry):
    """Retries that never sleep longer than a person would wait."""

    def get_retry_after(self, response: Any) -> float | None:
        pause = super().get_retry_after(response)
        return None if pause is None else min(pause, _LONGEST_PAUSE)


class _Adapter(BaseAdapter):
    """Retries by method: what may be sent twice on any failure, the rest only where it was not taken."""

    def __init__(self, retries: int) -> None:
        super().__init__()
        plain = _Retry(total=retries, status_forcelist=_BUSY, backoff_factor=0.2, raise_on_status=False)
        careful = _Retry(total=retries, read=0, other=0, allowed_methods=None, raise_on_status=False)
        self._plain, self._careful = HTTPAdapter(max_retries=plain), HTTPAdapter(max_retries=careful)

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        chosen = self._plain if request.method in _IDEMPOTENT else self._careful
        return chosen.send(request, *arguments, **options)

    def close(self) -> None:
        self._plain.close()
        self._careful.close()


class BaseClient:
    """A session with one service; safe to share between threads as far as `requests.Session` is."""

    servers: ClassVar[Sequence[str]] = ()
    schemes: ClassVar[Mapping[str, Key]] = {}

    def __init__(
        self,
        key: str | None = None,
        *,
        keys: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
        base_url: str | None = None,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        retries: int = 2,
        trust_env: bool = False,
    ) -> None:
        """Open a session.

        `key` is the secret of the first security scheme, `keys` are secrets by scheme; what is not given is read from
        the environment when it is needed, from the variable in `variables` or the usual one of the scheme. `timeout` is
        for connecting and for reading, in seconds. A `session` that is passed in keeps its own adapters and settings.
        """
        given = {**({next(iter(self.schemes)): key} if key is not None and self.schemes else {}), **(keys or {})}
        for name, secret in given.items():
            _check(name, secret)
        self.__keys = given
        self.__last = threading.local()
        self._variables = dict(variables or {})
        self.base_url = (base_url or (self.servers[0] if self.servers else "")).rstrip("/")
        if not self.base_url.startswith(("http://", "https://")):
            raise ValueError("the contract names no server with its scheme and host; pass it as `base_url`")
        self.timeout = timeout
        self._own = session is None
        self.session = session or requests.Session()
        if session is None:
            self.session.trust_env = trust_env
            for scheme in ("https://", "http://"):
                self.session.mount(scheme, _Adapter(retries))

    def __repr__(self) -> str:
        """Name the service, and no key."""
        return f"{type(self).__name__}({self.base_url!r})"

    def __enter__(self) -> Self:
        """Enter a block at whose end the session is closed."""
        return self

    def __exit__(self, *_problem: object) -> None:
        """Close the session."""
        self.close()

    def close(self) -> None:
        """Close the session, unless it was passed in."""
        if self._own:
            self.session.close()

    @property
    def last_response(self) -> requests.Response | None:
        """The raw answer to the last call in this thread."""
        return getattr(self.__last, "response", None)

    def _call(
        self, call: Call, values: Sequence[tuple[Place, Any]] = (), body: Any = None, media_type: str = ""
    ) -> Any:
        path, query, headers, cookies = written(call.path, values)
        for key in self._wanted(call):
            text = key.prefix + self._secret(key)
            if key.place == "query":
                query.append((key.parameter, text))
            elif key.place == "cookie":
                cookies.append((key.parameter, text))
            else:
                headers[key.parameter] = text
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in cookies)
        written_body = body_of(body, media_type)
        if "data" in written_body and media_type:
            headers["Content-Type"] = media_type + written_body.pop("boundary", "")
        headers = {"Accept": "application/json, */*;q=0.5", **headers}
        response = self._sent(call, self.base_url + path, params=query, headers=headers, **written_body)
        if isinstance(response, str):  # raised out here, so that no exception with the key in it hangs on it
            raise NoAnswerError(f"{call.method} {call.path}: no answer: {response}")
        self.__last.response = response
        return _read(call, response)

    def _sent(self, call: Call, url: str, **parts: Any) -> requests.Response | str:
        try:
            return self.session.request(call.method, url, timeout=self.timeout, allow_redirects=False, **parts)
        except requests.RequestException as problem:
            told = problem.args[0] if problem.args else None  # what urllib3 gave up for, where it tried again
            return type(getattr(told, "reason", None) or problem).__name__

    def _wanted(self, call: Call) -> tuple[Key, ...]:
        groups = [tuple(self.schemes[name] for name in group) for group in call.keys]
        chosen = next((group for group in groups if group and all(map(self._find, group))), None)
        if chosen is None and groups and () not in groups:
            missing = next(key for key in groups[0] if not self._find(key))
            variable = self._variables.get(missing.name, missing.variable)
            raise MissingKeyError(f"{call.method} {call.path} wants a key: pass it, or export {variable}=…")
        return chosen or ()

    def _find(self, key: Key) -> str:
        return self.__keys.get(key.name) or os.environ.get(self._variables.get(key.name, key.variable), "")

    def _secret(self, key: Key) -> str:
        secret = self._find(key)
        _check(key.name, secret)
        return base64.b64encode(secret.encode()).decode() if key.prefix == "Basic " else secret


def _check(name: str, secret: str) -> None:
    if not (secret.isascii() and secret.isprintable()):
        raise ValueError(f"the key for {name} holds characters that no header can carry")


def _read(call: Call, response: requests.Response) -> Any:
    status = str(response.status_code)
    asked = f"{call.method} {call.path}"
    for known in (status, f"{status[0]}XX", "default"):
        if known in call.answers or known in call.errors:
            promised = None if call.method == "HEAD" else call.answers.get(known)
            value = _value(asked, response, promised)
            if known not in call.errors:
                return value
            raise call.errors[known](f"{asked}: {status} {response.reason}", response, value)
    said = "a redirect, which is not followed" if response.is_redirect else "no documented status"
    raise UnexpectedResponse(f"{asked}: {status} is {said}", response)


def _value(asked: str, response: requests.Response, promised: Any) -> Any:
    if promised is None:
        return None
    if promised is bytes:
        return response.content
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError):
        raise UnexpectedResponse(f"{asked}: {response.status_code} is no JSON", response) from None
    try:
        return _adapter(promised).validate_python(found, by_alias=True, by_name=False)
    except pydantic.ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = "/".join(map(str, first["loc"])) or "the body"
        reason = f"{where}: {first['msg']} ({problem.error_count()} problems)"
        raise UnexpectedResponse(f"{asked}: {response.status_code} does not fit: {reason}", response) from None


@functools.lru_cache(maxsize=512)
def _adapter(promised: Any) -> "pydantic.TypeAdapter[Any]":
    return pydantic.TypeAdapter(promised)
