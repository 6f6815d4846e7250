"""What a run has touched of a contract, by operation: properties sent and answered, partitions, pairs, statuses."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accord.contract import MediaType, Operation
from accord.exchange import SUCCESS, Exchange
from accord.messages.answers import answered, definitions, media_type, sent
from accord.schemas import shapes
from accord.validity import columns
from accord.validity.columns import Column, Kind

_GOOD = ("2", "D")


@dataclass(slots=True)
class Touched:
    """What was seen of one operation, and all that there is to see.

    `planned` counts, by what they are, the things of a plan that were sent (`partitions`, `pairs`), as seen and all.
    """

    requests: set[str] = field(default_factory=set)
    responses: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    all_requests: frozenset[str] = frozenset()
    all_responses: frozenset[str] = frozenset()
    planned: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Coverage:
    """What was seen of each operation, by its name."""

    operations: dict[str, Touched] = field(default_factory=dict)


def expect(coverage: Coverage, operation: Operation) -> None:
    """Note what `operation` has to be seen of."""
    if operation.name not in coverage.operations:
        coverage.operations[operation.name] = Touched(
            all_requests=_request_pointers(operation), all_responses=_response_pointers(operation)
        )


def add(coverage: Coverage, operation: Operation, exchange: Exchange) -> None:
    """Mark what one exchange shows."""
    if exchange.response is None:
        return
    status = exchange.response.status
    expect(coverage, operation)
    touched = coverage.operations[operation.name]
    touched.statuses[status] += 1
    add_sent(coverage, operation, exchange)
    if status not in SUCCESS or touched.responses == touched.all_responses:
        return
    if media_type(operation, exchange) is not None:
        touched.responses |= shapes.present(answered(operation, exchange)) & touched.all_responses


def add_sent(coverage: Coverage, operation: Operation, exchange: Exchange) -> None:
    """Mark what the request of one exchange shows, where it was meant to be valid."""
    expect(coverage, operation)
    touched = coverage.operations[operation.name]
    if exchange.case is not None and exchange.case.valid and touched.requests != touched.all_requests:
        touched.requests |= shapes.present(sent(operation, exchange)) & touched.all_requests


def add_read(coverage: Coverage, operation: Operation, status: int, kind: Kind, column: Column) -> None:
    """Mark what answers with `status` show whose bodies the accept filter read; `kind` is what each of them is."""
    expect(coverage, operation)
    touched = coverage.operations[operation.name]
    touched.statuses[status] += len(column)
    wanted = touched.all_responses - touched.responses
    if wanted and status in SUCCESS:
        touched.responses |= columns.present(kind, column, wanted)


def merge(whole: Coverage, part: Coverage) -> None:
    """Add what `part` saw of the same contract to `whole`."""
    for name, touched in part.operations.items():
        known = whole.operations.setdefault(
            name, Touched(all_requests=touched.all_requests, all_responses=touched.all_responses)
        )
        known.requests |= touched.requests
        known.responses |= touched.responses
        known.statuses.update(touched.statuses)


def counts(coverage: Coverage) -> Mapping[str, int | str]:
    """The figures of all operations for a report, as `seen/all`, and the statuses with how often each came."""
    every = coverage.operations.values()
    found: dict[str, int | str] = {
        "request properties": _share((len(item.requests), len(item.all_requests)) for item in every),
        "response properties": _share((len(item.responses), len(item.all_responses)) for item in every),
    }
    for name in dict.fromkeys(name for item in every for name in item.planned):
        found[name] = _share(item.planned.get(name, (0, 0)) for item in every)
    statuses: Counter[int] = Counter()
    for item in every:
        statuses.update(item.statuses)
    return {**found, "statuses": _written(statuses)}


def by_operation(coverage: Coverage) -> Mapping[str, str]:
    """The figures of each operation by its name, where there are several."""
    every = coverage.operations
    return {name: _line(item) for name, item in every.items()} if len(every) > 1 else {}


def _line(item: Touched) -> str:
    shares = {
        **item.planned,
        "request properties": (len(item.requests), len(item.all_requests)),
        "response properties": (len(item.responses), len(item.all_responses)),
    }
    parts = [f"{name} {seen}/{every}" for name, (seen, every) in shares.items() if every]
    return ", ".join([*parts, f"statuses {_written(item.statuses) or 'none'}"])


def _share(pairs: Iterable[tuple[int, int]]) -> str:
    known = tuple(pairs)
    return f"{sum(seen for seen, _ in known)}/{sum(every for _, every in known)}"


def _written(statuses: Counter[int]) -> str:
    return ", ".join(f"{status} ({count})" for status, count in sorted(statuses.items()))


def _request_pointers(operation: Operation) -> frozenset[str]:
    return _pointers(operation.body.content if operation.body is not None else ())


def _response_pointers(operation: Operation) -> frozenset[str]:
    content = [medium for item in operation.responses if item.status[:1].upper() in _GOOD for medium in item.content]
    return _pointers(tuple(content))


def _pointers(content: tuple[MediaType, ...]) -> frozenset[str]:
    found = [
        shapes.property_pointers(medium.schema, definitions(medium.schema))
        for medium in content
        if medium.schema is not None
    ]
    return frozenset().union(*found)
