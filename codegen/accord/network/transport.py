"""A Request sent, an Exchange back: limits, rate, no redirects, secrets put in at the last moment and masked again."""

import datetime as dt
import email.utils
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import urlsplit

from accord.exchange import LONGEST_HEAD, Case, Exchange, Headers, Request, Response, has_long_head, header
from accord.network import masking, wire

UNSENT = "was not sent: "
"""How the `failure` of an exchange begins when the request never left: nobody's fault but ours."""

_TOO_LONG = f"its URL and headers have more than the {LONGEST_HEAD:,} bytes that every server should take"

POLITE_RATE = 5.0
"""Requests a second to another machine, unless told otherwise."""

POLITE_REQUESTS = 1_000
"""Requests in all to another machine, unless told otherwise."""

BUSY = frozenset({429, 503})

SHORTEST = 0.05
"""Seconds that are waited at least when a service says that it is busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to talk to a service.

    `timeout` is in seconds and holds for the whole exchange; `rate` is requests a second, `max_requests` how many in
    all, `rates` and `budgets` are the same for one operation, by its name; `max_time` is in seconds from the first
    request; `patience` is how long in all a `Retry-After` is waited for; `max_body` is in bytes. `secrets` are values
    of `$NAME`, looked up before the environment; those named in `public` are known to everybody and not masked.
    """

    base_url: str
    timeout: float = 10.0
    rate: float | None = None
    rates: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    max_body: int = 10_000_000
    max_requests: int | None = None
    budgets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    max_time: float | None = None
    patience: float = 30.0
    agent: str = "accord"
    secrets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    public: frozenset[str] = frozenset()


class Transport:
    """An open line to one service for each thread that sends; `sent` counts the requests of all.

    `loopback` says whether the service is on this machine.
    """

    def __init__(self, settings: Settings, *, loopback: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the limits; nothing is sent yet."""
        self.settings = settings
        self.loopback = loopback
        self.sent = 0
        self._clock = clock
        self._begun: float | None = None
        self._lock = threading.Lock()
        self._local = threading.local()
        self._lines: list[wire.Line] = []
        self._counts: Counter[str] = Counter()
        self._due: dict[str, float] = {}
        self._patience = settings.patience
        self._prefix = urlsplit(settings.base_url).path.rstrip("/")
        self._secrets = masking.Secrets(settings.secrets, settings.public)
        self._masks: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}

    @property
    def spent(self) -> str:
        """Why nothing more may be sent; `""` while it may."""
        limits = self.settings
        if limits.max_requests is not None and self.sent >= limits.max_requests:
            return "the budget of requests is spent: raise it with --max-requests"
        if limits.max_time is not None and self._begun is not None and self._clock() - self._begun >= limits.max_time:
            return "the time is up: raise it with --max-time"
        return ""

    def spent_on(self, operation: str) -> str:
        """Why nothing more may be sent to `operation` itself; `""` while it may."""
        most = self.settings.budgets.get(operation)
        if most is not None and self._counts[operation] >= most:
            return f"its budget of {most} requests is spent: raise it with --max-requests '{operation}=N'"
        return ""

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
            time.sleep(pause)

    def close(self) -> None:
        """Close the connections and send their watchdogs home."""
        for line in self._lines:
            wire.close_line(line)

    def _once(self, request: Request, case: Case | None) -> Exchange:
        operation = "" if case is None else case.operation
        if has_long_head(request):
            return Exchange(request=request, response=None, case=case, failure=UNSENT + _TOO_LONG)
        if not self._admitted(operation):
            return Exchange(request=request, response=None, case=case, failure=UNSENT + "the budget is spent")
        started = self._clock()
        try:
            answer = self._answer(request)
        except wire.UnsendableError as problem:
            with self._lock:
                self.sent, self._counts[operation] = self.sent - 1, self._counts[operation] - 1
            return Exchange(request=request, response=None, case=case, failure=f"{UNSENT}{problem}")
        except wire.WireError as problem:
            return Exchange(request=request, response=None, case=case, failure=str(problem))
        hidden = self._hidden(request.secrets)
        response = Response(
            status=answer.status,
            reason=answer.reason,
            headers=masking.mask_headers(answer.headers, hidden),
            body=masking.mask_bytes(answer.body, hidden),
            elapsed=round(self._clock() - started, 6),
        )
        return Exchange(request=request, response=response, case=case)

    def _hidden(self, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """What to mask in an answer to a request with the secrets `names`, made once."""
        if names not in self._masks:
            self._masks[names] = masking.masks(self._secrets, names)
        return self._masks[names]

    def _answer(self, request: Request) -> wire.Answer:
        names, limits = request.secrets, self.settings
        filled = tuple((key, masking.fill(self._secrets, value, names)) for key, value in request.headers)
        message = wire.Message(
            method=request.method,
            target=self._prefix + masking.fill(self._secrets, request.url, names, url=True),
            headers=_complete(filled, limits.agent),
            body=request.body,
        )
        return wire.exchange(self._line(), message, timeout=limits.timeout, max_body=limits.max_body)

    def _line(self) -> wire.Line:
        """The line of this thread."""
        known: wire.Line | None = getattr(self._local, "line", None)
        if known is None:
            known = self._local.line = wire.open_line(self.settings.base_url, loopback=self.loopback)
            with self._lock:
                self._lines.append(known)
        return known

    def _admitted(self, operation: str) -> bool:
        """Take one request of the budgets and wait for its turn; False when there is none left."""
        with self._lock:
            if self.spent or self.spent_on(operation):
                return False
            self._begun = self._clock() if self._begun is None else self._begun
            self.sent, self._counts[operation] = self.sent + 1, self._counts[operation] + 1
            pause = self._turn(operation)
        if pause > 0:
            time.sleep(pause)
        return True

    def _turn(self, operation: str) -> float:
        """Seconds until the next request to `operation` may leave, which takes that turn."""
        rates = (("", self.settings.rate), (operation, self.settings.rates.get(operation)))
        now = time.monotonic()
        kept = {name: rate for name, rate in rates if rate}
        if not kept:
            return 0.0
        turn = max(now, *(self._due.get(name, now) for name in kept))
        self._due.update((name, turn + 1 / rate) for name, rate in kept.items())
        return turn - now

    def _pause(self, answered: Exchange) -> float | None:
        if answered.response is None or answered.response.status not in BUSY:
            return None
        pause = _seconds((header(answered.response.headers, "Retry-After") or "").strip())
        with self._lock:
            if pause is None or pause > self._patience:
                return None
            self._patience -= pause
        return pause


def _seconds(text: str) -> float | None:
    """What a `Retry-After` asks for: seconds or a date (RFC 9110 section 10.2.3)."""
    if text.isascii() and text.isdigit():
        return max(float(text[:9]), SHORTEST)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return max((aware - dt.datetime.now(tz=dt.UTC)).total_seconds(), SHORTEST)


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
