"""The same request is answered the same, up to what no two answers share: clocks, counters, fresh ids.

Broken by a server whose answer depends on what it was asked in between, on which of its machines answers, or on chance.
Fields that change like a clock, a counter or a draw are taken for volatile, named in the ledger, and not compared. So
are those that have three values in as many answers, or change and never back in five (a job goes on, a write settles),
and the order of a list.

Example: `duration` is there when a run is read, gone when it is read again, and then back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from accord import histories
from accord.checks import Broken, Check, NotChecked, Outcome, nothing_more
from accord.contract import MediaType, Operation, essence
from accord.document import Json, join
from accord.exchange import SUCCESS, Exchange
from accord.findings import ABSENT, Claim, Severity
from accord.messages.answers import definitions, media_type, promised, shown
from accord.schemas import shapes
from accord.validity import validation

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that speak of the moment."""

_SETTLED = 5
"""So many answers, of which none had what one before another had, tell of what goes on, not of chance."""

_SEVERAL = 3
"""So many values that differ are drawn anew for each answer."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """Where the answers to one request part, and what each has there, the oldest first."""

    pointer: str
    values: tuple[Json, ...]
    shape: bool


def _follows(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    if exchange.request.method in histories.SAFE and not histories.undisturbed(exchange, earlier):
        return False  # what was written meanwhile may be read: `read-back` looks at it
    return bool(histories.alike(exchange, earlier))


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    others = histories.alike(exchange, earlier)
    still = histories.undisturbed(exchange, earlier)
    if still:
        yield from _status((*others, exchange))
    medium = media_type(operation, exchange)
    response = promised(operation, exchange)
    if medium is None or medium.schema is None or response is None or exchange.response is None:
        return
    status = exchange.response.status
    same = [item for item in (*others, exchange) if item.response is not None and item.response.status == status]
    values = [value for item in same if (value := histories.value(item)) is not ABSENT]
    fine = [value for value in values if validation.is_valid(medium.schema, value)]
    if len(fine) < 2 or histories.value(exchange) is ABSENT:  # noqa: PLR2004  a pair
        return
    for difference in _differences(tuple(fine), medium):
        yield from _weighed(difference, medium, still=still)


def _status(same: tuple[Exchange, ...]) -> Iterator[Outcome]:
    codes = [item.response.status for item in same if item.response is not None]
    first, second = codes[-2:]
    if first == second or not _PASSING.isdisjoint({first, second}):
        return
    if second in SUCCESS and not histories.returns(codes):
        yield NotChecked(f"status {first} became {second}: what is asked for may take its time", whole=False)
        return
    yield Broken(
        message=f"The same request was answered with status {first}, then {second}; nothing was written between",
        promise="the same answer to the same request",
        claim=Claim(kind="same-status"),
    )


def _differences(values: tuple[Json, ...], medium: MediaType) -> Iterator[_Difference]:
    schema = medium.schema or {}
    names = definitions(schema)
    stack: list[tuple[str, tuple[Json, ...], tuple[Json, ...]]] = [("", values, (schema,))]
    while stack:
        pointer, here, rules = stack.pop()
        if all(item == here[0] for item in here):
            continue
        kinds = {histories.kind(item) for item in here}
        found = tuple(branch for rule in rules for branch in shapes.branches(rule, names))
        if kinds == {"object"} and not shapes.is_map(found):
            shared = dict.fromkeys(name for item in here for name in item)
            gone = [name for name in shared if not all(name in item for item in here)]
            yield from (
                _Difference(join(pointer, name), tuple(item.get(name, ABSENT) for item in here), shape=True)
                for name in gone
            )
            stack.extend(
                (join(pointer, name), tuple(item[name] for item in here), shapes.children(found, name))
                for name in shared
                if name not in gone
            )
        elif kinds == {"array"} and len({len(item) for item in here}) == 1 and not _reordered(here):
            stack.extend(
                (join(pointer, "*"), tuple(item[index] for item in here), shapes.children(found, index))
                for index in range(len(here[0]))
            )
        else:
            yield _Difference(pointer, here, shape=len(kinds - {"null"}) > 1 or kinds == {"array"})


def _reordered(lists: tuple[Json, ...]) -> bool:
    """Whether the lists hold the same items in another order."""
    if not all(isinstance(item, list) for item in lists):
        return False
    return all(sorted(map(shown, item)) == sorted(map(shown, lists[0])) for item in lists)


def _weighed(difference: _Difference, medium: MediaType, *, still: bool) -> Iterator[Outcome]:
    values, place = difference.values, difference.pointer or "the whole body"
    if _reordered(values):
        yield NotChecked(f"`{place}` is in another order when it is asked for again", whole=False)
        return
    back = histories.returns(values)
    drawn = histories.looks_volatile([item for item in values if item is not ABSENT])
    settles = not back and len(values) >= _SETTLED
    if settles or _is_chance(difference) or (not back and (not still or (drawn and not difference.shape))):
        yield NotChecked(f"`{place}` changes between answers to the same request: volatile, not compared", whole=False)
        return
    other = next(item for item in values if item != values[0])
    yield Broken(
        message=f"The same request was answered with {_told(difference.pointer, values[0])}, and then "
        f"with {_told(difference.pointer, other)}",
        promise="the same answer to the same request",
        pointer=difference.pointer,
        owner=medium.pointer,
        schema_pointer="/schema",
        media_type=essence(medium.name),
        claim=Claim(kind="same", pointer=difference.pointer),
    )


def _is_chance(difference: _Difference) -> bool:
    """Whether what is there each time is another value at the third time of asking."""
    kinds = {histories.kind(item) for item in difference.values}
    if difference.shape and kinds != {"array"}:
        return False
    return ABSENT not in difference.values and len(set(map(shown, difference.values))) >= _SEVERAL


def _told(pointer: str, value: Json) -> str:
    return f"no `{pointer}`" if value is ABSENT else f"`{pointer}` {shown(value)}"


CHECK = Check(severity=Severity.ERROR, judge=_judge, told_by=nothing_more, reads_body=True, follows=_follows)
