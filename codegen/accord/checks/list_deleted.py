"""A list has nothing that was deleted.

Broken by a service that takes a thing away from where it is read, and not from the index that its list comes from. Told
is only what was deleted at once, was asked for after that and not found, and was not made again.

Example: `DELETE /notes/3` is answered `204`, `GET /notes/3` then `404`, and `GET /notes` has note 3.
"""

from collections.abc import Iterator
from urllib.parse import unquote

from accord import histories, lists
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text

_GONE = frozenset({404, 410})
_LATER = 202
"""Accepted, to be done some time."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    asked = exchange.request.method == "GET" and histories.succeeded(exchange)
    return asked and any(_removed(item, exchange) for item in earlier)


def _removed(exchange: Exchange, listed: Exchange) -> str:
    """The last part of the path that `exchange` took away from below that of `listed`, at once; empty where not."""
    above, _, last = histories.place(exchange.request).rpartition("/")
    at_once = exchange.response is not None and exchange.response.status != _LATER and histories.succeeded(exchange)
    here = above == histories.place(listed.request) and exchange.request.method == "DELETE"
    return unquote(last) if at_once and here else ""


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    medium, items = media_type(operation, exchange), lists.items_of(operation, exchange) or []
    meaning = lists.meaning(operation, medium)
    for at, other in enumerate(earlier):
        last, there = _removed(other, exchange), histories.place(other.request)
        after = [item for item in earlier[at + 1 :] if histories.place(item.request) == there]
        gone = any(item.response is not None and item.response.status in _GONE for item in after)
        found = next((name for item in items if (name := _name(item, last))), "") if last and gone else ""
        if found and meaning is not None and not any(map(histories.succeeded, after)):
            value = next(item[found] for item in items if _name(item, last))
            like = {"properties": {found: {"const": value}}, "required": [found]}
            yield broken_property(
                f"The list has {shown({found: value})}, which {histories.named(other)} deleted",
                "a list has nothing that was deleted",
                medium,
                Claim(kind="body-valid", pointer=meaning.there.pointer, value={"not": {"contains": like}}),
            )


def _name(item: Json, last: str) -> str:
    """The property by which `item` is the thing that `last`, the end of a path, is about; empty where it is not."""
    known = histories.identity(item)
    same = known is not ABSENT and to_text(known) == last
    return next(name for name in histories.IDENTITIES if item.get(name) == known) if same else ""


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
