"""A Request sent, an Exchange back: limits, rate, no redirects, secrets put in at the last moment and masked again."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from accord import masking, wire
from accord.exchange import Case, Exchange, Headers, Request, Response, header

UNSENT = "was not sent: "
"""How the `failure` of an exchange begins when the request never left: nobody's fault but ours."""

POLITE_RATE = 5.0
"""Requests a second to another machine, unless told otherwise."""

POLITE_REQUESTS = 1_000
"""Requests in all to another machine, unless told otherwise."""

BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to talk to a service.

    `timeout` is in seconds and holds for the whole exchange; `rate` is requests a second; `patience` is how long in all
    a `Retry-After` is waited for; `max_body` is in bytes. `secrets` are values of `$NAME`, looked up before the
    environment; those named in `public` are known to everybody and not masked in answers.
    """

    base_url: str
    timeout: float = 10.0
    rate: float | None = None
    max_body: int = 10_000_000
    max_requests: int | None = None
    patience: float = 30.0
    agent: str = "accord"
    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    public: frozenset[str] = frozenset()


class Transport:
    """An open line to one service; `sent` counts the requests, `loopback` says whether it is this machine."""

    def __init__(self, settings: Settings, *, loopback: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the limits; nothing is sent yet."""
        self.settings = settings
        self.loopback = loopback
        self.sent = 0
        self._clock = clock
        self._line = wire.Line(loopback=loopback)
        self._pool: Any = None
        self._due = 0.0
        self._patience = settings.patience
        self._prefix = urlsplit(settings.base_url).path.rstrip("/")
        self._secrets = masking.Secrets(settings.secrets, settings.public)

    @property
    def spent(self) -> bool:
        """Whether the budget of requests is used up."""
        return self.settings.max_requests is not None and self.sent >= self.settings.max_requests

    def send(self, request: Request, case: Case | None = None) -> Exchange:
        """The exchange that `request` starts; trouble on the network is told in `failure`, never raised.

        Raises ConfigError when a secret has no value. After a 429 or 503 with `Retry-After` it is
        sent again, while patience lasts.
        """
        while True:
            answered = self._once(request, case)
            pause = self._pause(answered)
            if pause is None or self.spent:
                return answered
            self._patience -= pause
            time.sleep(pause)

    def close(self) -> None:
        """Close the connection and send the watchdog home."""
        self._line.closed.set()
        if self._pool is not None:
            self._pool.close()

    def _once(self, request: Request, case: Case | None) -> Exchange:
        if self.spent:
            return Exchange(request=request, response=None, case=case, failure=UNSENT + "the budget is spent")
        self._wait()
        started = self._clock()
        try:
            answer = self._answer(request)
        except wire.UnsendableError as problem:
            return Exchange(request=request, response=None, case=case, failure=f"{UNSENT}{problem}")
        except wire.WireError as problem:
            self.sent += 1
            return Exchange(request=request, response=None, case=case, failure=str(problem))
        self.sent += 1
        hidden = masking.masks(self._secrets, request.secrets)
        response = Response(
            status=answer.status,
            reason=answer.reason,
            headers=masking.mask_headers(answer.headers, hidden),
            body=masking.mask_bytes(answer.body, hidden),
            elapsed=round(self._clock() - started, 6),
        )
        return Exchange(request=request, response=response, case=case)

    def _answer(self, request: Request) -> wire.Answer:
        names, limits = request.secrets, self.settings
        if self._pool is None:
            self._pool = wire.open_pool(limits.base_url, self._line)
        filled = tuple((key, masking.fill(self._secrets, value, names)) for key, value in request.headers)
        message = wire.Message(
            method=request.method,
            target=self._prefix + masking.fill(self._secrets, request.url, names, url=True),
            headers=_complete(filled, limits.agent),
            body=request.body,
        )
        return wire.exchange(self._pool, self._line, message, timeout=limits.timeout, max_body=limits.max_body)

    def _wait(self) -> None:
        if self.settings.rate:
            now = time.monotonic()
            if self._due > now:
                time.sleep(self._due - now)
            self._due = max(self._due, now) + 1 / self.settings.rate

    def _pause(self, answered: Exchange) -> float | None:
        if answered.response is None or answered.response.status not in BUSY:
            return None
        text = (header(answered.response.headers, "Retry-After") or "").strip()
        if not (text.isascii() and text.isdigit()):
            return None
        pause = max(float(text[:9]), 0.05)
        return pause if pause <= self._patience else None


def open_transport(settings: Settings) -> Transport:
    """A line to `settings.base_url`, told whether it leads to this machine by the address it really connects to.

    To any other machine rate and number of requests are limited, unless the settings say otherwise.

    Raises UnreachableError when nothing answers there, ConfigError when it is no URL.
    """
    loopback = wire.is_loopback(wire.probe(settings.base_url, settings.timeout))
    if not loopback:
        rate = POLITE_RATE if settings.rate is None else settings.rate
        budget = POLITE_REQUESTS if settings.max_requests is None else settings.max_requests
        settings = replace(settings, rate=rate, max_requests=budget)
    return Transport(settings, loopback=loopback)


def _complete(headers: Headers, agent: str) -> Headers:
    present = {name.lower() for name, _ in headers}
    usual = (("User-Agent", agent), ("Accept", "*/*"))
    return (*headers, *(pair for pair in usual if pair[0].lower() not in present))
