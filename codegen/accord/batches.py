"""Batches: many bodies of one schema, read and judged by the accept filter in steps that take them all at once.

What is read conforms, has no name that is not documented and none written twice; all else is for the authority.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from accord import acceptance, columns, repeated
from accord.columns import Kind
from accord.compiling import Hole
from accord.contract import Schema
from accord.encoding import DecodeError

SIZE = 16
"""Bodies of one batch: few enough to stay in the processor's cache."""

LARGEST = 100_000
"""Bytes of one batch."""

_MANY = 2000
"""Bodies from which on it pays to import numpy."""

_DEEPEST = 800
"""Brackets of which fewer nest no value deeper than it can be followed."""

_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, DecodeError)


@dataclass(slots=True)
class Reader:
    """A schema compiled to be read in batches; `kind` is what every value is, `seen` how many bodies it was given."""

    decode: Callable[[bytes], Any]
    kind: Kind
    holes: tuple[Hole, ...]
    least: columns.Count
    count: columns.Count
    hold: columns.Hold | None
    seen: int = 0


def reader(schema: Schema) -> Reader | None:
    """The reader of `schema`; None when it cannot be compiled soundly."""
    made = acceptance.made(schema, closed=True, loose=True)
    if made is None:
        return None
    kind = columns.kind_of(made.kind)
    return Reader(
        decode=made.decode,
        kind=kind,
        holes=made.holes,
        least=columns.counter(kind, columns.top_names),
        count=columns.counter(kind, columns.names),
        hold=columns.holder(kind),
    )


def read(by: Reader, bodies: Sequence[bytes]) -> tuple[list[Any], list[int]]:
    """The values of those `bodies` that conform in every way, and the places of the others."""
    by.seen += len(bodies)
    try:
        values = list(map(by.decode, bodies))
    except _REFUSALS:
        return _one_by_one(by, bodies)
    return (values, []) if _conform(by, values, bodies) else _one_by_one(by, bodies)


def _one_by_one(by: Reader, bodies: Sequence[bytes]) -> tuple[list[Any], list[int]]:
    """As `read`, when not all conform."""
    values: list[Any] = []
    others: list[int] = []
    for at, body in enumerate(bodies):
        try:
            values.append(by.decode(body))
        except _REFUSALS:
            others.append(at)
    refused = set(others)
    taken = [at for at in range(len(bodies)) if at not in refused]
    if not taken or _conform(by, values, [bodies[at] for at in taken]):
        return values, others
    held = [_conform(by, [value], [bodies[at]]) for at, value in zip(taken, values, strict=True)]
    others += [at for at, holds in zip(taken, held, strict=True) if not holds]
    return [value for value, holds in zip(values, held, strict=True) if holds], sorted(others)


def _conform(by: Reader, values: list[Any], bodies: Sequence[bytes]) -> bool:
    """Whether each of `values` has the forms, the parts and the names that the decoder alone does not judge."""
    if by.hold is not None and not by.hold(values):
        return False
    if by.holes and not all(acceptance.fills(by.holes, value) for value in values):
        return False
    try:
        return _without_repeats(by, values, bodies)
    except _REFUSALS:
        return False


def _without_repeats(by: Reader, values: list[Any], bodies: Sequence[bytes]) -> bool:
    if by.seen >= _MANY or "numpy" in sys.modules:
        text = b"".join(bodies)
        if repeated.most_names(text) == by.least(values) and repeated.openings(text) < _DEEPEST:
            return True
        if len(bodies) > 1 and repeated.most_names(text) != by.count(values):
            return False
    return sum(map(repeated.names, bodies)) == by.count(values)
