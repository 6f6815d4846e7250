"""Watching: the bodies of answers into a profile, many of one kind at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from accord.contract import Operation, Schema, essence
from accord.document import Json
from accord.exchange import Exchange
from accord.findings import ABSENT
from accord.messages import answers
from accord.messages.encoding import DecodeError, parse_json
from accord.profiling import observing
from accord.profiling.observing import Observer
from accord.profiling.profile import Body, Place, Profile
from accord.validity.columns import ANYTHING, Column, Kind
from accord.verifying import streams

_TOGETHER = 64
"""Values that are observed at once: few enough to stay in the processor's cache."""


@dataclass(slots=True)
class _Waiting:
    schema: Schema
    values: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """A profile while it grows: who observes each body, and the values that wait to be observed."""

    profile: Profile = field(default_factory=Profile)
    observers: dict[Body, Observer] = field(default_factory=dict)
    waiting: dict[tuple[Body, Kind], _Waiting] = field(default_factory=dict)


def values(watch: Watch, body: Body, schema: Schema, column: Column, kind: Kind = ANYTHING) -> None:
    """Observe the values of a column, of which `kind` is known, under `schema`, once there are many."""
    key = (body, kind)
    waiting = watch.waiting.get(key)
    if waiting is None:
        waiting = watch.waiting[key] = _Waiting(schema)
    waiting.values += column
    if len(waiting.values) >= _TOGETHER:
        _observe(watch, key)


def _observe(watch: Watch, key: tuple[Body, Kind]) -> None:
    body, kind = key
    waiting = watch.waiting.pop(key)
    known = watch.observers.get(body)
    if known is None:
        place = watch.profile.bodies.setdefault(body, Place())
        definitions = waiting.schema.get("$defs", {})
        known = watch.observers[body] = observing.observer(place, (waiting.schema,), definitions)
    observing.observe(known, waiting.values, kind)


def count(watch: Watch, operation: Operation, seen: Exchange, times: int = 1) -> Body:
    """Count an answer of the kind that an exchange has."""
    status = 0 if seen.response is None else seen.response.status
    body = Body(operation.name, status, essence(answers.content_type(seen)))
    watch.profile.counts[body] += times
    return body


def exchange(watch: Watch, operation: Operation, seen: Exchange) -> None:
    """Count the answer of an exchange, and observe what its body says where its media type is documented."""
    body = count(watch, operation, seen)
    medium = answers.media_type(operation, seen)
    if medium is not None and medium.schema is not None:
        values(watch, body, medium.schema, list(_said(operation, seen)))


def _said(operation: Operation, seen: Exchange) -> Iterable[Json]:
    """The values of the answer's body; of an event stream that of each event."""
    if streams.is_stream(seen) and seen.response is not None:
        for data in streams.objects(seen.response.body):
            try:
                yield parse_json(data)
            except DecodeError:
                continue
        return
    value = answers.answered(operation, seen)
    if value is not ABSENT:
        yield value


def finished(watch: Watch) -> Profile:
    """The profile, with all that waited observed."""
    for key in list(watch.waiting):
        _observe(watch, key)
    return watch.profile
