"""The items of a list come in the order that its query asks for.

Broken by a service that ignores `sort`, turns it round, or compares numbers as texts. Held to it are orders by a
property that the items have, written `name`, `-name`, `name:desc` or with a `direction` of their own; without one of
these they may come either way. Compared are numbers, words of plain letters, dates and moments; other texts are in
different orders in different languages, and items without the property stand anywhere.

Example: `GET /items?sort=-price` is answered with an item for 3 and then one for 5.
"""

from collections.abc import Hashable, Iterator
from dataclasses import replace

from accord import lists, ordering
from accord.checks import EVERYTHING, Check, Outcome, broken_property
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text
from accord.schemas import shapes


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, items = media_type(operation, exchange), lists.items_of(operation, exchange)
    asked = lists.meaning(operation, medium)
    if asked is None or not items:
        return
    given = lists.given(operation, exchange.request.url)
    order = ordering.asked(operation.parameters, given, shapes.names(asked.there.items))
    if order is None:
        return
    values = [item.get(order.name) for item in items if isinstance(item, dict)]
    inner, values = _inside(values)
    pair = ordering.misplaced(values, descending=order.descending)
    if pair is None:
        return
    way = {None: "one way or the other", False: "ascending", True: "descending"}[order.descending]
    pointer = join(join(join(asked.there.pointer, "*"), order.name), *inner)
    found = broken_property(
        f"`{order.name}` {shown(pair[0])} comes before {shown(pair[1])}, and "
        f"`{order.parameter}={to_text(given[order.parameter])}` was sent",
        f"items in the order of `{order.name}`, {way}",
        medium,
        Claim(kind="body-ordered", pointer=pointer, value=order.descending),
    )
    yield replace(found, severity=Severity.WARNING) if isinstance(pair[0], str) else found


def _inside(values: list[Json]) -> tuple[tuple[str, ...], list[Json]]:
    """What `values` are compared by: objects by the one number that they have, and behind which name that is."""
    objects = [value for value in values if isinstance(value, dict)]
    names = {name for value in objects for name, part in value.items() if type(part) in {int, float}}
    if len(names) != 1:
        return (), values
    (name,) = names
    return (name,), [value.get(name) for value in objects]


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    concerned = lists.is_asked(exchange)
    return EVERYTHING if concerned and ordering.sorting(operation.parameters) else concerned


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=lists.is_asked, reads_body=True, told_by=_told_by)
