"""A property that has a default and was not sent is answered with that default.

Broken by a server that forgets the default, or has another one than its contract. Held to it is what a request makes or
replaces: an answer with `201`, one to a `PUT`, one to a `POST` that gives each thing an id of its own. Compared is what
request and answer both document, in objects that were sent; a default that only one branch of a union has is not.

Example: `active` is `true` by default, and what was made without it comes back with `"active": false`.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from accord import histories
from accord.checks import EVERYTHING, Check, Outcome, broken_property
from accord.contract import Operation, Schema
from accord.document import Json, join, split, walk
from accord.exchange import Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import answered, asked_in, definitions, media_type, selfcontained, sent, shown
from accord.schemas import shapes

_CREATED = 201


@dataclass(frozen=True, slots=True)
class _Pair:
    """A place that request and answer have in common: what each has there, and what each documents of it."""

    pointer: str
    given: Json
    got: Json
    ours: tuple[Schema, ...]
    theirs: tuple[Schema, ...]


def _concerns(exchange: Exchange) -> bool:
    conforms = exchange.case is None or exchange.case.valid
    return conforms and exchange.request.method in {"POST", "PUT"} and histories.succeeded(exchange)


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    given, got = sent(operation, exchange), answered(operation, exchange)
    asked, medium = asked_in(operation, exchange), media_type(operation, exchange)
    if not isinstance(given, dict) or asked is None or medium is None:
        return
    if asked.schema is None or medium.schema is None or not _is_whole(exchange, earlier):
        return
    ours = _certain((asked.schema,), definitions(asked.schema))
    theirs = shapes.top(medium.schema).found
    for pointer, default, value in _forgotten(_Pair("", given, got, ours, theirs), asked.schema, medium.schema):
        yield broken_property(
            f"`{pointer[1:]}` was not sent, is {shown(default)} by default, and is answered as {shown(value)}",
            f"`default`: {shown(default)}",
            medium,
            Claim(kind="body-echoes", pointer=pointer, value=default),
        )


def _is_whole(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    """Whether the answer shows a thing that has nothing but what this request gave it."""
    if exchange.request.method == "PUT" or (exchange.response is not None and exchange.response.status == _CREATED):
        return True
    now, alike = histories.identity(histories.value(exchange)), histories.alike(exchange, earlier)
    before = (histories.identity(histories.value(item)) for item in alike if histories.succeeded(item))
    return now is not ABSENT and any(item not in (ABSENT, now) for item in before)


def _forgotten(pair: _Pair, asked: Schema, medium: Schema) -> Iterator[tuple[str, Json, Json]]:
    waiting = [pair]
    while waiting:
        here = waiting.pop()
        if isinstance(here.given, list) and isinstance(here.got, list) and len(here.given) == len(here.got):
            items = [(str(index), index) for index in range(len(here.given))]
            waiting += [_below(here, "*", at, asked, medium) for _, at in items]
        if not isinstance(here.given, dict) or not isinstance(here.got, dict):
            continue
        shared = here.given.keys() & here.got.keys()
        waiting += [_below(here, name, name, asked, medium) for name in sorted(shared)]
        for name in sorted(here.got.keys() - here.given.keys()):
            default = _default(_certain(shapes.children(here.ours, name), definitions(asked)))
            known = [
                branch
                for rule in shapes.children(here.theirs, name)
                for branch in shapes.branches(rule, definitions(medium))
            ]
            if default is ABSENT or not known or histories.same(default, here.got[name]):
                continue
            if not shapes.types(known) or histories.kind(default) in shapes.types(known):
                yield join(here.pointer, name), default, here.got[name]


def _below(pair: _Pair, token: str, key: str | int, asked: Schema, medium: Schema) -> _Pair:
    theirs = shapes.children(pair.theirs, key)
    return _Pair(
        join(pair.pointer, token),
        pair.given[key],
        pair.got[key],
        _certain(shapes.children(pair.ours, key), definitions(asked)),
        tuple(branch for rule in theirs for branch in shapes.branches(rule, definitions(medium))),
    )


def _certain(rules: tuple[Json, ...], names: Mapping[str, Json]) -> tuple[Schema, ...]:
    """Every subschema that speaks of the same value whatever it is: through `$ref` and `allOf`."""
    found: list[Schema] = []
    waiting = list(rules)
    while waiting:
        here = waiting.pop()
        if not isinstance(here, Mapping) or any(here is item for item in found):
            continue
        found.append(here)
        if isinstance(here.get("$ref"), str):
            waiting.append(names.get(split(here["$ref"].removeprefix("#"))[1], {}))
        waiting.extend(here.get("allOf", ()))
    return tuple(found)


def _default(rules: tuple[Schema, ...]) -> Json:
    return next((rule["default"] for rule in rules if "default" in rule), ABSENT)


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    """Alone, only what was made or replaced is held to a default, and only where the request's schema has one."""
    asked = asked_in(operation, exchange)
    if not _is_whole(exchange, ()) or asked is None or asked.schema is None:
        return None
    inside = (part for _, part in walk(selfcontained(asked.schema)))
    return EVERYTHING if any(isinstance(part, dict) and "default" in part for part in inside) else None


CHECK = Check(
    severity=Severity.ERROR,
    judge=_judge,
    told_by=_told_by,
    reads_body=True,
    concerns=_concerns,
    overrides=("repeatability",),
)
