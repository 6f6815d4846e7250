"""Watching: the bodies of answers into a profile, many of one kind at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

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

_TOGETHER = 24
"""Values that are observed at once, at least: few enough to be in the processor's cache still from being read."""


@dataclass(slots=True)
class Watch:
    """A profile while it grows: who observes each body, and the values that wait to be observed."""

    profile: Profile = field(default_factory=Profile)
    observers: dict[Body, Observer] = field(default_factory=dict)
    waiting: dict[tuple[Body, Kind], tuple[Schema, Column]] = field(default_factory=dict)


def values(watch: Watch, body: Body, schema: Schema, column: Column, kind: Kind = ANYTHING) -> None:
    """Observe the values of a column, of which `kind` is known, under `schema`, once there are many."""
    key = (body, kind)
    known = watch.waiting.pop(key, None)
    several = column if known is None else [*known[1], *column]
    if len(several) >= _TOGETHER:
        _observe(watch, key, schema, several)
    else:
        watch.waiting[key] = (schema, several)


def _observe(watch: Watch, key: tuple[Body, Kind], schema: Schema, column: Column) -> None:
    body, kind = key
    known = watch.observers.get(body)
    if known is None:
        place = watch.profile.bodies.setdefault(body, Place())
        known = watch.observers[body] = observing.observer(place, (schema,), schema.get("$defs", {}))
    observing.observe(known, column, kind)


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
    for key, (schema, column) in watch.waiting.items():
        _observe(watch, key, schema, column)
    watch.waiting.clear()
    return watch.profile
