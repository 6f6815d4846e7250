"""Lanes: bare JSON bodies that one operation answered, through the accept filter, and past it to the checks."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from accord.contract import Contract, Operation, Schema, is_json, media_type_for, response_for
from accord.exchange import Exchange, Request, Response
from accord.recordings import Damaged
from accord.validity import batches
from accord.validity.batches import Reader
from accord.verifying import tallies, watching
from accord.verifying.holding import hold
from accord.verifying.tallies import Verdicts
from accord.verifying.watching import Watch

_BARE = frozenset(
    {"resembles-nothing", "response-body", "server-error", "status-code", "strict-json", "undocumented-property"}
)
"""Checks that need no more than a body and its status."""

_UNTOLD = ("exchange", "a bare body tells neither its headers nor its request")

Line: TypeAlias = tuple[int, bytes] | Damaged
"""A line of bare JSON and its number in the file, or what could not be read."""


@dataclass(slots=True)
class _Lane:
    """One operation's bodies of one file: how they are read, and what was found.

    `names` are the checks that a body was held to which the filter takes; None until one was.
    """

    contract: Contract
    operation: Operation
    template: Exchange
    schema: Schema | None
    reader: Reader | None
    found: Verdicts
    watch: Watch | None
    names: tuple[tuple[str, str], ...] | None = None


def of_bodies(
    contract: Contract, operation: Operation, status: int, path: str, lines: Iterable[Line], *, profiled: bool = False
) -> Verdicts:
    """Hold numbered lines of `path`, each a bare JSON body, to what `operation` promises to answer with `status`.

    What the accept filter takes needs no further judge; empty lines are nothing.
    """
    lane = _lane(contract, operation, status, path, Watch() if profiled else None)
    waiting = iter(lines)
    while chunk := list(itertools.islice(waiting, batches.SIZE)):
        _take(lane, [item for item in chunk if type(item) is tuple])
        for item in chunk:
            if isinstance(item, Damaged):
                tallies.damage(lane.found, item.source, item.reason)
    if lane.watch is not None:
        lane.found.profile = watching.finished(lane.watch)
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
    )


def _take(lane: _Lane, lines: list[tuple[int, bytes]]) -> None:
    """Judge lines; one that names nothing may resemble nothing that is promised, and needs more than the filter."""
    telling = [line for line in lines if b":" in line[1]] if lane.reader is not None else []
    others = [line for line in lines if lane.reader is None or b":" not in line[1]] if len(telling) < len(lines) else []
    others = [line for line in others if line[1].strip()]
    count = len(telling) + len(others)
    lane.found.counts.update(entries=count, matched=count)
    lane.found.unchecked[_UNTOLD] += count
    _hold(lane, others)
    if lane.reader is None or not telling:
        return
    values, refused = batches.read(lane.reader, [line for _, line in telling])
    if values and lane.names is None:
        _learn(lane, telling, set(refused))
    if values and lane.names is None:
        _hold(lane, telling)
        return
    _hold(lane, [telling[at] for at in refused])
    if values:
        _pass(lane, values)


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
    found, count = lane.found, len(values)
    found.operations[lane.operation.name] = None
    found.counts["conform"] += count
    found.checked.update(dict.fromkeys(lane.names or (), count))
    if lane.watch is not None and lane.schema is not None and lane.reader is not None:
        body = watching.count(lane.watch, lane.operation, lane.template, count)
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
