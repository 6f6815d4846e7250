"""Client of Cekura runs: one method for each operation of its contract."""

from __future__ import annotations


import base64
import functools
import json
import os
import pydantic
import requests
import threading
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from requests.adapters import BaseAdapter, HTTPAdapter, Retry
from typing import Any, ClassVar, Literal, Self
from urllib.parse import quote


from cekura_runs import models


_SEPARATORS: Mapping[str, str] = types.MappingProxyType({"spaceDelimited": " ", "pipeDelimited": "|"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A parameter as the contract describes it: where and how its value is written (OpenAPI 3.1 section 4.8.12)."""

    name: str
    where: str
    style: str
    explode: bool
    media_type: str = ""


def _plain(value: Any) -> Any:
    """`value` as JSON: models as the objects they are."""
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    """A scalar as a parameter or a form writes it; what is none as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def body_of(body: Any, media_type: str) -> dict[str, Any]:
    """`body` as the arguments of `requests` that write it in `media_type`; a model, plain JSON, or bytes."""
    if body is None:
        return {}
    plain = _plain(body)
    kind = media_type.partition(";")[0].strip()
    if kind == "multipart/form-data":
        parts = [(name, _part(name, item)) for name, item in _fields(plain)]
        return {"files": parts} if parts else {"data": b"--empty--\r\n", "boundary": "; boundary=empty"}
    if kind == "application/x-www-form-urlencoded":
        return {"data": [(name, _text(item)) for name, item in _fields(plain)] or b""}
    return {"data": plain if isinstance(plain, bytes) else json.dumps(plain, ensure_ascii=False).encode()}


def _part(name: str, item: Any) -> tuple[str | None, bytes | str]:
    """A part of a form: bytes are a file, anything else is a field."""
    return (name, item) if isinstance(item, bytes) else (None, _text(item))


def _fields(plain: Any) -> list[tuple[str, Any]]:
    return [
        (name, item)
        for name, held in plain.items()
        for item in (held if isinstance(held, list) and not any(isinstance(each, dict) for each in held) else [held])
    ]


Written = tuple[str, list[tuple[str, str]], dict[str, str], list[tuple[str, str]]]


def written(path: str, values: Sequence[tuple[Place, Any]]) -> Written:
    """The path, query pairs, headers and cookies that hold `values`; None is left out."""
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    cookies: list[tuple[str, str]] = []
    for place, given in values:
        if given is None:
            continue
        value = _text(_plain(given)) if place.media_type else _plain(given)
        if place.where == "path":
            segment = _in_path(place, value)
            if segment in {"", ".", ".."}:  # any HTTP client would make another path of it
                raise ValueError(f"{place.name} is {segment!r}, which no path can carry")
            path = path.replace("{" + place.name + "}", segment)
        elif place.where == "query":
            query += _in_query(place, value)
        elif place.where == "header":
            headers[place.name] = _joined(place, value)
        else:
            cookies += [(name, quote(text)) for name, text in _in_query(place, value)]
    return path, query, headers, cookies


def _joined(place: Place, value: Any, *, escape: Any = str, separator: str = ",") -> str:
    if isinstance(value, dict):
        between = "=" if place.explode else ","
        joiner = separator if place.explode else ","
        return joiner.join(f"{escape(name)}{between}{escape(_text(item))}" for name, item in value.items())
    if isinstance(value, list):
        return (separator if place.explode else ",").join(escape(_text(item)) for item in value)
    return str(escape(_text(value)))


def _segment(text: str) -> str:
    return quote(text, safe="")


def _in_path(place: Place, value: Any) -> str:
    if place.style == "label":
        return "." + _joined(place, value, escape=_segment, separator=".")
    if place.style == "matrix":
        if place.explode and isinstance(value, list):
            return "".join(f";{place.name}={_segment(_text(item))}" for item in value)
        joined = _joined(place, value, escape=_segment, separator=";")
        return f";{joined}" if place.explode and isinstance(value, dict) else f";{place.name}={joined}"
    return _joined(place, value, escape=_segment)


def _in_query(place: Place, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict) and place.style == "deepObject":
        return [(f"{place.name}[{name}]", _text(item)) for name, item in value.items()]
    if isinstance(value, dict) and place.explode:
        return [(name, _text(item)) for name, item in value.items()]
    if isinstance(value, list) and place.explode:
        return [(place.name, _text(item)) for item in value]
    if isinstance(value, list):
        return [(place.name, _SEPARATORS.get(place.style, ",").join(map(_text, value)))]
    return [(place.name, _joined(place, value))]


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


class UnexpectedResponse(ClientError):
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


class ImprovePromptBgBadRequest(DocumentedError):
    """POST /test_framework/v1/runs/improve_prompt_bg/ answered 400: A property was refused."""

    status = 400
    value: dict[str, list[str]]


class ImprovePromptBgUnauthorized(DocumentedError):
    """POST /test_framework/v1/runs/improve_prompt_bg/ answered 401: The key is missing or wrong."""

    status = 401
    value: models.Detail


class ImprovePromptBgForbidden(DocumentedError):
    """POST /test_framework/v1/runs/improve_prompt_bg/ answered 403: The key may not do this."""

    status = 403
    value: models.Detail


class ImprovePromptBgMethodNotAllowed(DocumentedError):
    """POST /test_framework/v1/runs/improve_prompt_bg/ answered 405: The method is not offered here."""

    status = 405
    value: models.Detail


class ImprovePromptBgUnsupportedMediaType(DocumentedError):
    """POST /test_framework/v1/runs/improve_prompt_bg/ answered 415: The media type is not taken here."""

    status = 415
    value: models.Detail


_IMPROVE_PROMPT_BG_CALL = Call(
    method="POST",
    path="/test_framework/v1/runs/improve_prompt_bg/",
    answers={
        "200": models.Run,
        "400": dict[str, list[str]],
        "401": models.Detail,
        "403": models.Detail,
        "405": models.Detail,
        "415": models.Detail,
    },
    errors={
        "400": ImprovePromptBgBadRequest,
        "401": ImprovePromptBgUnauthorized,
        "403": ImprovePromptBgForbidden,
        "405": ImprovePromptBgMethodNotAllowed,
        "415": ImprovePromptBgUnsupportedMediaType,
    },
    keys=(("api_key",),),
)


class Client(BaseClient):
    """Cekura runs."""

    servers = ("https://api.cekura.ai",)
    schemes = {"api_key": Key(name="api_key", place="header", parameter="X-CEKURA-API-KEY", variable="CEKURA_API_KEY")}

    def improve_prompt_bg(
        self,
        body: models.RunRequest | Mapping[str, Any] | None = None,
        *,
        media_type: Literal[
            "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
        ] = "application/json",
    ) -> models.Run:
        """Start improving a prompt from a run, in the background.

        The documentation page promises a Run as the reply.

        `POST /test_framework/v1/runs/improve_prompt_bg/`

        Raises:
            ImprovePromptBgBadRequest: 400, A property was refused.
            ImprovePromptBgUnauthorized: 401, The key is missing or wrong.
            ImprovePromptBgForbidden: 403, The key may not do this.
            ImprovePromptBgMethodNotAllowed: 405, The method is not offered here.
            ImprovePromptBgUnsupportedMediaType: 415, The media type is not taken here.
            UnexpectedResponse: an answer that does not fit the contract

        Example:
            client.improve_prompt_bg({'evaluation_status': 'success'})
        """
        result: models.Run = self._call(_IMPROVE_PROMPT_BG_CALL, (), body, media_type)
        return result
