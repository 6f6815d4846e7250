"""Preserving: exchanges masked so that what contracts say of them, and what a profile sees of them, is what it was.

Exchanges of one sequence are judged each with those before it, so they are masked together, or left out together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from accord.contract import Contract, Operation
from accord.document import join, split
from accord.exchange import Damaged, Exchange
from accord.privacy import literals, redacting
from accord.privacy.literals import Path
from accord.privacy.redacting import Masking
from accord.verifying import streams

Called = Callable[[Contract, Exchange], Operation | str]
"""The operation of a contract that an exchange called, or why there is none."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Exchanges that were masked together at so many tries, and how many values of them were."""

    exchanges: tuple[Exchange, ...]
    tries: int
    count: int


def masked(
    contracts: tuple[Contract, ...],
    called: Called,
    exchanges: tuple[Exchange, ...],
    masking: Callable[[int], Masking],
) -> Masked | None:
    """`exchanges`, which belong together, masked by the first of some ways that keeps all verdicts; None if none does.

    `masking` gives the way for each try. After the first, what is short is masked wherever it stands alone.
    """
    operations = tuple(_operation(contracts, called, one) for one in exchanges)
    verdict, shape = _verdict(contracts, called, exchanges), [*map(_shape, exchanges)]
    for attempt in range(redacting.TRIES):
        how = masking(attempt)
        hidden = redacting.redacted(exchanges, operations, how, alone=attempt > 0)
        if [*map(_shape, hidden)] != shape:
            continue
        if _verdict(contracts, called, hidden) == [_renamed(said, how.masks.renamed) for said in verdict]:
            return Masked(hidden, attempt + 1, how.count)
    return None


def in_order(
    items: Iterable[Exchange | Damaged], mask: Callable[[tuple[Exchange, ...]], tuple[Exchange, ...]]
) -> Iterator[Exchange | Damaged]:
    """What `mask` makes of `items`, in their order: of each by itself, and of those of one sequence together.

    From the first of a sequence on they are held until all are there.
    """
    held: list[Exchange | Damaged] = []
    for item in items:
        if held or _sequence(item):
            held.append(item)
        else:
            yield from (item,) if isinstance(item, Damaged) else mask((item,))
    groups: dict[str | int, list[int]] = {}
    for at, item in enumerate(held):
        groups.setdefault(_sequence(item) or at, []).append(at)
    done: dict[int, Exchange | Damaged] = {}
    for places in groups.values():
        exchanges = tuple(item for at in places if isinstance(item := held[at], Exchange))
        done |= dict(zip(places, mask(exchanges) if exchanges else (held[places[0]],), strict=False))
    yield from (done[at] for at in sorted(done))


def _sequence(item: Exchange | Damaged) -> str:
    return "" if isinstance(item, Damaged) or item.case is None else item.case.sequence


def _operation(contracts: tuple[Contract, ...], called: Called, exchange: Exchange) -> Operation | None:
    found = (called(contract, exchange) for contract in contracts)
    return next((item for item in found if isinstance(item, Operation)), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a contract says of one exchange, in which nothing that is masked is told."""

    operation: str
    broken: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    checked: tuple[str, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()


def _verdict(contracts: tuple[Contract, ...], called: Called, exchanges: tuple[Exchange, ...]) -> list[_Said]:
    found: list[_Said] = []
    for contract in contracts:
        for at, exchange in enumerate(exchanges):
            operation = called(contract, exchange)
            if isinstance(operation, str):
                found.append(_Said(operation.partition(":")[0]))  # the path after it may be masked
                continue
            judged = streams.judged(contract, operation, exchange, exchanges[:at])
            broken = tuple((item.identity[:-1], item.pointer, item.promise) for item in judged.findings)
            unchecked = tuple((entry.what, entry.reason) for entry in judged.unchecked)
            found.append(_Said(operation.name, broken, judged.checked, unchecked))
    return found


def _renamed(said: _Said, names: Mapping[str, str]) -> _Said:
    """`said` with the names in its pointers that were masked."""
    if not names:
        return said
    broken = tuple(
        (identity, join("", *(names.get(token, token) for token in split(pointer))), promise)
        for identity, pointer, promise in said.broken
    )
    return replace(said, broken=broken)


def _shape(exchange: Exchange) -> list[object]:
    """What a profile sees of an exchange that no mask may change: types, nulls, lengths, where they stand."""
    bodies = [exchange.request.body] + ([] if exchange.response is None else [exchange.response.body])
    return [_outline(body) for body in bodies]


def _outline(body: bytes) -> object:
    seen: list[object] = []

    def note(path: Path, text: str) -> str:
        seen.append((len(path), len(text)))
        return text

    try:
        literals.rewritten(body.decode(), note, note, note)
    except UnicodeDecodeError:
        return len(body)
    return seen
