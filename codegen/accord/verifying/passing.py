"""Passing: exchanges whose bodies the accept filter takes, counted many at a time; the checks judge all others.

Of those that it refuses they judge one of each kind: in others that depart from their schema alike they find the same.

What the checks say of an exchange that has no case, or was taken as it was meant to be, beside what the filter says of
its body is decided by little: the operation, method, status, media type, and what each check names in `told_by`. The
first exchange of each such kind is held to all checks; when they find nothing, they find nothing in the others of the
kind either.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from accord import checks
from accord.checks import Judgement
from accord.contract import Contract, Operation, Schema, is_json
from accord.exchange import SUCCESS, Exchange, Request
from accord.messages import answers
from accord.messages.matching import matched
from accord.profiling import coverage
from accord.validity import batches, columns, departures
from accord.validity.batches import Reader
from accord.validity.departures import Departure
from accord.verifying import outcomes, tallies, watching
from accord.verifying.holding import UNMEANT, hold, note
from accord.verifying.outcomes import Outcomes
from accord.verifying.tallies import Verdicts
from accord.verifying.watching import Watch

TOGETHER = 32
"""Exchanges that are looked at together, few enough to stay in the processor's cache."""

_REMEMBERED = 4096
_UNKNOWN: Any = object()


@dataclass(slots=True)
class _Way:
    """What exchanges of one kind have in common that the filter takes: how often each check was held, and was not."""

    operation: Operation
    template: Exchange
    status: int
    schema: Schema
    reader: Reader
    checked: dict[tuple[str, str], int]
    unchecked: dict[tuple[str, str], int]
    kind: Hashable


@dataclass(frozen=True, slots=True)
class Departing:
    """An exchange whose body departs from its schema at places that are known, and what was read of it."""

    way: _Way
    departure: Departure
    value: Any


@dataclass(slots=True)
class Ways:
    """What is known of the kinds of exchanges so far; `is_open` says that all checks say what they are told by.

    `told_by` are what tell kinds apart besides method, status and media type.
    `outcomes` is what was found in bodies that depart from their schema, by kind and signature.
    """

    contract: Contract
    servers: tuple[str, ...]
    is_open: bool
    told_by: tuple[Callable[[Operation, Exchange], Hashable], ...] = ()
    called: dict[tuple[str, str, str], Operation | str] = field(default_factory=dict)
    ways: dict[tuple[Hashable, ...], _Way | None] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=dict)


def ways(contract: Contract, servers: tuple[str, ...]) -> Ways:
    """Nothing known yet."""
    every = [(name, declaration.value) for name, declaration in checks.declared().items()]
    is_open = all(check.needs_case or check.told_by is not None or name in UNMEANT for name, check in every)
    told_by = tuple(check.told_by for _, check in every if check.told_by is not None)
    telling = tuple(tells for tells in told_by if tells is not checks.nothing_more)
    return Ways(contract, servers, is_open, telling)


def called(known: Ways, request: Request) -> Operation | str:
    """The operation that `request` called, or the reason why there is none; told once for each place."""
    key = (request.method, *request.url.partition("?")[:2])
    found = known.called.get(key)
    if found is None:
        if len(known.called) >= _REMEMBERED:
            known.called.clear()
        found = known.called[key] = matched(known.contract, request, known.servers)
    return found


def passed(
    known: Ways, found: Verdicts, watch: Watch | None, items: Sequence[tuple[Operation, Exchange]]
) -> Mapping[int, Departing | None]:
    """Those `items`, by place, in which there is nothing to find, with None: they are counted, and observed by `watch`.

    Those of which is known how they depart with that.
    """
    heeded: dict[int, Judgement] = {}
    told: dict[int, Departing | None] = {}
    for way, places, bodies in _grouped(known, items, heeded):
        for start in range(0, len(places), batches.SIZE):
            values, others = batches.read(way.reader, bodies[start : start + batches.SIZE])
            left = {places[start + at] for at in others}
            told.update((place, None) for place in places[start : start + batches.SIZE] if place not in left)
            if values:
                _count(found, watch, way, values)
            if others and way.template.case is None:
                refused = {places[start + at]: (bodies[start + at], said) for at, said in others.items()}
                told.update(_departing(way, refused))
    for at, said in heeded.items():
        if at in told:
            _note(found, *items[at], said)
    return told


def _grouped(
    known: Ways, items: Sequence[tuple[Operation, Exchange]], heeded: dict[int, Judgement]
) -> Iterable[tuple[_Way, list[int], list[bytes]]]:
    """Those that the filter may take, by their way: places and bodies; what checks that heed a case say of each."""
    groups: dict[int, tuple[_Way, list[int], list[bytes]]] = {}
    for at, (operation, exchange) in enumerate(items):
        way = _way(known, operation, exchange)
        if way is None or exchange.response is None:
            continue
        if exchange.case is not None:
            said = checks.run(known.contract, operation, exchange, only=_heeding())
            if said.findings:
                continue  # with which others may be silent
            heeded[at] = said
        group = groups.setdefault(id(way), (way, [], []))
        group[1].append(at)
        group[2].append(exchange.response.body)
    return groups.values()


def _departing(way: _Way, refused: Mapping[int, tuple[bytes, str]]) -> Iterator[tuple[int, Departing]]:
    read = departures.read(departures.departures_of(way.schema), tuple(refused.values()))
    for at, known in zip(refused, read, strict=True):
        if known is not None:
            yield at, Departing(way, *known)


def is_told(known: Ways, found: Verdicts, watch: Watch | None, exchange: Exchange, by: Departing) -> bool:
    """Count an exchange in which is found what was found in a shorter one; False for one that checks are to see."""
    way = by.way
    try:
        signature = departures.signature(by.departure, by.value)
    except (RecursionError, ValueError):
        return False

    def hold_alone(tried: Verdicts) -> None:
        hold(tried, known.contract, way.operation, exchange)

    if not outcomes.is_told(known.outcomes, (way.kind, signature), found, tallies.size(exchange), hold_alone):
        return False
    coverage.add(found.reached, way.operation, exchange)
    if watch is not None:
        body = watching.count(watch, way.operation, way.template)
        watching.values(watch, body, way.schema, [by.value], by.departure.reader.kind)
    return True


def _count(found: Verdicts, watch: Watch | None, way: _Way, values: Sequence[object]) -> None:
    """Count bodies of one kind that conform."""
    count = len(values)
    found.operations[way.operation.name] = None
    found.counts["conform"] += count
    found.checked.update({name: times * count for name, times in way.checked.items()})
    found.unchecked.update({what: times * count for what, times in way.unchecked.items()})
    coverage.add_read(found.reached, way.operation, way.status, way.reader.kind, values)
    if watch is not None:
        body = watching.count(watch, way.operation, way.template, count)
        watching.values(watch, body, way.schema, values, way.reader.kind)


def _way(known: Ways, operation: Operation, exchange: Exchange) -> _Way | None:
    """The way of an exchange; None for one that all checks have to be held against."""
    response = exchange.response
    if not known.is_open or response is None or response.lost or b":" not in response.body:
        return None
    if exchange.failure or exchange.usual or not _is_plain(exchange):
        return None
    place = (id(operation), exchange.request.method, response.status, exchange.case is None)
    asked = exchange.request
    key = (*place, response.headers, asked.url, asked.headers, asked.body)
    found: _Way | None = known.ways.get(key, _UNKNOWN)
    if found is not _UNKNOWN:
        return found
    told = tuple(tells(operation, exchange) for tells in known.told_by)
    kind = (*place, answers.content_type(exchange), *told)
    if kind in known.ways:
        return _remembered(known, key, known.ways[kind])
    medium = answers.media_type(operation, exchange)
    if medium is None or medium.schema is None or checks.EVERYTHING in told:
        way = None
    elif is_json(answers.content_type(exchange)) and batches.conforms(medium.schema, response.body):
        way = _learned(known.contract, operation, exchange, medium.schema, kind)
    else:
        return None  # another body may tell
    return _remembered(known, key, _remembered(known, kind, way))


def _remembered(known: Ways, key: tuple[Hashable, ...], way: _Way | None) -> _Way | None:
    if len(known.ways) >= _REMEMBERED:
        known.ways.clear()
    known.ways[key] = way
    return way


def _is_plain(exchange: Exchange) -> bool:
    """Whether an exchange has no case, or one that was valid, stands alone, and was taken.

    Checks see no more of such a case than that it is there, but for `_heeding`.
    """
    case, response = exchange.case, exchange.response
    if case is None or response is None:
        return True
    return case.valid and not case.part and not case.sequence and response.status in SUCCESS


def _heeding() -> frozenset[str]:
    """Checks that are held against each exchange with a case: those that compare it, and all that are not accord's."""
    return UNMEANT | checks.added()


def _note(found: Verdicts, operation: Operation, exchange: Exchange, said: Judgement) -> None:
    """Tally what is known of an exchange with a case beside what its kind says."""
    note(found, operation, exchange)
    coverage.add_sent(found.reached, operation, exchange)
    found.checked.update((operation.name, name) for name in said.checked)
    found.unchecked.update((entry.what, entry.reason) for entry in said.unchecked)


def _learned(
    contract: Contract, operation: Operation, exchange: Exchange, schema: Schema, kind: Hashable
) -> _Way | None:
    """The way of the exchanges that are of one kind with this one, which the filter takes; None if one is not clean."""
    tried = Verdicts()
    hold(tried, contract, operation, exchange)
    reader = batches.reader_for(schema)
    if tried.seen or reader is None or exchange.response is None or columns.objects(reader.kind) is None:
        return None
    template = replace(exchange, response=replace(exchange.response, body=b""))
    status = exchange.response.status
    heeding = _heeding() if exchange.case is not None else ()
    checked = {(called, name): times for (called, name), times in tried.checked.items() if name not in heeding}
    unchecked = {(name, reason): times for (name, reason), times in tried.unchecked.items() if name not in heeding}
    return _Way(operation, template, status, schema, reader, checked, unchecked, kind)
