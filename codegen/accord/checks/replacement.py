"""A `PUT` replaces: what it does not say is not there any more.

Broken by a server that merges instead (RFC 9110 section 9.3.4 has `PATCH` for that), so that nobody can take a value
away. Told is an optional property of the body, or an entry of a map in it, that an earlier request sent, that the `PUT`
leaves out, and that still has the earlier value; not one that has it by default, and no value that a server may well
give of its own accord.

Example: `PUT` with `{"name": "a"}`, and the answer still has the `note` of before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from accord import histories
from accord.checks import Check, Outcome, broken_property, nothing_more
from accord.contract import MediaType, Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import asked_in, media_type, shown, writable
from accord.schemas import shapes

_OWN = frozenset({"default", "enum", "const"})
"""Keywords of values that a server may have chosen itself."""


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    here = histories.place(exchange.request)
    if not histories.succeeded(exchange) or not histories.about(here, earlier):
        return False
    return exchange.request.method == "PUT" or (exchange.request.method == "GET" and _silent_put(here, earlier))


def _silent_put(here: str, earlier: tuple[Exchange, ...]) -> bool:
    """Whether the thing was last written to by a `PUT` whose answer does not show it."""
    last = [item for item in histories.about(here, earlier) if item.request.method not in histories.SAFE][-1:]
    return any(item.request.method == "PUT" and not isinstance(histories.value(item), dict) for item in last)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    known = list(histories.about(histories.place(exchange.request), earlier))
    now, medium = histories.value(exchange), media_type(operation, exchange)
    if exchange.request.method == "PUT":
        put, before = exchange, known
    else:
        at = max(index for index, item in enumerate(known) if item.request.method == "PUT")
        put, before = known[at], known[:at]
    given = histories.written(put)
    if not isinstance(now, dict) or not isinstance(given, dict) or medium is None:
        return
    asked = asked_in(operation, exchange) if put is exchange else None
    for way in (*((name,) for name in sorted(now.keys() - given.keys())), *_entries(given, now, medium)):
        left, where = histories.behind(now, way), join("", *way)
        writer = _writer(way, before, left, by_put=put is not exchange)
        own = len(way) == 1 and (not _is_telling(left) or _is_own(way[0], left, asked, earlier))
        if writer is not None and not own:
            found = broken_property(
                f"`{'/'.join(way)}` is still {shown(left)}, as {histories.named(writer)} wrote it, though "
                f"{histories.named(put)} says nothing of it",
                "what a `PUT` leaves out is not there any more",
                medium,
                Claim(kind="body-differs", pointer=where, value=left),
            )
            yield replace(found, pointer=join("", way[0]))


def _entries(given: Mapping[str, Json], now: Mapping[str, Json], medium: MediaType) -> Iterator[tuple[str, str]]:
    """Where maps have an entry that was not given, with the map."""
    for name in sorted(now.keys() & given.keys()):
        if isinstance(now[name], dict) and isinstance(given[name], dict):
            rules = writable(medium, name)
            if rules is not None and shapes.is_map(rules):
                yield from ((name, key) for key in sorted(now[name].keys() - given[name].keys()))


def _writer(way: tuple[str, ...], before: list[Exchange], value: Json, *, by_put: bool) -> Exchange | None:
    """The write that gave the place at `way` the value which it had when the `PUT` came; None where none did."""
    for other in reversed(before):
        written, answer = histories.written(other), histories.value(other)
        if isinstance(written, dict) and histories.behind(written, way[:1]) is not ABSENT:
            return (
                other
                if histories.same(histories.behind(written, way), value) and (not by_put or _is_put(other))
                else None
            )
        if isinstance(answer, dict) and not histories.same(histories.behind(answer, way), value):
            return None
    return None


def _is_put(exchange: Exchange) -> bool:
    return exchange.request.method == "PUT"


def _is_telling(value: Json) -> bool:
    """Whether no server has `value` of its own accord."""
    return not isinstance(value, bool) and value not in (None, 0, 1, "", [], {})


def _is_own(name: str, value: Json, asked: MediaType | None, earlier: tuple[Exchange, ...]) -> bool:
    """Whether the server may have given `name` its value itself: it did so elsewhere, or the schema names it."""
    if asked is not None:
        rules = writable(asked, name)
        if rules is None or any(_OWN & rule.keys() for rule in rules):
            return True
    for other in earlier:
        written, answer = histories.written(other), histories.value(other)
        unsaid = isinstance(written, dict) and name not in written and other.request.method == "POST"
        if unsaid and isinstance(answer, dict) and answer.get(name) == value:
            return True
    return False


CHECK = Check(
    severity=Severity.WARNING,
    judge=_judge,
    told_by=nothing_more,
    reads_body=True,
    follows=_follows,
)
