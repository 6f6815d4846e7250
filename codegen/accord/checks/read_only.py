"""What only the server writes is not taken from a request, and the identity of a thing never moves.

Broken by a server that stores whatever it is sent, so that a client can give a thing another owner, id or date. That a
read-only name is ignored, as OpenAPI allows, breaks nothing.

Example: `{"id": 99}` is sent in a `PATCH`, and the answer has `"id": 99`.
"""

from collections.abc import Iterator, Mapping

from accord import histories
from accord.checks import Check, NotChecked, Outcome, broken_property, nothing_more
from accord.contract import MediaType, Operation, media_type_for
from accord.document import Json, join
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import answered, media_type, sent, shown
from accord.schemas import shapes

READ_ONLY = "readOnly"

_IDENTITIES = ("id", "uuid", "_id", "created_at", "createdat", "created")


def _concerns(exchange: Exchange) -> bool:
    return exchange.case is not None and histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, got = media_type(operation, exchange), answered(operation, exchange)
    if medium is None or not isinstance(got, dict):
        return
    given = sent(operation, exchange)
    hidden = _hidden(operation, exchange, given)
    taken = [name for name in hidden if histories.same(given[name], got.get(name, ABSENT)) and name in got]
    for name in taken:
        if not _is_telling(given[name]):
            yield NotChecked(
                f"`{name}` was sent as {shown(given[name])}, which an answer may have by chance", whole=False
            )
            continue
        yield broken_property(
            f"`{name}` is read-only, was sent as {shown(given[name])}, and has that value in the answer",
            "only the server writes it",
            medium,
            Claim(kind="body-differs", pointer=join("", name), value=given[name]),
        )
    yield from _moved(exchange, earlier, got, medium, frozenset(given if isinstance(given, dict) else ()))


def _hidden(operation: Operation, exchange: Exchange, given: Json) -> tuple[str, ...]:
    """The names in the request that its schema keeps for the server, where that is what is wrong with the request."""
    if exchange.case is None or exchange.case.fault != READ_ONLY:
        return ()
    body = operation.body
    written = media_type_for(body.content, header(exchange.request.headers, "Content-Type") or "") if body else None
    if written is None or written.schema is None or not isinstance(given, dict):
        return ()
    found = shapes.top(written.schema).found
    return tuple(name for name in given if any(rule is False for rule in shapes.children(found, name)))


def _is_telling(value: Json) -> bool:
    """Whether no answer has `value` by chance."""
    return not isinstance(value, bool) and value not in (None, 0, 1, "", [], {})


def _moved(
    exchange: Exchange, earlier: tuple[Exchange, ...], got: Mapping[str, Json], medium: MediaType, given: frozenset[str]
) -> Iterator[Outcome]:
    """Identities that differ from what the last answer about the same place had."""
    here = histories.place(exchange.request)
    if exchange.request.method not in {"GET", "PUT", "PATCH"}:
        return
    others = [item for item in earlier if histories.place(item.request) == here and histories.succeeded(item)]
    known = next((value for item in reversed(others) if isinstance(value := histories.value(item), dict)), {})
    for name in got:
        before, now = known.get(name, ABSENT), got[name]
        fixed = name.lower() in _IDENTITIES and name not in given
        if fixed and before is not ABSENT and None not in (before, now) and not histories.same(before, now):
            yield broken_property(
                f"`{name}` was {shown(before)} and is {shown(now)} after a request that did not speak of it",
                "the identity of a thing never moves",
                medium,
                Claim(kind="same-place", pointer=join("", name)),
            )


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    concerns=_concerns,
    overrides=("echo", "repeatability"),
)
