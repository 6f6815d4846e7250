"""A fault: a keyword broken at a place, how to draw it, and the nearest steps to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from accord.contract import Schema
from accord.document import Json
from accord.strategies.building import from_schema
from accord.strategies.containers import Strategy
from accord.strategies.drawing import few

_FEW = 3
BASIC = ("null", "boolean", "integer", "number", "string", "array", "object")

Near: TypeAlias = Callable[[Json], Iterable[Json]]
"""From a valid value at a fault's place, values with the fault there, the most telling first."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A keyword at a place.

    `make` draws whole values that may break it; `near` gives what may stand at `place` (names and indexes) instead of a
    valid value. `pointer` is what a report names: also a property that is missing. A step of one that stands `alone`
    is not put into other values than the first.
    """

    keyword: str
    pointer: str
    make: Callable[[], Strategy]
    near: Near
    place: tuple[str | int, ...] = ()
    alone: bool = False

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001  IPython's protocol, and Hypothesis's
        """Keyword and pointer alone: Hypothesis writes what it draws from, and `make` brings the whole schema along."""
        printer.text(f"Fault(keyword={self.keyword!r}, pointer={self.pointer!r})")


def drawn_near(make: Callable[[], Strategy]) -> Near:
    """Steps that only drawing finds."""
    return lambda _value: few(make(), _FEW)


def at_once(values: Iterable[Json]) -> tuple[Callable[[], Strategy], Near]:
    """How to draw one of `values`, and the same as steps."""
    known = list(values)
    return (lambda: st.sampled_from(known) if known else st.nothing()), (lambda _value: known)


def whole(schema: Json, definitions: Mapping[str, Json]) -> Schema:
    """`schema` (also a boolean) as one that stands for itself."""
    return {**(schema if isinstance(schema, Mapping) else {} if schema else {"not": {}}), "$defs": definitions}


def draw(schema: Json, definitions: Mapping[str, Json]) -> Strategy:
    """Valid values of `schema`."""
    return from_schema(whole(schema, definitions))


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a schema is looked at: its definitions, and how to look at what is inside.

    `trail` are the recursive definitions around it, and `left` says how many more may be entered.
    """

    definitions: Mapping[str, Json]
    inside: Callable[[Json, "Scope", str], Iterator[Fault]]
    trail: frozenset[str] = frozenset()
    left: int = 2
