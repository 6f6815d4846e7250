"""A `PATCH` changes what it speaks of, and nothing else.

Broken by a server that makes the thing anew from what a `PATCH` says, so that who changes one property loses what he
wrote in others. Compared is the answer to the `PATCH` with what earlier requests wrote and were shown; what the
answer leaves out, the next read tells (`read-back`).

Example: `PATCH` with `{"name": "b"}`, and the answer has the `size` that a new thing has, not the one that was written.
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
    if exchange.request.method != "PATCH" or not histories.succeeded(exchange):
        return False
    return bool(histories.about(histories.place(exchange.request), earlier))


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given, now, medium = histories.written(exchange), histories.value(exchange), media_type(operation, exchange)
    if not isinstance(given, dict) or not isinstance(now, dict) or medium is None:
        return
    known = histories.about(histories.place(exchange.request), earlier)
    for name, value, writer in _kept(known):
        if name in given or name not in now or histories.same(value, now[name]):
            continue
        if histories.kind(now[name]) not in {histories.kind(value), "null"}:
            continue
        yield broken_property(
            f"`{name}` was written as {shown(value)} by {writer} and is {shown(now[name])} after a `PATCH` that says "
            "nothing of it",
            "a `PATCH` changes nothing but what it speaks of",
            medium,
            Claim(kind="body-echoes", pointer=join("", name), value=value),
        )


def _kept(known: tuple[Exchange, ...]) -> Iterator[tuple[str, Json, str]]:
    """What was written of a thing, and shown so last: name, value, and which exchange wrote it."""
    sent: dict[str, tuple[Json, str]] = {}
    for other in known:
        written, answer = histories.written(other), histories.value(other)
        if other.request.method == "PUT":
            sent.clear()
        if isinstance(written, dict):
            sent |= {name: (value, histories.named(other)) for name, value in written.items()}
        for name, (value, _) in tuple(sent.items()):
            if isinstance(answer, dict) and not (histories.same(value, answer.get(name, ABSENT)) and name in answer):
                del sent[name]
    yield from ((name, value, writer) for name, (value, writer) in sent.items() if value is not None)


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    follows=_follows,
)
