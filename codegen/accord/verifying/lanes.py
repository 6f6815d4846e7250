"""Lanes: bare JSON bodies that one operation answered, through the accept filter, and past it to the checks."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from accord.contract import Contract, Operation, Schema, is_json, media_type_for, response_for
from accord.exchange import Exchange, Request, Response
from accord.recordings import Block, Damaged, Line
from accord.validity import batches, departures
from accord.validity.batches import Reader
from accord.validity.departures import Departure, Departures
from accord.verifying import outcomes, tallies, watching
from accord.verifying.holding import hold
from accord.verifying.outcomes import Outcomes
from accord.verifying.tallies import Verdicts
from accord.verifying.watching import Watch

_BARE = frozenset(
    {"resembles-nothing", "response-body", "server-error", "status-code", "strict-json", "undocumented-property"}
)
"""Checks that need no more than a body and its status."""

_UNTOLD = ("exchange", "a bare body tells neither its headers nor its request")

_TOGETHER = 64
_MOST_HELD = 1 << 20
"""Lines that are put aside, and their bytes, before they are judged together."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A line that is no clear case, and what the filter said of it, if it was asked."""

    number: int
    body: bytes
    refusal: str | None = None


@dataclass(slots=True)
class _Lane:
    """One operation's bodies of one file: how they are read, and what was found.

    `names` are the checks that a body was held to which the filter takes; None until one was. So many `lines` came in
    blocks; of so many `bodies`, so many `passed` the filter. `outcomes` is what was found in bodies that depart from
    the schema.
    """

    contract: Contract
    operation: Operation
    template: Exchange
    schema: Schema | None
    reader: Reader | None
    found: Verdicts
    watch: Watch | None
    names: tuple[tuple[str, str], ...] | None = None
    lines: int = 0
    bodies: int = 0
    passed: int = 0
    departures: Departures | None = None
    waiting: list[_Waiting] = field(default_factory=list)
    held: int = 0
    outcomes: Outcomes = field(default_factory=dict)


def of_bodies(
    contract: Contract,
    operation: Operation,
    status: int,
    path: str,
    lines: Iterable[Line | Block],
    *,
    profiled: bool = False,
) -> Verdicts:
    """Hold numbered lines of `path`, each a bare JSON body, to what `operation` promises to answer with `status`.

    What the accept filter takes needs no further judge; empty lines are nothing.
    """
    lane = _lane(contract, operation, status, path, Watch() if profiled else None)
    waiting: list[tuple[int, bytes]] = []
    for item in lines:
        if isinstance(item, Damaged):
            tallies.damage(lane.found, item.source, item.reason)
        elif isinstance(item, Block):
            waiting += _taken(lane, item)
        else:
            waiting.append(item)
        if len(waiting) >= batches.SIZE:
            _take(lane, waiting)
            waiting = []
    if waiting:
        _take(lane, waiting)
    _judge(lane)
    _settle(lane)
    if lane.watch is not None:
        lane.found.profile = watching.finished(lane.watch)
    lane.found.lines = lane.lines
    return lane.found


def _lane(contract: Contract, operation: Operation, status: int, path: str, watch: Watch | None) -> _Lane:
    response = response_for(operation, status)
    medium = None if response is None else media_type_for(response.content, "application/json")
    kind = medium.name if medium is not None and is_json(medium.name) else "application/json"
    schema = None if medium is None else medium.schema
    return _Lane(
        contract=contract,
        operation=operation,
        template=Exchange(
            request=Request(method=operation.method, url=operation.path),
            response=Response(status=status, headers=(("Content-Type", kind),)),
            source=path,
        ),
        schema=schema,
        reader=None if schema is None else batches.reader_for(schema),
        found=Verdicts(filtered=True),
        watch=watch,
        departures=None if schema is None else departures.departures_of(schema),
    )


def _taken(lane: _Lane, block: Block) -> list[tuple[int, bytes]]:
    """Count the lines of a block in which all conform; its lines where that is not so, or not known yet."""
    if block.lost:
        lane.lines += 1
        tallies.damage(lane.found, f"{lane.template.source}:{lane.lines}", block.lost)
        return []
    values = None
    if lane.reader is not None and lane.names is not None:
        values = batches.whole(lane.reader, block.text)
    if values is not None:
        lane.lines += len(values)
        lane.bodies += len(values)
        _pass(lane, values)
        return []
    lines = block.text.removesuffix(b"\n").split(b"\n") if block.text else []
    first, lane.lines = lane.lines + 1, lane.lines + len(lines)
    return list(enumerate(lines, first))


def _take(lane: _Lane, lines: list[tuple[int, bytes]]) -> None:
    """Judge lines; one that names nothing may resemble nothing that is promised, and needs more than the filter."""
    telling = [line for line in lines if b":" in line[1]] if lane.reader is not None else []
    others = [line for line in lines if lane.reader is None or b":" not in line[1]] if len(telling) < len(lines) else []
    others = [line for line in others if line[1].strip()]
    lane.bodies += len(telling) + len(others)
    if lane.reader is None or not telling:
        _wait(lane, [_Waiting(*line) for line in others])
        return
    values, refused = batches.read(lane.reader, [line for _, line in telling])
    if values and lane.names is None:
        _learn(lane, telling, set(refused))
    if values and lane.names is None:
        _wait(lane, [_Waiting(*line) for line in (*others, *telling)])
        return
    _wait(lane, [*(_Waiting(*line) for line in others), *(_Waiting(*telling[at], refused[at]) for at in refused)])
    if values:
        _pass(lane, values)


def _wait(lane: _Lane, lines: list[_Waiting]) -> None:
    """Put lines aside that are to be judged with others."""
    lane.waiting += lines
    lane.held += sum(len(line.body) for line in lines)
    if len(lane.waiting) >= _TOGETHER or lane.held >= _MOST_HELD:
        _judge(lane)


def _judge(lane: _Lane) -> None:
    """Judge the lines that were put aside, in their order."""
    lines, lane.waiting, lane.held = sorted(lane.waiting, key=lambda line: line.number), [], 0
    told: dict[int, tuple[Departure, Any] | None] = {}
    if lane.departures is not None and lane.names is not None:
        refused = [line for line in lines if line.refusal is not None]
        read = departures.read(lane.departures, [(line.body, line.refusal or "") for line in refused])
        told = {line.number: found for line, found in zip(refused, read, strict=True)}
    for line in lines:
        departing = told.get(line.number)
        if departing is None or not _is_told(lane, line.body, *departing):
            _hold(lane, [(line.number, line.body)])


def _is_told(lane: _Lane, body: bytes, departure: Departure, value: Any) -> bool:
    """Count a body in which is found what was found in a shorter one; False for one that the checks are to see."""
    try:
        signature = departures.signature(departure, value)
    except (RecursionError, ValueError):
        return False

    def hold_alone(tried: Verdicts) -> None:
        _hold(replace(lane, found=tried, watch=None), [(0, body)])

    if not outcomes.is_told(lane.outcomes, signature, lane.found, len(body.strip()), hold_alone):
        return False
    if lane.watch is not None and lane.schema is not None:
        place = watching.count(lane.watch, lane.operation, lane.template)
        watching.values(lane.watch, place, lane.schema, [value], departure.reader.kind)
    return True


def _settle(lane: _Lane) -> None:
    """Tally the bodies, those that conform, and those in which was found what was found before."""
    found = lane.found
    if lane.bodies:
        found.counts.update(entries=lane.bodies, matched=lane.bodies, conform=lane.passed)
        found.unchecked[_UNTOLD] += lane.bodies
    if lane.passed:
        found.operations[lane.operation.name] = None
        found.checked.update(dict.fromkeys(lane.names or (), lane.passed))
    outcomes.settle(lane.outcomes, found)


def _learn(lane: _Lane, lines: list[tuple[int, bytes]], others: set[int]) -> None:
    """Hold all checks against one body that the filter takes; what they find there is no matter of its schema."""
    first = next(item for at, item in enumerate(lines) if at not in others)
    tried = replace(lane, found=Verdicts(), watch=None)
    _hold(tried, [first])
    if tried.found.seen:
        lane.reader = None
    else:
        lane.names = tuple(tried.found.checked)


def _pass(lane: _Lane, values: list[object]) -> None:
    """Count bodies that conform."""
    lane.passed += len(values)
    if lane.watch is not None and lane.schema is not None and lane.reader is not None:
        body = watching.count(lane.watch, lane.operation, lane.template, len(values))
        watching.values(lane.watch, body, lane.schema, values, lane.reader.kind)


def _hold(lane: _Lane, lines: list[tuple[int, bytes]]) -> None:
    """Hold the checks of bare bodies against each of `lines`."""
    for number, line in lines:
        answer = lane.template.response
        if answer is None:
            return
        exchange = replace(
            lane.template, response=replace(answer, body=line.strip()), source=f"{lane.template.source}:{number}"
        )
        if lane.watch is not None:
            watching.exchange(lane.watch, lane.operation, exchange)
        hold(lane.found, lane.contract, lane.operation, exchange, only=_BARE)
