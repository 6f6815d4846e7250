"""Profile: what was observed of a body of values, at each place of them, as counts that add up.

The profile of two bodies of values is the merged profile of each, in either order (a law in the tests). What would grow
without end is collapsed: distinct values past a cap to `many`, names of an object past a cap to one place for all,
which in pointers is `*` like the items of an array.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accord.document import join

MOST_VALUES = 100
"""Distinct texts, and distinct numbers, that are kept of one place."""

LONGEST_VALUE = 100
"""A text longer than this is prose: its place has many values."""

MOST_NAMES = 400
"""Names of one object that are kept apart."""

DEEPEST = 40
"""Levels that are kept apart; what is nested deeper is counted as a value of its type and not looked into."""

TELLING = ("date-time", "date", "time", "duration", "uuid", "email", "ipv4", "ipv6", "uri")
"""Formats that ordinary text does not have by accident."""

EXACT = 2**53
"""Numbers beyond this are observed as what a double holds of them."""


@dataclass(slots=True)
class Span:
    """The least and the greatest of some numbers."""

    least: float
    most: float


@dataclass(slots=True)
class Place:
    """What was seen at one place: how often each type, the bounds, the distinct values, and the places below.

    `texts` and `numbers` are None once there are many; `truths` are the booleans; `sizes` are those of arrays. `whole`
    says that every number is an integer; `formats` are those of TELLING that every text has, None before there is a
    text. `example` is the JSON text of a value that is least by length and then by text, kept for names that the schema
    does not document; `branches` counts the values that each branch of a union takes. `rest` is the place of all names
    once there are too many to keep them apart.
    """

    types: Counter[str] = field(default_factory=Counter)
    texts: set[str] | None = field(default_factory=set)
    numbers: set[float] | None = field(default_factory=set)
    truths: set[bool] = field(default_factory=set)
    whole: bool = True
    span: Span | None = None
    lengths: Span | None = None
    sizes: Span | None = None
    formats: tuple[str, ...] | None = None
    example: str | None = None
    branches: Counter[str] = field(default_factory=Counter)
    names: dict[str, "Place"] = field(default_factory=dict)
    rest: "Place | None" = None
    items: "Place | None" = None

    @property
    def count(self) -> int:
        """How many values were seen here."""
        return self.types.total()


@dataclass(frozen=True, slots=True, order=True)
class Body:
    """Whose values: an operation, the status it answered with, the media type."""

    operation: str
    status: int
    media_type: str


@dataclass(slots=True)
class Profile:
    """The places of the values of each body, and how often each body came."""

    bodies: dict[Body, Place] = field(default_factory=dict)
    counts: Counter[Body] = field(default_factory=Counter)


def merge(into: Profile, other: Profile) -> None:
    """Add what `other` observed to `into`."""
    into.counts.update(other.counts)
    for body, place in other.bodies.items():
        add(into.bodies.setdefault(body, Place()), place)


def add(into: Place, other: Place, *, bare: bool = False) -> None:
    """Add what was seen at `other` to `into`; `bare` leaves out what only the schema of a place knows to look for."""
    into.types.update(other.types)
    if not bare:
        into.branches.update(other.branches)
        exemplify(into, other.example)
    into.texts = _united(into.texts, other.texts)
    into.numbers = _united(into.numbers, other.numbers)
    into.truths |= other.truths
    into.whole = into.whole and other.whole
    into.span = spanned(into.span, other.span)
    into.lengths = spanned(into.lengths, other.lengths)
    into.sizes = spanned(into.sizes, other.sizes)
    if other.formats is not None:
        into.formats = tuple(name for name in formats_left(into) if name in other.formats)
    for name, place in other.names.items():
        there = named(into, name)
        add(there, place, bare=bare or there is into.rest)
    if other.rest is not None:
        add(collapse(into), other.rest, bare=True)
    if other.items is not None:
        into.items = into.items or Place()
        add(into.items, other.items, bare=bare)


def _united(first: set[Any] | None, second: set[Any] | None) -> set[Any] | None:
    if first is None or second is None:
        return None
    both = first | second
    return both if len(both) <= MOST_VALUES else None


def formats_left(place: Place) -> tuple[str, ...]:
    """The formats that every text so far has."""
    return TELLING if place.formats is None else place.formats


def spanned(known: Span | None, more: Span | None) -> Span | None:
    """The span of both."""
    if known is None or more is None:
        return known or more
    return Span(min(known.least, more.least), max(known.most, more.most))


def exemplify(place: Place, text: str | None) -> None:
    """Keep `text` as the example if it is less, by length and then by text."""
    if text is not None and (place.example is None or (len(text), text) < (len(place.example), place.example)):
        place.example = text


def named(place: Place, name: str) -> Place:
    """The place of property `name`, which is that of all names once there are too many."""
    if place.rest is not None:
        return place.rest
    known = place.names.get(name)
    if known is not None:
        return known
    if len(place.names) >= MOST_NAMES:
        return collapse(place)
    return place.names.setdefault(name, Place())


def collapse(place: Place) -> Place:
    """The one place of all names of an object, into which those kept apart are added."""
    if place.rest is None:
        place.rest = Place()
        for inner in place.names.values():
            add(place.rest, inner, bare=True)
        place.names.clear()
    return place.rest


def places(place: Place, pointer: str = "", within: int = 0) -> Iterator[tuple[str, Place, int]]:
    """Every place with its pointer and the number of objects, or arrays, it could have been in."""
    yield pointer, place, within
    here = place.types["object"]
    for name, inner in sorted(place.names.items()):
        yield from places(inner, join(pointer, name), here)
    if place.rest is not None:
        yield from places(place.rest, pointer + "/*", here)
    if place.items is not None:
        yield from places(place.items, pointer + "/*", place.types["array"])


def is_map(place: Place) -> bool:
    """Whether the names of an object look like data: many of them, and each in few of the objects."""
    many = len(place.names) > MOST_VALUES // 4
    return many and all(2 * inner.count < place.types["object"] for inner in place.names.values())


def read(place: Place) -> Place:
    """`place` as a reader wants it: names that are data stand as one."""
    made = Place()
    add(made, place)
    _read(made)
    return made


def _read(place: Place) -> None:
    if is_map(place):
        collapse(place)
    for inner in (*place.names.values(), *(item for item in (place.rest, place.items) if item is not None)):
        _read(inner)
