"""What a run has touched of a contract: properties sent, properties answered, statuses seen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from accord import shapes
from accord.answers import answered, definitions, media_type, sent
from accord.contract import MediaType, Operation
from accord.exchange import Exchange

SUCCESS = ("2", "D")


@dataclass(slots=True)
class Coverage:
    """Pairs of operation and pointer seen in requests and in answers of success, and how often each status came."""

    requests: set[tuple[str, str]] = field(default_factory=set)
    responses: set[tuple[str, str]] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    request_total: int = 0
    response_total: int = 0


def expect(coverage: Coverage, operation: Operation) -> None:
    """Count what `operation` has to be seen of."""
    coverage.request_total += len(_request_pointers(operation))
    coverage.response_total += len(_response_pointers(operation))


def add(coverage: Coverage, operation: Operation, exchange: Exchange) -> None:
    """Mark what one exchange shows."""
    if exchange.response is None:
        return
    status = exchange.response.status
    coverage.statuses[status] += 1
    if exchange.case is not None and exchange.case.valid:
        names = shapes.present(sent(operation, exchange)) & _request_pointers(operation)
        coverage.requests |= {(operation.name, pointer) for pointer in names}
    if 200 <= status < 300 and media_type(operation, exchange) is not None:  # noqa: PLR2004  2xx
        names = shapes.present(answered(operation, exchange)) & _response_pointers(operation)
        coverage.responses |= {(operation.name, pointer) for pointer in names}


def counts(coverage: Coverage) -> Mapping[str, int | str]:
    """The figures for a report, as `seen/all`."""
    return {
        "request properties": f"{len(coverage.requests)}/{coverage.request_total}",
        "response properties": f"{len(coverage.responses)}/{coverage.response_total}",
        "statuses": ", ".join(f"{status} ({count})" for status, count in sorted(coverage.statuses.items())),
    }


def _request_pointers(operation: Operation) -> frozenset[str]:
    return _pointers(operation.body.content if operation.body is not None else ())


def _response_pointers(operation: Operation) -> frozenset[str]:
    content = [medium for item in operation.responses if item.status[:1].upper() in SUCCESS for medium in item.content]
    return _pointers(tuple(content))


def _pointers(content: tuple[MediaType, ...]) -> frozenset[str]:
    found = [
        shapes.property_pointers(medium.schema, definitions(medium.schema))
        for medium in content
        if medium.schema is not None
    ]
    return frozenset().union(*found)
