"""Batches: many bodies of one schema, read and judged by the accept filter in steps that take them all at once.

What is read conforms, has no name that is not documented and none written twice; all else is for the authority.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from accord.contract import Schema
from accord.messages.encoding import DecodeError
from accord.validity import acceptance, columns, repeated
from accord.validity.acceptance import Filter
from accord.validity.columns import Kind
from accord.validity.compiling import Hole

SIZE = 32
"""Bodies of one batch: few enough to stay in the processor's cache."""

_JOINED = 16
"""Bodies whose names are counted in one text."""

_MANY = 500
"""Bodies from which on it pays to import numpy."""

_REMEMBERED = 4
_MOST_READERS = 4096
_readers: dict[int, tuple[Schema, "Reader | None"]] = {}
_asked: list[tuple[Schema, bytes, bool]] = []
"""The last few answers of `conforms`."""

_CLOSING = b"}"[0]

_LONGEST_PAUSE = 31

_DEEPEST = 800
"""Brackets of which fewer nest no value deeper than it can be followed."""

_REFUSALS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, DecodeError)


@dataclass(slots=True)
class Reader:
    """A schema compiled to be read in batches; `kind` is what every value is, `seen` how many bodies it was given.

    Of the next blocks of lines, `skips` are not read at once; of those after one that was of no use, about `pause`.
    """

    decode: Callable[[bytes], Any]
    decode_lines: Callable[[bytes], list[Any]]
    kind: Kind
    holes: tuple[Hole, ...]
    least: columns.Count
    count: columns.Count
    hold: columns.Hold | None
    seen: int = 0
    skips: int = 0
    pause: int = 0


def reader(schema: Schema) -> Reader | None:
    """The reader of `schema`; None when it cannot be compiled soundly."""
    made = acceptance.made(schema, closed=True, loose=True)
    if made is None:
        return None
    kind = columns.kind_of(made.kind)
    return Reader(
        decode=made.decode,
        decode_lines=made.decode_lines,
        kind=kind,
        holes=made.holes,
        least=columns.counter(kind, columns.top_names),
        count=columns.counter(kind, columns.names),
        hold=columns.holder(kind),
    )


def whole(by: Reader, text: bytes) -> list[Any] | None:
    """The values of the lines of `text`, if each is an object on one line that names something and conforms.

    None where one is not, or where it does not pay to try: then they are to be read one by one.
    """
    if by.skips or not _is_numpy_worth(by):
        by.skips -= by.skips > 0
        return None
    count = _objects(text)
    try:
        values = by.decode_lines(text) if count else []
        conform = len(values) == count > 0 and _conform(by, values, [text])
    except _REFUSALS:
        conform = False
    if not conform:
        by.skips = by.pause = min(2 * by.pause + 1, _LONGEST_PAUSE)
        return None
    by.pause //= 2
    by.seen += count
    return values


def _objects(text: bytes) -> int:
    """How many lines `text` has, where each, if it is JSON, holds a whole object with a name, or several; else 0.

    In no JSON value a closing brace is followed by an opening one, so none goes on from line to line.
    """
    count, at, length = 0, 0, len(text)
    while at < length:
        end = text.find(b"\n", at)
        end = length if end < 0 else end
        if text[end - 1] != _CLOSING or not text.startswith(b'{"', at):
            return 0
        count, at = count + 1, end + 1
    return count


def read(by: Reader, bodies: Sequence[bytes]) -> tuple[list[Any], dict[int, str]]:
    """The values of those `bodies` that conform in every way; of the others the places, and what the decoder says."""
    values: list[Any] = []
    others: dict[int, str] = {}
    decode = by.decode
    for at, body in enumerate(bodies):
        try:
            values.append(decode(body))
        except _REFUSALS as refusal:
            others[at] = str(refusal)
    by.seen += len(bodies)
    if not others:
        held = _conforming(by, values, bodies)
        if len(held) == len(values):
            return values, others
        taken: Sequence[int] = range(len(bodies))
    else:
        taken = [at for at in range(len(bodies)) if at not in others]
        held = _conforming(by, values, [bodies[at] for at in taken])
    if len(held) < len(values):
        left = {*others, *taken} - {taken[at] for at in held}
        others = {at: others.get(at, "") for at in sorted(left)}
    return [values[at] for at in held], others


def refusal(by: Filter | None, body: bytes) -> str:
    """What a decoder says of a `body` that it does not take; nothing of one that it takes."""
    try:
        if by is not None:
            by.decode(body)
    except _REFUSALS as refused:
        return str(refused)
    return ""


def _conforming(by: Reader, values: Sequence[Any], bodies: Sequence[bytes]) -> Sequence[int]:
    """The places of the values that conform, found by halves."""
    if not values or _conform(by, values, bodies):
        return range(len(values))
    if len(values) == 1:
        return ()
    half = len(values) // 2
    second = _conforming(by, values[half:], bodies[half:])
    return [*_conforming(by, values[:half], bodies[:half]), *(half + at for at in second)]


def _conform(by: Reader, values: Sequence[Any], bodies: Sequence[bytes]) -> bool:
    """Whether each of `values` has the forms, the parts and the names that the decoder alone does not judge.

    `bodies` are their texts, or one text of them all.
    """
    if by.hold is not None and not by.hold(values):
        return False
    if by.holes and not all(acceptance.fills(by.holes, value) for value in values):
        return False
    try:
        return _without_repeats(by, values, bodies)
    except _REFUSALS:
        return False


def _without_repeats(by: Reader, values: Sequence[Any], bodies: Sequence[bytes]) -> bool:
    if _is_numpy_worth(by):
        texts = [b"".join(bodies[at : at + _JOINED]) for at in range(0, len(bodies), _JOINED)]
        most, least = sum(map(repeated.most_names, texts)), by.least(values)
        if most > least:
            most -= sum(map(repeated.certain_strings, texts))
        if most == least and max(map(repeated.openings, texts)) < _DEEPEST:
            return True
        if most == by.count(values):
            return True
        if len(values) > 1:
            return False
    return sum(map(repeated.names, bodies)) == by.count(values)


def _is_numpy_worth(by: Reader) -> bool:
    return by.seen >= _MANY or "numpy" in sys.modules


def conforms(schema: Schema, body: bytes) -> bool:
    """Whether the filter says that `body` is strict JSON, valid, documented, and has no name twice.

    Asked by several checks about the same body, it looks once.
    """
    for known, seen, answer in _asked:
        if known is schema and seen is body:
            return answer
    if b":" not in body:
        return False
    by = reader_for(schema)
    found = by is not None and not read(by, [body])[1]
    _asked.insert(0, (schema, body, found))
    del _asked[_REMEMBERED:]
    return found


def reader_for(schema: Schema) -> Reader | None:
    """The reader of `schema`, made once; None when it cannot be compiled soundly."""
    kept = _readers.get(id(schema))
    if kept is not None and kept[0] is schema:
        return kept[1]
    made = reader(schema)
    if len(_readers) >= _MOST_READERS:
        _readers.clear()
    _readers[id(schema)] = (schema, made)
    return made
