"""A merge patch takes away what it says is null, and leaves what it says nothing of, also inside an object.

Broken by a service that puts the objects of an `application/merge-patch+json` in the place of its own, or passes over
a null, so that nothing can be taken away (RFC 7396). Compared is the answer to the `PATCH` with the last one before it
about the same thing.

Example: the note has `"labels": {"a": "1"}`, `PATCH` sends `{"labels": {"b": "2"}}`, and the answer has no label `a`.
"""

from collections.abc import Iterator
from dataclasses import replace

from accord import histories
from accord.checks import Broken, Check, Outcome, broken_property, nothing_more
from accord.contract import MediaType, Operation, essence
from accord.document import Json, join
from accord.exchange import Exchange, header
from accord.findings import Claim, Severity
from accord.messages.answers import media_type, shown

_MERGES = "application/merge-patch+json"
_PROMISE = "a merge patch takes away what is null, and leaves what it says nothing of"


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    written = essence(header(exchange.request.headers, "Content-Type") or "")
    if exchange.request.method != "PATCH" or written != _MERGES or not histories.succeeded(exchange):
        return False
    return bool(histories.about(histories.place(exchange.request), earlier))


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given, now, medium = histories.written(exchange), histories.value(exchange), media_type(operation, exchange)
    before = histories.value(histories.about(histories.place(exchange.request), earlier)[-1])
    if not isinstance(given, dict) or not isinstance(now, dict) or not isinstance(before, dict):
        return
    for name in sorted(given.keys() & before.keys()):
        was, said, got = before[name], given[name], now.get(name)
        if said is None and was not in (None, "", [], {}, 0, False) and got == was:
            yield broken_property(
                f"`{name}` was sent as null and is still {shown(was)}",
                _PROMISE,
                medium,
                Claim(kind="body-differs", pointer=join("", name), value=was),
            )
        elif isinstance(was, dict) and isinstance(said, dict) and isinstance(got, dict):
            yield from _lost(name, (was, said, got), medium)


def _lost(name: str, around: tuple[dict[str, Json], ...], medium: MediaType | None) -> Iterator[Broken]:
    """The first entry that was there, was not spoken of, and is gone."""
    was, said, got = around
    for entry in sorted(was.keys() - said.keys() - got.keys()):
        if was[entry] is not None:
            found = broken_property(
                f"`{name}/{entry}` was {shown(was[entry])} and is gone after a merge patch that says nothing of it",
                _PROMISE,
                medium,
                Claim(kind="body-keeps", pointer=join("", name, entry), value=was[entry]),
            )
            yield replace(found, pointer=join("", name))
            return


CHECK = Check(severity=Severity.ERROR, judge=_judge, follows=_follows, reads_body=True, told_by=nothing_more)
