"""Sequences about what is listed: of things in different states each is read, and has done to it what can be."""

import re
from collections.abc import Iterator
from itertools import islice

from accord import filters, lists
from accord.contract import Operation
from accord.document import Json
from accord.exchange import Case, Exchange
from accord.findings import ABSENT
from accord.fuzzing.connecting import Places, identity, is_above, known, placed
from accord.fuzzing.listing import asking
from accord.fuzzing.picking import by_weight, fullest
from accord.fuzzing.sequences import is_below
from accord.fuzzing.stepping import SOON, Cases, Sequence, Step, unsure
from accord.validity import validation

THINGS = 6
"""So many things of one list are looked at."""

LOOKED = 100
"""So many items of each answer are looked at."""

STATES = 4
"""So many states are asked for in the list by name, for things that are not on its first page."""

SOME = 2
"""Of so many things each may be in another state by chance."""

_WORD = re.compile(r"[A-Za-z_-]{1,24}")
_ACTS = frozenset({"POST", "PUT", "PATCH"})


def listed(chosen: tuple[Operation, ...], values: Places, cases: Cases, *, acts: bool) -> Iterator[Sequence]:
    """For each list of things that can be read: things in it that differ in their state, each read and acted on.

    Where there shall be no `acts` on what somebody else has made, each is only read.
    """
    for listing in chosen:
        reads = [item for item in chosen if item.method == "GET" and is_above(listing, item)]
        fixed = {item.name: known(item, values) for item in listing.parameters if item.location == "path"}
        plain = by_weight(cases(listing)) if reads and lists.answer_of(listing) is not None else []
        if not plain or ABSENT in fixed.values():
            continue
        first = placed(listing, min(plain, key=lambda case: len(case.request.url)), fixed)
        done = [item for item in chosen if acts and item.method in _ACTS and is_below(item, reads[0])]
        if first is not None:
            asks = (first, *islice(_by_state(listing, first), STATES))
            steps = tuple(_steps(listing, asks, (reads[0], *done), fixed, cases))
            yield Sequence(name=f"{reads[0].path} as listed", steps=steps, due=SOON)


def _by_state(listing: Operation, first: Case) -> Iterator[Case]:
    """The list, asked for what has one of the values that a filter knows by name."""
    meaning = lists.meaning(listing, lists.answer_of(listing))
    given = lists.given(listing, first.request.url)
    for item in meaning.filters if meaning is not None else ():
        for value in item.members:
            if validation.is_valid(item.parameter.schema, value):
                yield asking(listing, first, {**given, **filters.asking(item, value)})


def _steps(
    listing: Operation, asks: tuple[Case, ...], each: tuple[Operation, ...], fixed: Places, cases: Cases
) -> Iterator[Step]:
    for ask in asks:
        yield Step(operation=listing, case=lambda _earlier, ask=ask: ask)  # type: ignore[misc]
    for number in range(THINGS):
        for operation in each:
            yield Step(
                operation=operation,
                case=lambda earlier, operation=operation, number=number: _to(  # type: ignore[misc]
                    operation, listing, number, earlier[: len(asks)], fixed, cases
                ),
                may_lack=True,
            )


def _to(
    operation: Operation, listing: Operation, number: int, earlier: tuple[Exchange, ...], fixed: Places, cases: Cases
) -> Case | None:
    """A request of `operation` to thing `number` of those that `earlier` list."""
    shown: list[Json] = []
    for thing in (thing for item in earlier for thing in (lists.items_of(listing, item) or [])[:LOOKED]):
        shown += [thing] if thing not in shown else []
    found = things(shown)
    valid = by_weight(cases(operation))
    last = next((item for item in reversed(operation.parameters) if item.location == "path"), None)
    if number >= len(found) or not valid or last is None:
        return None
    there = {**fixed, last.name: identity(last, found[number])}
    if operation.method == "GET":
        return placed(operation, valid[0], there)
    case = placed(operation, fullest(valid), there)
    return None if case is None else unsure(case, "the state of the thing may not allow it")


def things(items: list[Json]) -> list[Json]:
    """Few of `items` in which every state is that one of them has: a flag, a word, a null, something empty."""
    left = [item for item in items if isinstance(item, dict)]
    free = _free(left)
    told: set[tuple[str, str]] = set()
    chosen: list[Json] = []
    while left and len(chosen) < THINGS:
        new = [{(name, _state(value, free=name in free)) for name, value in item.items()} - told for item in left]
        at = max(range(len(left)), key=lambda number: len(new[number]))
        if chosen and not new[at]:
            break
        told |= new[at]
        chosen.append(left.pop(at))
    return chosen


def _free(items: list[dict[str, Json]]) -> set[str]:
    """The names of texts that are other ones in each of the `items`, and no states."""
    texts: dict[str, list[str]] = {}
    for item in items:
        for name, value in item.items():
            texts.setdefault(name, []).extend([value] if isinstance(value, str) else [])
    return {name for name, found in texts.items() if len(found) > SOME and len(set(found)) == len(found)}


def _state(value: Json, *, free: bool) -> str:
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and not free else f"text{', empty' * (not value)}"
    if isinstance(value, bool) or value is None:
        return str(value)
    return type(value).__name__ + ("" if value else ", empty")
