"""The simplest value one schema accepts and another rejects; containment asked in full: proof first, then a witness."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

from accord.document import Json
from accord.findings import ABSENT
from accord.proof import guessing, membership, sampling
from accord.proof.containment import proves
from accord.proof.questions import Question
from accord.validity import validation

_MOST_TRIED = 1_500
_MOST_GUESSED = 400
_MOST_FOUND = 16


@dataclass(frozen=True, slots=True)
class Proved:
    """Every value of the inner schema is a value of the outer one."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """`witness` is a value of the inner schema and none of the outer one, as two judges found."""

    witness: Json


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither a proof nor a witness was found, and why."""

    reason: str


Verdict: TypeAlias = Proved | Refuted | Undecided


def contains(asked: Question, outer: Json, inner: Json) -> Verdict:
    """Whether every value of `inner` is a value of `outer`."""
    if proves(asked, outer, inner):
        return Proved()
    value = find(asked, outer, inner)
    if value is not ABSENT:
        return Refuted(value)
    tried = f"{_MOST_TRIED} simplest and {_MOST_GUESSED} random values"
    return Undecided(f"no rule proves it, and none of the {tried} tells them apart")


def find(asked: Question, outer: Json, inner: Json) -> Json:
    """The simplest value found that `inner` accepts and `outer` rejects; ABSENT when none turned up in the budget."""
    reader, writer = _whole(outer, asked.outer), _whole(inner, asked.inner)
    found: list[Json] = []
    seen: set[str] = set()
    directed = islice(sampling.candidates(asked, outer, inner, asked.inner), _MOST_TRIED)
    for value in chain(directed, _more(asked, outer, inner, found)):
        text = json.dumps(value, sort_keys=True)
        if text not in seen and not validation.is_valid(reader, value) and validation.is_valid(writer, value):
            found.append(value)
            if len(found) == _MOST_FOUND:
                break
        seen.add(text)
    return next((value for value in sorted(found, key=simplicity) if _convinces(asked, outer, inner, value)), ABSENT)


def _more(asked: Question, outer: Json, inner: Json, found: list[Json]) -> Iterator[Json]:
    """Random values, where the directed ones found nothing."""
    if not found:
        yield from guessing.guesses(asked, outer, inner, _MOST_GUESSED)


def simplicity(value: Json) -> tuple[int, int, int, str]:
    """Values in order of size, then of how few and how plain their characters are, then of their text."""
    text = json.dumps(value, sort_keys=True)
    return len(text), len(set(text)), sum(not char.isalnum() for char in text), text


def _whole(schema: Json, definitions: Mapping[str, Json]) -> Mapping[str, Json]:
    asserted = schema if isinstance(schema, Mapping) else ({} if schema else {"not": {}})
    return {**asserted, "$defs": definitions}


def _convinces(asked: Question, outer: Json, inner: Json, value: Json) -> bool:
    """Whether the second judge finds the same of `value`."""
    return membership.agrees(outer, value, asked.outer, valid=False) and membership.agrees(
        inner, value, asked.inner, valid=True
    )
