"""What was written is read back, what was not written to stays as it was, and what was deleted is gone.

Broken by a write that is lost, cut or stored beside its place, by a change that touches its neighbours, by a new
thing that takes the place of another, and by one that lives on after its deletion. Compared are the properties that a
read has in common with what was sent to the same place, numbers by value, date-times by the moment they name.

Example: `PATCH` with `{"price": 5}` is answered `200`, and the next read has the price of before.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from accord import histories, keeping, lists
from accord.checks import Broken, Check, NotChecked, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, sent, shown

_GONE = frozenset({404, 410})
_LATER = 202
"""Accepted, to be done some time."""

_CREATED = 201

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(slots=True)
class _Kept:
    """What a place should hold: `sent` by name, with what that write's own answer `told` and which one it was.

    `shown` is the last answer about it; `by` the last write.
    """

    sent: dict[str, Json] = field(default_factory=dict)
    told: dict[str, Json] = field(default_factory=dict)
    writer: dict[str, str] = field(default_factory=dict)
    shown: Json = ABSENT
    exists: bool | None = None
    by: str = ""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    if _creates(exchange):
        return any(_creates(item) and item.request.url == exchange.request.url for item in earlier)
    if exchange.request.method != "GET" or exchange.response is None:
        return False
    writes = (item for item in earlier if item.request.method in _WRITES and histories.succeeded(item))
    here = histories.place(exchange.request)
    return any(histories.place(item.request) == here or histories.is_made_at(item, here) for item in writes)


def _creates(exchange: Exchange) -> bool:
    response = exchange.response
    return exchange.request.method == "POST" and response is not None and response.status == _CREATED


def _overwritten(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    """The identity of a new thing where another request was told that it made a thing under the same."""
    made, medium = histories.value(exchange), media_type(operation, exchange)
    for other in earlier:
        if not _creates(other) or other.request.url != exchange.request.url or other.request == exchange.request:
            continue
        before = histories.value(other)
        chosen = [sent(operation, item) for item in (exchange, other)]
        for name in histories.IDENTITIES:
            if any(isinstance(body, dict) and name in body for body in chosen):
                continue  # who calls has named it himself
            if isinstance(made, dict) and isinstance(before, dict) and made.get(name, ABSENT) == before.get(name, ()):
                yield broken_property(
                    f"Two requests that differ each made the thing whose `{name}` is {shown(made[name])}",
                    "what is made has an identity of its own",
                    medium,
                    Claim(kind="fresh", pointer=join("", name)),
                )
                return


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if _creates(exchange):
        yield from _overwritten(operation, exchange, earlier)
        return
    kept = _remembered(operation, exchange, earlier)
    response = exchange.response
    if response is None or kept.exists is None:
        return
    if not kept.exists and histories.succeeded(exchange):
        yield from _lives_on(exchange, kept)
    elif kept.exists and response.status in _GONE:
        yield Broken(
            message=f"What {kept.by} made is answered with status {response.status}",
            promise="what was made can be read",
            claim=Claim(kind="status-not", value=[[404, 404], [410, 410]]),
        )
    elif kept.exists and histories.succeeded(exchange):
        yield from _compared(operation, exchange, kept, beside=_beside(exchange, earlier))


def _beside(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    """Whether another thing was written since this one was."""
    here = histories.place(exchange.request)
    writes = (item for item in reversed(earlier) if item.request.method in _WRITES and histories.succeeded(item))
    last = next(writes, exchange)
    return not (f"{histories.place(last.request)}/".startswith(f"{here}/") or histories.is_made_at(last, here))


def _remembered(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> _Kept:
    here, kept = histories.place(exchange.request), _Kept()
    is_list = lists.listing(media_type(operation, exchange)) is not None
    for other in earlier:
        method, at_once = other.request.method, other.response is not None and other.response.status != _LATER
        if not histories.succeeded(other) or (other.case is not None and not other.case.valid):
            continue
        if method == "POST" and histories.is_made_at(other, here):
            kept = _Kept(exists=True if at_once else None, by=histories.named(other))
            _wrote(kept, other)
        elif histories.place(other.request) != here or (is_list and _adds(other)):
            continue
        elif method == "DELETE":
            kept = _Kept(shown=kept.shown, exists=False if at_once else None, by=histories.named(other))
        elif method in {"PUT", "PATCH", "POST"}:
            kept = _Kept(dict(kept.sent), dict(kept.told), dict(kept.writer)) if method == "PATCH" else _Kept()
            kept.by = histories.named(other)
            kept.exists = True if at_once else None
            _wrote(kept, other)
        elif method == "GET":
            kept.shown = histories.value(other)
    return kept


def _adds(exchange: Exchange) -> bool:
    """Whether a thing with an identity of its own was made: a list that is read at the same place holds it."""
    told = histories.identity(histories.value(exchange)) is not ABSENT
    return exchange.request.method == "POST" and (_creates(exchange) or told)


def _wrote(kept: _Kept, exchange: Exchange) -> None:
    given = histories.written(exchange)
    kept.shown = histories.value(exchange)
    if isinstance(given, dict):
        answered = kept.shown if isinstance(kept.shown, dict) else {}
        kept.sent |= given
        kept.told |= {name: answered.get(name, ABSENT) for name in given}
        kept.writer |= dict.fromkeys(given, kept.by)
    else:
        kept.sent.clear()  # a patch in a language of its own


def _lives_on(exchange: Exchange, kept: _Kept) -> Iterator[Outcome]:
    now = histories.value(exchange)
    if now is not ABSENT and kept.shown is not ABSENT and now != kept.shown:
        yield NotChecked("what was deleted is answered in another state than before: taken for a mark of deletion")
        return
    status = 0 if exchange.response is None else exchange.response.status
    yield Broken(
        message=f"What {kept.by} deleted is still answered with status {status}",
        promise="what was deleted is gone: `404` or `410`",
        claim=Claim(kind="status-not", value=[[200, 299]]),
    )


def _compared(operation: Operation, exchange: Exchange, kept: _Kept, *, beside: bool) -> Iterator[Outcome]:
    now, medium = histories.value(exchange), media_type(operation, exchange)
    if not isinstance(now, dict):
        return
    for name, given in kept.sent.items():
        told = kept.told[name]
        if name not in now and (given is None or told is ABSENT):
            continue
        got = now.get(name, ABSENT)
        if kept.writer[name] != kept.by and got is not ABSENT and _has(kept.shown, name, got):
            continue  # the answer to a change that was not about it had it so: `partial-change` told
        if histories.same(given, got) or (told is not ABSENT and histories.same(told, got)):
            continue
        if got is not ABSENT and got is not None and histories.kind(got) != histories.kind(given):
            continue
        if got is not ABSENT and (keeping.is_barred(name, given, now, medium) or (beside and _passes_on(given))):
            continue
        if got is not ABSENT and (excuse := keeping.excuse(name, None, medium)):
            yield NotChecked(excuse, whole=False)
            continue
        yield broken_property(
            f"`{name}` was written as {shown(given)} by {kept.writer[name]} and is read back as "
            + ("nothing" if got is ABSENT else shown(got)),
            "a read has what was written",
            medium,
            Claim(kind="body-keeps", pointer=join("", name), value=given),
            keeping.weight(given, got),
        )


def _passes_on(given: Json) -> bool:
    """Whether a value like `given` may change when there is another thing: a rank moves, and a default passes on."""
    return given is None or isinstance(given, int)


def _has(shown_last: Json, name: str, value: Json) -> bool:
    return isinstance(shown_last, dict) and name in shown_last and histories.same(value, shown_last[name])


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    follows=_follows,
    overrides=("action-kept", "untouched"),
)
