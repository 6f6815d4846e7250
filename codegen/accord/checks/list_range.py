"""No item of a list lies outside of the bounds that its query sets.

Broken by a service that ignores `min_price` and its like, or compares with the wrong one. Held to it are numbers named
like a property of the items with `min`, `max`, `gte` or `lte` before or behind. An item at the bound may be there or
not, and items that lack the property say nothing.

Example: `GET /items?min_price=10` is answered with an item whose `price` is 3.
"""

from collections.abc import Hashable, Iterator

from accord import filters, lists
from accord.checks import EVERYTHING, Check, Outcome, broken_property
from accord.contract import Operation
from accord.document import join
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, items = media_type(operation, exchange), lists.items_of(operation, exchange)
    asked = lists.meaning(operation, medium)
    if asked is None or not items:
        return
    given = lists.given(operation, exchange.request.url)
    for parameter, (name, least) in asked.bounds.items():
        bound = given.get(parameter)
        values = [item.get(name) for item in items if isinstance(item, dict)]
        beyond = next((value for value in values if filters.is_beyond(value, bound, least=least)), None)
        if beyond is not None:
            yield broken_property(
                f"An item has `{name}` {shown(beyond)}, and `{parameter}={to_text(bound)}` was sent",
                f"items whose `{name}` is {to_text(bound)} at {'least' if least else 'most'}",
                medium,
                Claim(
                    kind="body-valid",
                    pointer=join(join(asked.there.pointer, "*"), name),
                    value={"minimum" if least else "maximum": bound},
                ),
            )


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    concerned = lists.is_asked(exchange)
    asked = lists.meaning(operation, media_type(operation, exchange)) if concerned else None
    return EVERYTHING if asked is not None and asked.bounds else concerned


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=lists.is_asked, reads_body=True, told_by=_told_by)
