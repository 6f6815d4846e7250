"""A number that is named after a list of a thing goes up by one when the list does.

Broken by a service that keeps a count beside what it counts, and forgets to move it, or moves it twice. Told is a
number of a thing, named like a list below its path (`replyCount`, `total_replies`), after one request that added to
that list: both were read just before and after, and the list has one item more.

Example: `POST /notes/1/replies` makes a second reply, and `GET /notes/1` still has `"replyCount": 1`.
"""

from collections.abc import Iterator

from accord import filters, histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type

_LATER = 202
"""Accepted, to be done some time."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    asked = exchange.request.method == "GET" and histories.succeeded(exchange)
    return asked and _added(exchange, earlier) is not None


def _added(exchange: Exchange, earlier: tuple[Exchange, ...]) -> int | None:
    """Which of `earlier`, the last that changed something, added to a list below the place of `exchange`."""
    at = histories.last_write(earlier)
    if at < 0 or earlier[at].request.method != "POST" or not histories.succeeded(earlier[at]):
        return None
    response, here = earlier[at].response, histories.place(exchange.request)
    above, _, last = histories.place(earlier[at].request).rpartition("/")
    return at if response is not None and response.status != _LATER and above == here and last else None


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    at = _added(exchange, earlier)
    if at is None:
        return
    inside, here = histories.place(earlier[at].request), histories.place(exchange.request)
    begun = histories.last_write(earlier[:at]) + 1
    before, now = histories.last_read(here, earlier[begun:at]), histories.value(exchange)
    fewer, more = (_length(histories.last_read(inside, part)) for part in (earlier[begun:at], earlier[at + 1 :]))
    if fewer is None or more != fewer + 1 or not isinstance(before, dict) or not isinstance(now, dict):
        return
    for name in sorted(before.keys() & now.keys()):
        known = (before[name], now[name])
        if filters.letters(name) in _names(inside.rpartition("/")[2]) and all(type(part) is int for part in known):
            if now[name] != before[name] + 1:
                yield broken_property(
                    f"`{name}` is {now[name]} and was {before[name]}, and {inside} has {more} items and had {fewer}",
                    "a count goes up with what it counts",
                    media_type(operation, exchange),
                    Claim(kind="body-valid", pointer=join("", name), value={"const": before[name] + 1}),
                )
            return


def _length(value: Json) -> int | None:
    """How many items the only list of an answer has; None where there is not one."""
    inside = [part for part in value.values() if isinstance(part, list)] if isinstance(value, dict) else [value]
    return len(inside[0]) if len(inside) == 1 and isinstance(inside[0], list) else None


def _names(segment: str) -> frozenset[str]:
    """How a count of what is at the end of a path may be called, as names are compared."""
    many = filters.letters(segment)
    one = many.removesuffix("ies") + "y" if many.endswith("ies") else many.removesuffix("s")
    words = {many, one}
    return frozenset(f"{word}count" for word in words) | {
        *(f"{prefix}{many}" for prefix in ("total", "num", "numberof", "numof", "countof", "n")),
    }


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
