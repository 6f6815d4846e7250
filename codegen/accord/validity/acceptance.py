"""The accept filter in front of the authority: a fast yes where the authority would say yes, else no answer.

A schema is compiled to a msgspec decoder that reads and judges a body in one go. What the decoder cannot hold soundly
is left undecoded and judged by the authority alone; a schema that cannot be compiled at all has no filter. A `False`
means nothing but: ask the authority.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from accord.contract import Schema
from accord.document import Json
from accord.messages.encoding import DecodeError, parse_json
from accord.schemas import shapes
from accord.validity import validation
from accord.validity.compiling import EACH, Hole, Uncompilable, compiled

_MOST_OPENINGS = 200
"""Brackets below any reader's limit on nesting, whatever their order; beyond, the authority's reader is asked."""

_STRIDE = 2000
"""Two samples this far apart fall into any run of digits that Python refuses to read (4,300)."""

_DIGITS = re.compile(rb"[0-9]{2}")
_SHAPE = bytes.maketrans(b"123456789E", b"000000000e")
_EXPONENTS = (b"e0000", b"e+0000")
"""What a number of too many digits holds that is not written with many of them, once `_SHAPE` levels digits."""

_MOST_FILTERS = 20_000
"""Schemas after this many have no filter: what was compiled cannot be let go."""

_kept: list[Any] = []
"""Every type that msgspec has seen: it crashes the process when one made at run time is freed (0.22)."""

_filters: dict[tuple[int, bool], tuple[Schema, "Filter | None"]] = {}


@dataclass(frozen=True, slots=True)
class Filter:
    """A compiled schema: `decode` reads what it accepts and raises for all else; `holes` are for the authority.

    `decode_lines` reads texts one after the other, whatever white space is between them.
    """

    decode: Callable[[bytes], Any]
    decode_lines: Callable[[bytes], list[Any]]
    holes: tuple[Hole, ...]
    kind: Any


def filter_for(schema: Schema, *, closed: bool = False) -> Filter | None:
    """The filter of `schema`, kept by the schema's identity; None when it cannot be compiled soundly.

    `closed` refuses names that an open object does not document, so that what it accepts has none.
    """
    key = (id(schema), closed)
    known = _filters.get(key)
    if known is not None and known[0] is schema:
        return known[1]
    found = made(schema, closed=closed)
    if len(_filters) < _MOST_FILTERS:
        _filters[key] = (schema, found)
    return found


def made(schema: Schema, *, closed: bool = False, loose: bool = False) -> Filter | None:
    """A new filter of `schema`; None when it cannot be compiled soundly. What a `loose` one reads is not yet judged."""
    if len(_kept) >= _MOST_FILTERS:
        return None
    try:
        kind, holes = compiled(schema, closed=closed, loose=loose)
        _kept.append(kind)
        decoder = msgspec.json.Decoder(kind)
        return Filter(decoder.decode, decoder.decode_lines, holes, kind)
    except (Uncompilable, TypeError, ValueError, RecursionError):  # TypeError: msgspec cannot tell a union apart
        return None


def accepts(schema: Schema, *, closed: bool = False) -> Callable[[bytes], bool]:
    """A function that says True only for bodies that are JSON and valid under `schema`."""
    found = filter_for(schema, closed=closed)
    if found is None:
        return _never
    return functools.partial(_accepted, found)


def takes(schema: Schema, *, closed: bool = False) -> Callable[[Json], bool] | None:
    """As `accepts`, for values that the authority's reader read; None where there is no such filter."""
    found = filter_for(schema, closed=closed)
    if found is None or found.holes:
        return None
    try:
        held = msgspec.defstruct("Held", [("value", found.kind)], gc=False)
    except TypeError:
        return None
    _kept.append(held)
    return functools.partial(_converted, held)


def _converted(held: Any, value: Json) -> bool:
    try:
        msgspec.convert({"value": value}, held)
    except (msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError):
        return False
    return True


def _never(_body: bytes) -> bool:
    return False


def _accepted(found: Filter, body: bytes) -> bool:
    return decoded(found, body) is not None


def decoded(found: Filter, body: bytes) -> tuple[Any] | None:
    """What the filter read of `body`, in a tuple; None when it says nothing for it."""
    try:
        value = found.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if not is_readable(body):
        return None
    return (value,) if fills(found.holes, value) else None


def fills(holes: tuple[Hole, ...], value: Any) -> bool:
    """Whether every part of `value` that was left undecoded is valid."""
    return all(_holds(hole, bytes(raw)) for hole in holes for raw in _reached(value, hole.steps))


def is_readable(body: bytes) -> bool:
    """Whether what the decoder skipped is text and numbers that the authority's reader takes too."""
    if not body.isascii():
        try:
            body.decode()
        except UnicodeDecodeError:
            return False
    if body.count(b"[") + body.count(b"{") < _MOST_OPENINGS and not _DIGITS.search(body[::_STRIDE]):
        shape = body.translate(_SHAPE)
        if not any(exponent in shape for exponent in _EXPONENTS):
            return True
    try:
        parse_json(body)
    except DecodeError:
        return False
    return True


def _reached(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """The undecoded parts of `value` at `steps`; a branch of a union that has no such part has none."""
    if not steps:
        if isinstance(value, msgspec.Raw):
            yield value
        return
    if steps[0] is EACH:
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child in children:
            yield from _reached(child, steps[1:])
    elif isinstance(value, msgspec.Struct) and hasattr(value, steps[0]):
        yield from _reached(getattr(value, steps[0]), steps[1:])


def _holds(hole: Hole, raw: bytes) -> bool:
    try:
        value: Json = parse_json(raw)
    except DecodeError:
        return False
    undocumented = shapes.undocumented(value, hole.schema, hole.schema.get("$defs", {}))
    return next(undocumented, None) is None and validation.is_valid(hole.schema, value)
