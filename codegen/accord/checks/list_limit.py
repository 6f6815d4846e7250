"""A list has no more items than its query asks for, and as many while it counts so many.

Broken by a service that ignores `limit`, `page_size` and their like: whoever asked for ten gets everything there is,
and pages through it again and again. Counted are the items of the answer, or of the one array in it; a bound of zero or
less asks for nothing, and where two bounds are sent nobody can tell which counts. That a first page has fewer items
than the answer itself says there are, though the bound lets them be there, is a warning.

Example: `GET /items?limit=2` is answered with three items.
"""

from collections.abc import Hashable, Iterator

from accord import lists
from accord.checks import EVERYTHING, Check, Outcome, broken_property
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Claim, Severity
from accord.messages.answers import answered, media_type


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium = media_type(operation, exchange)
    asked, items = lists.meaning(operation, medium), lists.items_of(operation, exchange)
    if asked is None or items is None:
        return
    given = lists.given(operation, exchange.request.url)
    bounds = {name: value for name, value in given.items() if name in asked.limits}
    for name, most in bounds.items():
        if len(bounds) == 1 and isinstance(most, int) and 0 < most < len(items):
            yield broken_property(
                f"The list has {len(items)} items, and `{name}={most}` was sent",
                f"no more items than `{name}` says",
                medium,
                Claim(kind="body-valid", pointer=asked.there.pointer, value={"maxItems": int(most)}),
            )
    total = lists.total_in(medium, answered(operation, exchange))
    if len(given) == len(bounds) == 1 and total is not None and items:
        ((name, most),) = bounds.items()
        room = min(most, total[1]) if isinstance(most, int) else 0
        if len(items) < room:
            yield broken_property(
                f"The list has {len(items)} of {total[1]} items, and `{name}={most}` was sent",
                f"as many items as `{name}` says, while there are so many",
                medium,
                Claim(kind="body-valid", pointer=asked.there.pointer, value={"minItems": room}),
                Severity.WARNING,
            )


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    concerned = lists.is_asked(exchange)
    asked = lists.meaning(operation, media_type(operation, exchange)) if concerned else None
    return EVERYTHING if asked is not None and asked.limits else concerned


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=lists.is_asked, reads_body=True, told_by=_told_by)
