"""The witness of what recordings show: the smallest body that still breaks the same promise, masked."""

import functools
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from accord import checks
from accord.checks import Broken
from accord.contract import Operation
from accord.document import Json, split
from accord.exchange import Exchange
from accord.findings import Finding, Witness
from accord.messages.encoding import DecodeError, parse_json
from accord.privacy import redaction
from accord.verifying import streams
from accord.weighing import reducing

Tags: TypeAlias = frozenset[tuple[str, str]]

TRIES = 120
"""So many smaller bodies are judged for one witness, beside those that hold nothing but the place."""

PLACES = 20
"""So many items of arrays are tried as the place."""


MASKS = 4
"""So many masks are tried of a witness."""

_LONG = 40
"""A text of a witness that is longer is cut, where that shows the same."""

SHOWN = frozenset({"response-body", "undocumented-property"})
"""Checks whose findings a value of the body shows by itself."""


def witness(
    operation: Operation, finding: Finding, exchange: Exchange, listed: frozenset[str], tags: Tags
) -> Witness | None:
    """A value of the answer's body that shows `finding`; None where it shows in no JSON, or in no masked one.

    `listed` are the texts that the contract itself lists, which are not masked; `tags` are names of properties with
    the only text they may have, which tell branches apart: they stay.
    """
    if finding.code not in SHOWN:
        return None
    stream = streams.is_stream(exchange)
    held = streams.opened(operation, exchange) if stream else operation
    if held is None:
        return None

    def shows(value: Json) -> bool:
        one = streams.event(exchange, json.dumps(value).encode())
        outcomes = checks.declared()[finding.code].value.judge(held, one, ())
        return any(
            isinstance(item, Broken) and (item.pointer, item.promise) == (finding.pointer, finding.promise)
            for item in outcomes
        )

    found = next(filter(shows, _values(exchange, stream=stream)), None)
    if found is None:
        return None
    near = next(filter(shows, itertools.islice(_only(found, split(finding.pointer)), PLACES)), found)
    least = _smallest(shows, near, tags)
    hidden = (redaction.masked(least, listed, attempt) for attempt in range(MASKS))
    return next((Witness(value=value) for value in hidden if shows(value)), None)


def _only(value: Json, tokens: tuple[str, ...]) -> Iterator[Json]:
    """`value` with nothing but the way to `tokens`; `*` is tried with each item."""
    if not tokens:
        yield value
    elif isinstance(value, dict):
        if tokens[0] in value:
            yield from ({tokens[0]: inner} for inner in _only(value[tokens[0]], tokens[1:]))
        else:
            yield {}
    elif isinstance(value, list):
        yield from ([inner] for item in value for inner in _only(item, tokens[1:]))


def _values(exchange: Exchange, *, stream: bool) -> Iterator[Json]:
    body = exchange.response.body if exchange.response is not None else b""
    for text in streams.objects(body) if stream else (body,):
        try:
            yield parse_json(text)
        except DecodeError:
            continue


def _smallest(shows: Callable[[Json], bool], value: Json, tags: Tags) -> Json:
    """`value` without whatever it can lose in so many tries."""
    left = TRIES

    def holds(smaller: Json) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and shows(smaller)

    return _reduced(holds, value, tags)


def _reduced(holds: Callable[[Json], bool], value: Json, tags: Tags) -> Json:
    """`value` with as few parts as hold, each part likewise, and no long text where a shorter one does."""
    if isinstance(value, str) and len(value) > _LONG:
        return next((text for text in ("", value[:_LONG]) if holds(text)), value)
    if not isinstance(value, dict | list):
        return value
    names: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    told = [name for name in names if isinstance(value[name], str) and (name, value[name]) in tags]
    some = [name for name in names if name not in told]
    kept = _fewest(lambda few: holds(_of(value, [*told, *few])), some)
    value = _of(value, [name for name in names if name in told or name in kept])
    for name in list(value) if isinstance(value, dict) else range(len(value)):
        inside = functools.partial(_holds_with, holds, value, name)
        value = reducing.put(value, (str(name),), _reduced(inside, value[name], tags))
    return value


def _fewest(holds: Callable[[list[Any]], bool], names: list[Any]) -> list[Any]:
    """As few of `names` as hold: all at once are left out first, then halves of them, and so on."""
    size = len(names)
    while size:
        at = 0
        while at < len(names):
            fewer = names[:at] + names[at + size :]
            at, names = (at, fewer) if holds(fewer) else (at + size, names)
        size //= 2
    return names


def _of(value: Json, names: list[Any]) -> Json:
    return {name: value[name] for name in names} if isinstance(value, dict) else [value[name] for name in names]


def _holds_with(holds: Callable[[Json], bool], value: Json, name: Any, part: Json) -> bool:
    return holds(reducing.put(value, (str(name),), part))
