"""A list has what was made in it once, and as it was made.

Broken by a service that keeps another value than it was sent, or keeps it twice. Told is the item that has the id which
the answer to the last change, a `POST` to the same place, gave; and a list that has grown by more than one since it was
read just before.

Example: `POST /notes` with `{"text": "A"}` is answered with `"id": 7`, and `GET /notes` has `{"id": 7, "text": "a"}`.
"""

from collections.abc import Iterator

from accord import histories, keeping, lists
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown

_LATER = 202
"""Accepted, to be done some time."""

_PLAIN = frozenset({"string", "number", "boolean"})


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return exchange.request.method == "GET" and histories.succeeded(exchange) and _maker(exchange, earlier) is not None


def _maker(exchange: Exchange, earlier: tuple[Exchange, ...]) -> int | None:
    """Which of `earlier`, the last that changed something, made an item of the list that `exchange` reads."""
    at = histories.last_write(earlier)
    if at < 0 or not histories.makes(earlier[at]):
        return None
    response, case = earlier[at].response, earlier[at].case
    valid = case is None or case.valid
    here = histories.place(earlier[at].request) == histories.place(exchange.request)
    return at if valid and here and response is not None and response.status != _LATER else None


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    at, medium = _maker(exchange, earlier), media_type(operation, exchange)
    asked, items = lists.meaning(operation, medium), lists.items_of(operation, exchange)
    if at is None or asked is None or items is None:
        return
    begun = histories.last_write(earlier[:at]) + 1
    same = [item for item in earlier[begun:at] if item.request.url == exchange.request.url]
    before = lists.items_of(operation, same[-1]) if same else None
    if before is not None and len(items) > len(before) + 1:
        yield broken_property(
            f"The list has {len(items)} items and had {len(before)} before {histories.named(earlier[at])}",
            "what is made is in the list once",
            medium,
            Claim(kind="body-valid", pointer=asked.there.pointer, value={"maxItems": len(before) + 1}),
            Severity.WARNING,
        )
    made, given = histories.value(earlier[at]), histories.written(earlier[at])
    known = histories.identity(made)
    item = next((item for item in items if known is not ABSENT and histories.identity(item) == known), None)
    if not isinstance(item, dict) or not isinstance(given, dict) or not isinstance(made, dict):
        return
    for name in sorted(given.keys() & item.keys() & made.keys()):
        kinds = {histories.kind(part) for part in (given[name], item[name])}
        told = histories.same(given[name], item[name]) or histories.same(made[name], item[name])
        if len(kinds) == 1 and kinds <= _PLAIN and not told and not keeping.excuse(name, None, medium):
            like = histories.like({**histories.known(item), name: given[name]})
            yield broken_property(
                f"`{name}` was sent as {shown(given[name])} by {histories.named(earlier[at])} and is "
                f"{shown(item[name])} in the list",
                "a list has what was made as it was made",
                medium,
                Claim(kind="body-valid", pointer=asked.there.pointer, value={"contains": like}),
                Severity.WARNING,
            )


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
