"""A writable property that was sent, and is in the answer, has the value that was sent.

Broken by a server that drops, cuts, rounds or mixes up what it is given. Compared are properties of the same name and a
common type at the top of both bodies; inside, what was sent must be there, more may be; numbers by value, date-times
by the moment they name, UUIDs, URIs, mailboxes, IPv6 addresses and durations by what they name. What comes back for a
null is not held against the server: it may mean *as before*. Nor is a property whose description says that it is kept
in another form, or whose schema in the answer takes no such value. What is only tidied (trimmed, in lower case,
rounded, sorted, to the second) is a warning. Told too is a value invented from an earlier request: what a `POST` did
not send comes back as another one sent it.

Example: `{"priority": "critical"}` is answered with `"priority": "non-critical"`.
"""

from collections.abc import Iterator

from accord import histories, keeping
from accord.checks import Check, NotChecked, Outcome, broken_property
from accord.contract import MediaType, Operation
from accord.document import join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import answered, asked_in, comparable, media_type, sent, shown


def _concerns(exchange: Exchange) -> bool:
    conforms = exchange.case is None or exchange.case.valid
    return conforms and histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given, got = sent(operation, exchange), answered(operation, exchange)
    medium = media_type(operation, exchange)
    written = asked_in(operation, exchange)
    if medium is None or not isinstance(got, dict):
        return
    if written is not None and isinstance(given, dict):
        for name in sorted(given.keys() & got.keys()):
            if histories.same(given[name], got[name]) or not comparable(written, medium, name):
                continue
            if keeping.is_barred(name, given[name], got, medium):
                continue
            if excuse := keeping.excuse(name, written, medium):
                yield NotChecked(excuse, whole=False)
                continue
            yield broken_property(
                f"`{name}` was sent as {shown(given[name])} and answered as {shown(got[name])}",
                "the value that was sent",
                medium,
                Claim(kind="body-echoes", pointer=join("", name), value=given[name]),
                keeping.weight(given[name], got[name]),
            )
    if earlier and operation.method == "POST" and not operation.path.rstrip("/").endswith("}"):
        yield from _invented(operation, exchange, earlier, medium)


def _invented(
    operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...], medium: MediaType
) -> Iterator[Outcome]:
    """Properties that have the value of an earlier request, and had another one before it was sent."""
    given, got = sent(operation, exchange), answered(operation, exchange)
    for index, other in enumerate(earlier):
        if other.case is None or other.case.operation != operation.name or not histories.succeeded(other):
            continue
        told = sent(operation, other)
        befores = [answered(operation, item) for item in histories.alike(exchange, earlier[:index])]
        if not isinstance(told, dict) or not befores or not isinstance(befores[-1], dict):
            continue
        for name in sorted(told.keys() & got.keys()):
            before = befores[-1].get(name, ABSENT)
            kept = isinstance(given, dict) and name in given
            if kept or told[name] is None or got[name] is None or not histories.same(told[name], got[name]):
                continue
            if before is ABSENT or before != got[name]:
                yield broken_property(
                    f"`{name}` was not sent and is answered as {shown(got[name])}, which an earlier request sent",
                    "what the same request was answered before",
                    medium,
                    Claim(kind="same", pointer=join("", name)),
                )


CHECK = Check(severity=Severity.ERROR, judge=_judge, reads_body=True, concerns=_concerns, overrides=("repeatability",))
