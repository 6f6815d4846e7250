"""A request that says that nothing shall be done changes nothing.

Broken by a service that takes `dryRun` (or `validateOnly`, `simulate`) for a word about its answer. Told is what was
read just before such a request, was answered with success, and is read with another text, flag or null just after;
numbers and what a clock draws may have moved by themselves.

Example: `POST /notes/bulk` with `"dryRun": true` names note 1, and `GET /notes/1` then has `"pinned": true`.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    asked = exchange.request.method == "GET" and histories.succeeded(exchange)
    return asked and _tried(earlier) is not None


def _tried(earlier: tuple[Exchange, ...]) -> int | None:
    """Which of `earlier`, the last that could change something, said that it shall not."""
    at = histories.last_write(earlier)
    body = histories.written(earlier[at]) if at >= 0 and histories.succeeded(earlier[at]) else None
    said = isinstance(body, dict) and any(histories.is_dry(name) and part is True for name, part in body.items())
    return at if said else None


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    at = _tried(earlier)
    if at is None:
        return
    begun = histories.last_write(earlier[:at]) + 1
    before, now = histories.last_read(histories.place(exchange.request), earlier[begun:at]), histories.value(exchange)
    if not isinstance(before, dict) or not isinstance(now, dict):
        return
    for name in sorted(before.keys() | now.keys()):
        pair = (before.get(name, ABSENT), now.get(name, ABSENT))
        if pair[0] != pair[1] and not _moves(pair):
            yield broken_property(
                f"`{name}` was {_told(pair[0])} and is {_told(pair[1])} after {histories.named(earlier[at])}, which "
                "said that nothing shall be done",
                "a request that says that nothing shall be done changes nothing",
                media_type(operation, exchange),
                Claim(kind="body-keeps", pointer=join("", name), value=None if pair[0] is ABSENT else pair[0]),
            )
            return


def _moves(pair: tuple[Json, Json]) -> bool:
    """Whether what was there may have become what is there by itself."""
    return ABSENT in pair or histories.looks_volatile(pair)


def _told(value: Json) -> str:
    return "absent" if value is ABSENT else shown(value)


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
