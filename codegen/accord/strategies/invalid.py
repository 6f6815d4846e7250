"""Values with exactly one fault: the smallest step outside, for every keyword of every subschema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.contract import Schema
from accord.document import Json, split
from accord.strategies.drafts import pin
from accord.strategies.driving import given
from accord.strategies.fault import Fault
from accord.strategies.faulty import faults
from accord.validity import validation

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A value that is not valid, the keyword it breaks and where: one fault, on purpose."""

    value: Json
    keyword: str
    pointer: str
    description: str = ""


def invalid(schema: Schema) -> SearchStrategy[Invalid]:
    """A strategy for values that break exactly one promise of `schema`, named; empty where nothing can be broken."""
    return one_of_many([broken(schema, fault) for fault in faults(schema)])


def one_of_many(drawn: Sequence[SearchStrategy[T]]) -> SearchStrategy[T]:
    """One of many strategies, built when it is its turn; where it turns out to be empty, the next one that is not."""
    return st.sampled_from(range(len(drawn))).flatmap(given(_next, drawn)) if drawn else st.nothing()


def _next(drawn: Sequence[SearchStrategy[T]], index: int) -> SearchStrategy[T]:
    turns = (*drawn[index:], *drawn[:index])
    return next((each for each in turns if not each.is_empty), st.nothing())


def broken(schema: Schema, fault: Fault) -> SearchStrategy[Invalid]:
    """Values with `fault`, as far as the authority refuses them under `schema`; built when it is their turn."""

    def made() -> SearchStrategy[Invalid]:
        refused = fault.make().filter(lambda value: not validation.is_valid(schema, value))
        return refused.map(given(with_fault, fault))

    return st.deferred(made)


def as_pinned(schema: Schema, pinned: Mapping[str, Json], found: Invalid) -> Invalid:
    """`found` with those of its properties that are `pinned`, where its fault is in none and is still there."""
    value = pin(pinned, found.value)
    if not pinned.keys().isdisjoint(split(found.pointer)) or validation.is_valid(schema, value):
        return found
    return replace(found, value=value)


def with_fault(fault: Fault, value: Json) -> Invalid:
    """`value`, which has `fault`, and the words for it."""
    text = f"`{fault.pointer}` breaks `{fault.keyword}`" if fault.pointer else f"the value breaks `{fault.keyword}`"
    return Invalid(value=value, keyword=fault.keyword, pointer=fault.pointer, description=text)
