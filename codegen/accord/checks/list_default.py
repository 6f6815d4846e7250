"""A list is the same whether a parameter is sent with its default or left out.

Broken by a service that has another default than its contract. Compared is how many items there are in answers with
nothing written between.

Example: `limit` is 20 by default, `GET /items?limit=20` has six items, and `GET /items` has two.
"""

from collections.abc import Iterator

from accord import histories, lists
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return lists.is_asked(exchange) and bool(_since(exchange, earlier))


def _since(exchange: Exchange, earlier: tuple[Exchange, ...]) -> list[Exchange]:
    """The requests for the same list of `earlier` after which nothing was written."""
    last, here = histories.last_write(earlier), histories.place(exchange.request)
    return [item for item in earlier[last + 1 :] if histories.place(item.request) == here and histories.succeeded(item)]


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, items = media_type(operation, exchange), lists.items_of(operation, exchange)
    meaning = lists.meaning(operation, medium)
    if meaning is None or items is None:
        return
    given = lists.given(operation, exchange.request.url)
    presumed = {item.name: item.schema["default"] for item in operation.parameters if "default" in item.schema}
    for name, value in given.items():
        if name not in presumed or presumed[name] != value:
            continue
        left = {other: part for other, part in given.items() if other != name}
        plain = [item for item in _since(exchange, earlier) if lists.given(operation, item.request.url) == left]
        there = lists.items_of(operation, plain[-1]) if plain else None
        if there is None or len(there) == len(items):
            continue
        bound = "minItems" if len(there) > len(items) else "maxItems"
        yield broken_property(
            f"The list has {len(items)} items with `{name}={to_text(value)}`, the default, and {len(there)} without",
            f"`default`: {shown(value)}",
            medium,
            Claim(kind="body-valid", pointer=meaning.there.pointer, value={bound: len(there)}),
        )


CHECK = Check(severity=Severity.ERROR, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
