"""What is done to one thing leaves another of its kind as it is.

Broken by a service that forgets to say in its storage which one is meant. Told is a value that a thing has not had
before, and has after another one was given the same; what is exclusive (the one default, a rank) goes the other way,
and numbers that nobody sent, moments and ids may change by themselves.

Example: `POST /orders/2/cancel` is answered with `"status": "cancelled"`, and then order 1, which was open, has that
too.
"""

from collections.abc import Iterator

from accord import histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages import routing
from accord.messages.answers import media_type, shown


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    writes = any(item.request.method not in histories.SAFE and histories.succeeded(item) for item in earlier)
    return exchange.request.method == "GET" and histories.succeeded(exchange) and writes


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    here, now = histories.place(exchange.request), histories.value(exchange)
    reads = [at for at, item in enumerate(earlier) if histories.place(item.request) == here]
    if not reads or not operation.path.rstrip("/").endswith("}") or not isinstance(now, dict):
        return
    before = histories.last_read(here, earlier[: reads[-1] + 1])
    between = [item for item in earlier[reads[-1] + 1 :] if item.request.method not in histories.SAFE]
    if not between or not isinstance(before, dict) or not all(_is_beside(operation, here, item) for item in between):
        return
    for name in sorted(now.keys() & before.keys()):
        value = now[name]
        if histories.same(value, before[name]) or not value:
            continue
        by = next((item for item in between if _gave(item, name, value)), None)
        if by is not None:
            yield broken_property(
                f"`{name}` was {shown(before[name])} and is {shown(value)} after {histories.named(by)}, "
                "which is about another thing",
                "what is done to one thing leaves the others as they are",
                media_type(operation, exchange),
                Claim(kind="same-place", pointer=join("", name)),
            )


def _is_beside(operation: Operation, here: str, exchange: Exchange) -> bool:
    """Whether `exchange` is about another thing than that at `here`, which is read by `operation`."""
    depth = here.count("/") + 1
    there = "/".join(histories.place(exchange.request).split("/")[:depth])
    one, other = routing.match_path(operation.path, here), routing.match_path(operation.path, there)
    return one is not None and other is not None and [one[name] == other[name] for name in one].count(False) == 1


def _gave(exchange: Exchange, name: str, value: Json) -> bool:
    """Whether `exchange` was sent with `value` as `name`, or, where that is a text or a flag, answered with it."""
    if not histories.succeeded(exchange):
        return False
    if histories.behind(histories.written(exchange), (name,)) == value:
        return True
    plain = isinstance(value, str | bool) and not histories.looks_volatile([value])
    return plain and histories.behind(histories.value(exchange), (name,)) == value


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
