"""A writable property that was sent, and is in the answer, has the value that was sent.

Broken by a server that drops, cuts, rounds or mixes up what it is given. Compared are properties of the same name and a
common type at the top of both bodies; inside, what was sent must be there, more may be; numbers by value, date-times
by the moment they name, UUIDs, URIs, mailboxes, IPv6 addresses and durations by what they name. What comes back for a
null is not held against the server: it may mean *as before*. Nor is a property whose description says that it is kept
in another form, or whose schema in the answer takes no such value. What is only tidied (trimmed, in lower case,
rounded, sorted, to the second) is a warning. Told too is a value invented from an earlier request: what a `POST` did
not send comes back as another one sent it. In a run of `fuzz` a warning tells where the answer names another thing than
the path does, or has another text than the query of a write under the same name.

Example: `{"priority": "critical"}` is answered with `"priority": "non-critical"`.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from accord import histories, keeping, lists
from accord.checks import Check, NotChecked, Outcome, broken_property
from accord.contract import MediaType, Operation
from accord.document import Json, join
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages import routing
from accord.messages.answers import answered, asked_in, comparable, media_type, sent, shown, writable
from accord.messages.encoding import to_text
from accord.messages.sameness import is_same_text
from accord.schemas import shapes

_WRITES = frozenset({"POST", "PUT", "PATCH"})
_PLAIN = frozenset({"string", "number", "boolean"})
_ALIASES = frozenset({"me", "self", "current", "latest", "default", "first", "last", "primary", ""})
"""What in a path stands for a thing of another name."""


def _concerns(exchange: Exchange) -> bool:
    conforms = exchange.case is None or exchange.case.valid
    return conforms and histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given = sent(operation, exchange)
    if not earlier and _shares_nothing(operation, exchange, given):
        return
    got, medium = answered(operation, exchange), media_type(operation, exchange)
    written = asked_in(operation, exchange)
    if medium is None or not isinstance(got, dict):
        return
    if exchange.case is not None:
        yield from _of_parameters(operation, exchange, got, medium)
    if written is not None and isinstance(given, dict):
        yield from _of_body(written, given, got, medium)
    if isinstance(given, dict) and operation.method in _WRITES:
        yield from _of_part(operation, exchange, given, got, medium)
    if earlier and operation.method == "POST" and not operation.path.rstrip("/").endswith("}"):
        yield from _invented(operation, exchange, earlier, medium)


def _of_body(written: MediaType, given: dict[str, Json], got: dict[str, Json], medium: MediaType) -> Iterator[Outcome]:
    """Properties that were sent, and say otherwise in the answer."""
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


def _shares_nothing(operation: Operation, exchange: Exchange, given: Json) -> bool:
    """Whether no name that the request has can be in the answer, which then need not be read."""
    body = b"" if exchange.response is None else exchange.response.body
    if "{" in operation.path or "?" in exchange.request.url or b"\\u" in body or b"\0" in body:
        return False
    names = given if isinstance(given, dict) else ()
    return all(name.isascii() and name.isidentifier() and f'"{name}"'.encode() not in body for name in names)


def _of_parameters(
    operation: Operation, exchange: Exchange, got: dict[str, Json], medium: MediaType
) -> Iterator[Outcome]:
    """Properties that say otherwise than the path, or the query of a write, does under the same name."""
    for name, text in (*_in_path(operation, exchange, got), *_in_query(operation, exchange, got)):
        value = int(text) if isinstance(got[name], int) and text.isascii() and text.isdigit() else text
        if got[name] == value or keeping.is_barred(name, value, got, medium):
            continue
        if is_same_text(text.casefold(), to_text(got[name]).casefold()) or keeping.excuse(name, None, medium):
            continue
        yield broken_property(
            f"`{name}` was asked for as {shown(value)} and answered as {shown(got[name])}",
            "the value that was sent",
            medium,
            Claim(kind="body-echoes", pointer=join("", name), value=value),
            Severity.WARNING,
        )


def _in_path(operation: Operation, exchange: Exchange, got: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """The property of `got` that the last parameter of the path names, and what the path says of it."""
    last, text = _end(operation, exchange)
    if last in got and isinstance(got[last], str | int) and text.casefold() not in _ALIASES:
        yield last, text


def _end(operation: Operation, exchange: Exchange) -> tuple[str, str]:
    """The parameter that the path ends in, and what the request says there; empty where it ends otherwise."""
    path = operation.path.rstrip("/")
    last = path.rpartition("{")[2][:-1] if path.endswith("}") else ""
    told = routing.match_path(operation.path, histories.place(exchange.request)) or {}
    return last, unquote(told.get(last, ""))


def _in_query(operation: Operation, exchange: Exchange, got: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Properties of `got` that a text in the query of a write is named like, and that text."""
    asked = lists.given(operation, exchange.request.url) if exchange.request.method in _WRITES else {}
    there = sent(operation, exchange)
    for name, value in asked.items():
        told = isinstance(there, dict) and name in there
        if isinstance(value, str) and name in got and not told and isinstance(got[name], str | None):
            yield name, value


def _of_part(
    operation: Operation, exchange: Exchange, given: dict[str, Json], got: dict[str, Json], medium: MediaType
) -> Iterator[Outcome]:
    """What was sent to one item of a list, and the answer, about the thing that has the list, says otherwise."""
    last, text = _end(operation, exchange)
    found = [
        (name, key, item)
        for name, items in got.items()
        for item in (items if isinstance(items, list) else ())
        for key in ((last, *histories.IDENTITIES) if isinstance(item, dict) else ())
        if key in item and type(item[key]) in {str, int} and str(item[key]) == text
    ]
    if not text or len(found) != 1:
        return
    ((where, key, item),) = found
    for name in sorted(given.keys() & item.keys()):
        kinds = {histories.kind(value) for value in (given[name], item[name])}
        if len(kinds) == 1 and kinds <= _PLAIN and not histories.same(given[name], item[name]):
            like = histories.like({key: item[key], name: given[name]})
            yield broken_property(
                f"`{name}` of `{where}` was sent as {shown(given[name])} and answered as {shown(item[name])}",
                "the value that was sent",
                medium,
                Claim(kind="body-valid", pointer=join("", where), value={"contains": like}),
                Severity.WARNING,
            )


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
        for way in _unsent(given, got, medium):
            value, now, before = (histories.behind(item, way) for item in (told, got, befores[-1]))
            if value in (ABSENT, None) or now is None or not histories.same(value, now):
                continue
            if before is ABSENT or before != now:
                found = broken_property(
                    f"`{'/'.join(way)}` was not sent and is answered as {shown(now)}, which an earlier request sent",
                    "what the same request was answered before",
                    medium,
                    Claim(kind="same", pointer=join("", *way)),
                )
                yield replace(found, pointer=join("", way[0]))


def _unsent(given: Json, got: dict[str, Json], medium: MediaType) -> Iterator[tuple[str, ...]]:
    """The properties of `got` that were not `given`, and the entries of its maps that were not, behind the map's."""
    said = given if isinstance(given, dict) else {}
    for name, value in sorted(got.items()):
        if name not in said:
            yield (name,)
        elif isinstance(value, dict) and isinstance(said[name], dict):
            rules = writable(medium, name)
            if rules is not None and shapes.is_map(rules):
                yield from ((name, entry) for entry in sorted(value.keys() - said[name].keys()))


CHECK = Check(severity=Severity.ERROR, judge=_judge, reads_body=True, concerns=_concerns, overrides=("repeatability",))
