"""Findings about whole answers, placed: what the smallest request that shows one cannot lose, as a search places them.

A search makes each witness small by sending less; what it sent is in its recording, and so is the smallest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Finding
from accord.weighing import sightings

Parts: TypeAlias = frozenset[str]


@dataclass(slots=True)
class Shown:
    """The smallest of the requests with the same parts that show a finding; where the first stands, how many there are.

    It is `alone` where it shows that by itself, not after others of its sequence.
    """

    finding: Finding
    exchange: Exchange
    alone: bool
    first: str
    count: int = 1


Unplaced: TypeAlias = dict[tuple[str, ...], dict[Parts, Shown]]
"""What shows each finding, by the parts that the request has."""


def note(found: Unplaced, finding: Finding, exchange: Exchange, *, alone: bool) -> None:
    """Note a request made for a case that shows a finding about a whole answer; others were never made small."""
    if exchange.case is None or finding.code not in sightings.UNPLACED or finding.pointer:
        return
    shown = Shown(finding, exchange, alone, exchange.source)
    _add(found.setdefault(finding.identity, {}), sightings.present(exchange), shown)


def merge(into: Unplaced, other: Unplaced) -> None:
    """Add what another part shows, which comes after."""
    for identity, known in other.items():
        for parts, shown in known.items():
            _add(into.setdefault(identity, {}), parts, shown)


def _add(into: dict[Parts, Shown], parts: Parts, shown: Shown) -> None:
    """Keep the smallest with the same parts, of all only the smallest."""
    known = into.get(parts)
    if known is None:
        into[parts] = replace(shown)
        if len(into) > sightings.KEPT:
            del into[max(into, key=lambda each: _size(into[each]))]
        return
    known.count += shown.count
    if _size(shown) < _size(known):
        known.finding, known.exchange, known.alone = shown.finding, shown.exchange, shown.alone


def _size(shown: Shown) -> tuple[object, ...]:
    return not shown.alone, *sightings.size(shown.exchange)


def placed(operation: Operation, known: Mapping[Parts, Shown]) -> Iterator[tuple[Shown, Parts]]:
    """Each cause with what its smallest request cannot lose, which explains all that have it too."""
    left = dict(known)
    while left:
        least = left[min(left, key=lambda each: _size(left[each]))]
        parts = sightings.place(operation, least.exchange) if least.alone else frozenset()
        same = [each for each in left if parts <= each]
        first = left[same[0]].first
        count = sum(left.pop(each).count for each in same)
        finding = replace(least.finding, pointer=next(iter(parts))) if len(parts) == 1 else least.finding
        yield replace(least, finding=finding, first=first, count=count), parts
