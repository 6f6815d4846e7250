"""A list has nothing that was deleted.

Broken by a service that takes a thing away from where it is read, and not from the index that its list comes from. Told
is only what was deleted at once, was asked for after that and not found, and was not made again; and what the answer to
the `DELETE` itself still has in a list.

Example: `DELETE /notes/3` is answered `204`, `GET /notes/3` then `404`, and `GET /notes` has note 3.
"""

from collections.abc import Iterator
from urllib.parse import unquote

from accord import histories, lists
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import media_type, shown
from accord.messages.encoding import to_text

_GONE = frozenset({404, 410})
_LATER = 202
"""Accepted, to be done some time."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    if not histories.succeeded(exchange):
        return False
    asked = exchange.request.method == "GET" and any(_removed(item, exchange) for item in earlier)
    return asked or exchange.request.method == "DELETE"


def _removed(exchange: Exchange, listed: Exchange) -> str:
    """The last part of the path that `exchange` took away from below that of `listed`, at once; empty where not."""
    above, _, last = histories.place(exchange.request).rpartition("/")
    at_once = exchange.response is not None and exchange.response.status != _LATER and histories.succeeded(exchange)
    here = above == histories.place(listed.request) and exchange.request.method == "DELETE"
    return unquote(last) if at_once and here else ""


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.request.method == "DELETE":
        yield from _at_once(operation, exchange)
        return
    medium, items = media_type(operation, exchange), lists.items_of(operation, exchange) or []
    meaning = lists.meaning(operation, medium)
    for at, other in enumerate(earlier):
        last, there = _removed(other, exchange), histories.place(other.request)
        after = [item for item in earlier[at + 1 :] if histories.place(item.request) == there]
        gone = any(item.response is not None and item.response.status in _GONE for item in after)
        found = next((name for item in items if (name := _name(item, last))), "") if last and gone else ""
        if found and meaning is not None and not any(map(histories.succeeded, after)):
            value = next(item[found] for item in items if _name(item, last))
            yield broken_property(
                f"The list has {shown({found: value})}, which {histories.named(other)} deleted",
                "a list has nothing that was deleted",
                medium,
                Claim(
                    kind="body-valid",
                    pointer=meaning.there.pointer,
                    value={"not": {"contains": histories.like({found: value})}},
                ),
            )


def _at_once(operation: Operation, exchange: Exchange) -> Iterator[Outcome]:
    """An item with the id, in the property of that name, of what the request takes away."""
    path, value = operation.path.rstrip("/"), histories.value(exchange)
    name = path.rpartition("{")[2][:-1] if path.endswith("}") else ""
    last = unquote(histories.place(exchange.request).rpartition("/")[2])
    for where, items in value.items() if isinstance(value, dict) and name else ():
        told = (
            [item[name] for item in items if isinstance(item, dict) and name in item] if isinstance(items, list) else []
        )
        left = next((owner for owner in told if to_text(owner) == last), None)
        if left is not None and exchange.response is not None and exchange.response.status != _LATER:
            yield broken_property(
                f"The answer still has the item of `{where}` whose `{name}` is {shown(left)}",
                "a list has nothing that was deleted",
                media_type(operation, exchange),
                Claim(kind="body-differs", pointer=join(join(join("", where), "*"), name), value=left),
            )


def _name(item: Json, last: str) -> str:
    """The property by which `item` is the thing that `last`, the end of a path, is about; empty where it is not."""
    known = histories.identity(item)
    same = known is not ABSENT and to_text(known) == last
    return next(name for name in histories.IDENTITIES if item.get(name) == known) if same else ""


CHECK = Check(severity=Severity.WARNING, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
