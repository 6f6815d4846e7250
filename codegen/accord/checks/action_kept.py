"""A state that a request was answered with is there at the next read.

Broken by an action (`POST /orders/7/cancel`) or a change that shows the new state in its own answer and stores nothing.
Told is a property that the answer to such a request, at the path of the thing or below it, has with another value than
before, and that the next read has as it was before. What is done later (`202`) is not.

Example: cancelling is answered with `"status": "cancelled"`, and the next read has `"status": "open"`, as before.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown

_LATER = 202
"""Accepted, to be done some time."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return exchange.request.method == "GET" and histories.succeeded(exchange) and _done(exchange, earlier) is not None


def _done(exchange: Exchange, earlier: tuple[Exchange, ...]) -> tuple[Exchange, Exchange] | None:
    """The answer about the thing before the last request that may have changed it, and the answer to that one."""
    here = histories.place(exchange.request)
    at = next((index for index in reversed(range(len(earlier))) if _acts(earlier[index], here)), None)
    if at is None or earlier[at].request.method == "DELETE" or not histories.succeeded(earlier[at]):
        return None
    response = earlier[at].response
    if response is not None and response.status == _LATER:
        return None
    before = [item for item in histories.about(here, earlier[:at]) if isinstance(histories.value(item), dict)]
    return (before[-1], earlier[at]) if before else None


def _acts(exchange: Exchange, here: str) -> bool:
    place = histories.place(exchange.request)
    return exchange.request.method not in histories.SAFE and (place == here or place.startswith(f"{here}/"))


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    done, medium = _done(exchange, earlier), media_type(operation, exchange)
    if done is None or medium is None:
        return
    before, told, now = (histories.value(item) for item in (*done, exchange))
    if not isinstance(now, dict) or not _is_the_same_thing(before, told, now):
        return
    for name in sorted(now.keys() & before.keys()):
        if not _differ(before[name], now[name]) and _differ(told[name], now[name]):
            yield broken_property(
                f"`{name}` was answered as {shown(told[name])} by {histories.named(done[1])} and is read as "
                f"{shown(now[name])}, as before",
                "a read has what was answered",
                medium,
                Claim(kind="body-keeps", pointer=join("", name), value=told[name]),
            )


def _differ(one: Json, other: Json) -> bool:
    return not (one == other or (one is not None and histories.same(one, other)))


def _is_the_same_thing(before: Json, told: Json, now: Json) -> bool:
    """Whether `told` describes what both reads describe: all that they have in common, under the same id."""
    if not isinstance(told, dict) or not (before.keys() & now.keys()) <= told.keys():
        return False
    return len(told) > 1 and histories.identity(told) == histories.identity(now)


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    follows=_follows,
)
