"""A writable property that was sent, and is in the answer, has the value that was sent.

Broken by a server that drops, cuts, rounds or mixes up what it is given. Compared are properties of the same name and a
common type at the top of both bodies; inside, what was sent must be there, more may be; numbers by value, date-times
by the moment they name. A null on either side is not held against the server: it may mean *as before*.

Example: `{"priority": "critical"}` is answered with `"priority": "non-critical"`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from accord import shapes
from accord.answers import answered, definitions, media_type, sent, shown
from accord.checks import Broken, Check, Outcome
from accord.contract import MediaType, Operation, essence, media_type_for
from accord.document import Json, join
from accord.exchange import Exchange, header
from accord.findings import Severity


def _concerns(exchange: Exchange) -> bool:
    conforms = exchange.case is None or exchange.case.valid
    return conforms and exchange.response is not None and 200 <= exchange.response.status < 300  # noqa: PLR2004  2xx


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given, got = sent(operation, exchange), answered(operation, exchange)
    medium = media_type(operation, exchange)
    body = operation.body
    written = media_type_for(body.content, header(exchange.request.headers, "Content-Type") or "") if body else None
    if medium is None or written is None or not isinstance(given, dict) or not isinstance(got, dict):
        return
    for name in sorted(given.keys() & got.keys()):
        if _comparable(written, medium, name) and not _same(given[name], got[name]):
            yield Broken(
                message=f"`{name}` was sent as {shown(given[name])} and answered as {shown(got[name])}",
                promise="the value that was sent",
                pointer=join("", name),
                owner=medium.pointer,
                schema_pointer="/schema",
                media_type=essence(medium.name),
            )


def _comparable(written: MediaType, medium: MediaType, name: str) -> bool:
    ours = _property(written.schema, name)
    theirs = _property(medium.schema, name)
    if ours is None or theirs is None:
        return False
    kinds = shapes.types(ours), shapes.types(theirs)
    return not all(kinds) or bool(kinds[0] & kinds[1])


def _property(schema: Mapping[str, Json] | None, name: str) -> tuple[Mapping[str, Json], ...] | None:
    if schema is None:
        return None
    rules = shapes.children(shapes.branches(schema, definitions(schema)), name)
    if not rules or any(rule is False for rule in rules):
        return None
    return tuple(branch for rule in rules for branch in shapes.branches(rule, definitions(schema)))


def _same(given: Json, got: Json) -> bool:
    if given is None or got is None:
        return True
    if isinstance(given, dict) and isinstance(got, dict):
        return all(name in got and _same(value, got[name]) for name, value in given.items())
    if isinstance(given, list) and isinstance(got, list):
        return len(given) == len(got) and all(map(_same, given, got))
    if isinstance(given, bool) or isinstance(got, bool):
        return given is got
    if isinstance(given, str) and isinstance(got, str):
        return given == got or _moment(given) == (_moment(got) or got)
    return bool(given == got)


def _moment(text: str) -> datetime | None:
    if not text[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


CHECK = Check(severity=Severity.ERROR, judge=_judge, concerns=_concerns)
