"""The witness of what recordings show: the smallest body that still breaks the same promise, masked."""

import itertools
import json
from collections.abc import Callable, Iterator

from accord import checks
from accord.checks import Broken
from accord.contract import Operation
from accord.document import Json, split
from accord.exchange import Exchange
from accord.findings import Finding, Witness
from accord.fuzzing.reducing import without_one
from accord.messages.encoding import DecodeError, parse_json
from accord.privacy import redaction
from accord.verifying import streams

TRIES = 60
"""So many smaller bodies are judged for one witness, beside those that hold nothing but the place."""

PLACES = 20
"""So many items of arrays are tried as the place."""


SHOWN = frozenset({"response-body", "undocumented-property"})
"""Checks whose findings a value of the body shows by itself."""


def witness(operation: Operation, finding: Finding, exchange: Exchange) -> Witness | None:
    """A value of the answer's body that shows `finding`; None where it shows in no JSON, or in no masked one."""
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
    hidden = redaction.masked(_smallest(shows, near))
    return Witness(value=hidden) if shows(hidden) else None


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


def _smallest(shows: Callable[[Json], bool], value: Json) -> Json:
    """`value` without whatever it can lose, the outer parts first."""
    tries, shrunk = 0, True
    while shrunk:
        shrunk = False
        for smaller in without_one(value):
            tries += 1
            if tries > TRIES:
                return value
            if shows(smaller):
                value, shrunk = smaller, True
                break
    return value
