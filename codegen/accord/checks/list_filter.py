"""Every item of a list has the value that its query asks for.

Broken by a service that ignores a filter, or takes it for a hint. Held to it are parameters that are named like a
property of the items and can only mean that it is equal: members of a list of values, flags, ids. A whole number may
mean *at least*, and `false` that nobody minds: what departs from those is a warning. Items that lack the property, or
have null there, say nothing.

Example: `GET /orders?status=paid` is answered with an order whose `status` is `open`.
"""

from collections.abc import Hashable, Iterator
from dataclasses import replace

from accord import filters, lists
from accord.checks import EVERYTHING, Broken, Check, Outcome, broken_property
from accord.contract import MediaType, Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium = media_type(operation, exchange)
    asked, items = lists.meaning(operation, medium), lists.items_of(operation, exchange)
    if asked is None or not items:
        return
    given = lists.given(operation, exchange.request.url)
    for item in asked.filters:
        name, wanted = item.name, filters.wanted(item, given)
        if wanted is ABSENT or not filters.means_itself(item, wanted):
            continue
        there = (part.get(name, ABSENT) for part in items if isinstance(part, dict))
        other = next((value for value in there if value is not ABSENT and filters.differs(wanted, value)), ABSENT)
        if other is not ABSENT:
            yield _broken(name, wanted, other, join(join(asked.there.pointer, "*"), name), medium, item)


def _broken(
    name: str, wanted: Json, other: Json, pointer: str, medium: MediaType | None, asked: filters.Filter
) -> Broken:
    options = wanted if isinstance(wanted, list) else [wanted]
    found = broken_property(
        f"An item has `{name}` {shown(other)}, and `{_written(asked)}={','.join(map(to_text, options))}` was sent",
        f"items whose `{name}` is {' or '.join(map(shown, options))}",
        medium,
        Claim(kind="body-one-of", pointer=pointer, value=sorted({filters.text_of(option) for option in options})),
    )
    doubted = not asked.certain or wanted is False
    return replace(found, severity=Severity.WARNING) if doubted else found


def _written(asked: filters.Filter) -> str:
    return f"{asked.inside}[{asked.name}]" if asked.inside else asked.name


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    concerned = lists.is_asked(exchange)
    asked = lists.meaning(operation, media_type(operation, exchange)) if concerned else None
    return EVERYTHING if asked is not None and asked.filters else concerned


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=lists.is_asked, reads_body=True, told_by=_told_by)
