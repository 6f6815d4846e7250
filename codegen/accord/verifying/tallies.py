"""Tallies: what a part of a body of recordings shows, as counts that add up to those of the whole.

However a body of recordings is split, the tallies of its parts, merged in their order, are those of the whole. They are
plain data and can be pickled; operations stand in them by name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from accord.exchange import Exchange
from accord.findings import Finding, Unchecked
from accord.profiling import coverage, profile
from accord.profiling.profile import Profile
from accord.verifying import unplaced
from accord.verifying.unplaced import Unplaced
from accord.weighing import causes
from accord.weighing.causes import Bodies

PLACES = 20
"""Damaged entries of one file, for one reason, that are told one by one; a file of nothing else would fill a report."""

STRAYS = 50
"""So many places of one sort that the contract does not know are told one by one, the first by name."""

_NAMED = re.compile("`[^`]*`")


@dataclass(slots=True)
class Seen:
    """One cause: the finding and the exchange that shows it in the fewest bytes, where it was first seen, how often."""

    finding: Finding
    operation: str
    exchange: Exchange
    first: str
    count: int = 1


@dataclass(slots=True)
class Damage:
    """Entries of one file that are none for one reason: where the first of them stand, and how many there are."""

    places: list[int] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class Strays:
    """Exchanges that called no operation for reasons of one sort: how many for each that is listed, and the others."""

    listed: Counter[str] = field(default_factory=Counter)
    rest: int = 0


@dataclass(slots=True)
class Verdicts:
    """What some exchanges show: causes by identity, tallies of what was checked and what was not.

    `checked` counts the checks held by operation and name, `valid` the valid cases by operation, `refused` the invalid
    ones that were refused by operation and part of the request; `taken` and `declined` are what the bodies of valid
    ones have in common that were accepted or refused, by operation. `sequenced` are exchanges that are judged with
    those before them, which may stand in another part.
    `unplaced` is what shows findings about a whole answer.
    `damaged` are entries that are none, by file and reason; `strays` exchanges that called no operation, by the reason
    without the names in it.
    `profile` is None where none was wanted; `filtered` says that nobody looked which properties some bodies have.
    Of a part that came in blocks, `lines` are those that it has.
    """

    seen: dict[tuple[str, ...], Seen] = field(default_factory=dict)
    checked: Counter[tuple[str, str]] = field(default_factory=Counter)
    unchecked: Counter[tuple[str, str]] = field(default_factory=Counter)
    damaged: dict[tuple[str, str], Damage] = field(default_factory=dict)
    strays: dict[str, Strays] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: dict[str, Bodies] = field(default_factory=dict)
    declined: dict[str, Bodies] = field(default_factory=dict)
    operations: dict[str, None] = field(default_factory=dict)
    sequenced: list[Exchange] = field(default_factory=list)
    filtered: bool = False
    profile: Profile | None = None
    unplaced: Unplaced = field(default_factory=dict)
    reached: coverage.Coverage = field(default_factory=coverage.Coverage)
    lines: int = field(default=0, compare=False)


def damage(found: Verdicts, source: str, reason: str) -> None:
    """Count an entry that is no exchange; the first of a file and reason are told one by one."""
    found.counts.update(("entries", "damaged"))
    path, colon, number = source.rpartition(":")
    if not colon or not number.isdecimal():
        found.unchecked[source, reason] += 1
        return
    _add(found.damaged.setdefault((path, reason), Damage()), [int(number)], 1)


def _add(known: Damage, places: list[int], count: int) -> None:
    known.count += count
    if len(known.places) < PLACES or places[0] < known.places[-1]:
        known.places = sorted(known.places + places)[:PLACES]


def stray(found: Verdicts, reason: str) -> None:
    """Count an exchange that called no operation of the contract."""
    found.counts["unmatched"] += 1
    _list(found.strays.setdefault(_NAMED.sub("`…`", reason), Strays()), {reason: 1})


def _list(known: Strays, reasons: Mapping[str, int]) -> None:
    """Count reasons of one sort; what is listed was never left out, so its counts are whole however they come."""
    known.listed.update(reasons)
    while len(known.listed) > STRAYS:
        known.rest += known.listed.pop(max(known.listed))


def unchecked(found: Verdicts) -> tuple[Unchecked, ...]:
    """What could not be checked, in the order of files and of places in them."""
    told = [((what, 0), reason, count) for (what, reason), count in found.unchecked.items()]
    for sort, strays in found.strays.items():
        told += [(("exchange", 0), reason, count) for reason, count in strays.listed.items()]
        if strays.rest:
            told.append((("exchange", 0), f"{sort}; not listed one by one", strays.rest))
    for (path, reason), known in found.damaged.items():
        told += [((path, place), reason, 1) for place in known.places]
        if rest := known.count - len(known.places):
            told.append(((path, 0), f"{reason}; not listed one by one", rest))
    return tuple(
        Unchecked(what=f"{path}:{place}" if place else path, reason=reason, count=count)
        for (path, place), reason, count in sorted(told)
    )


def see(found: Verdicts, seen: Seen) -> None:
    """Count one cause, and keep the shortest exchange of the gravest that show it, of equals the first."""
    known = found.seen.get(seen.finding.identity)
    if known is None:
        found.seen[seen.finding.identity] = replace(seen)
        return
    known.count += seen.count
    if _weight(seen) < _weight(known):
        known.finding, known.exchange = seen.finding, seen.exchange


def _weight(seen: Seen) -> tuple[int, int]:
    return seen.finding.severity.rank, size(seen.exchange)


def size(exchange: Exchange) -> int:
    """How many bytes of its answer's body an exchange shows a cause in."""
    return 0 if exchange.response is None else len(exchange.response.body)


def merged(parts: Iterable[Verdicts]) -> Verdicts:
    """The verdicts of parts, given in their order, as those of the whole."""
    whole = Verdicts()
    for part in parts:
        for seen in part.seen.values():
            see(whole, seen)
        whole.checked.update(part.checked)
        whole.unchecked.update(part.unchecked)
        for where, known in part.damaged.items():
            _add(whole.damaged.setdefault(where, Damage()), known.places, known.count)
        for sort, strays in part.strays.items():
            known_strays = whole.strays.setdefault(sort, Strays())
            known_strays.rest += strays.rest
            _list(known_strays, strays.listed)
        whole.counts.update(part.counts)
        whole.valid.update(part.valid)
        whole.refused.update(part.refused)
        for into, some in ((whole.taken, part.taken), (whole.declined, part.declined)):
            for name, bodies in some.items():
                causes.common(into.setdefault(name, Bodies()), bodies.names, bodies.count)
        whole.operations |= part.operations
        whole.sequenced += part.sequenced
        whole.filtered = whole.filtered or part.filtered
        whole.lines += part.lines
        if part.profile is not None:
            whole.profile = whole.profile or Profile()
            profile.merge(whole.profile, part.profile)
        unplaced.merge(whole.unplaced, part.unplaced)
        coverage.merge(whole.reached, part.reached)
    return whole


def moved(part: Verdicts, lines: int) -> Verdicts:
    """`part` as it is when so many lines of the same file stand before it."""
    seen = {
        identity: replace(item, first=_later(item.first, lines), exchange=_placed(item.exchange, lines))
        for identity, item in part.seen.items()
    }
    damaged = {
        where: Damage([place + lines for place in known.places], known.count) for where, known in part.damaged.items()
    }
    sequenced = [_placed(item, lines) for item in part.sequenced]
    shown = {
        identity: {
            parts: replace(item, first=_later(item.first, lines), exchange=_placed(item.exchange, lines))
            for parts, item in known.items()
        }
        for identity, known in part.unplaced.items()
    }
    return replace(part, seen=seen, damaged=damaged, sequenced=sequenced, unplaced=shown)


def _placed(exchange: Exchange, lines: int) -> Exchange:
    return replace(exchange, source=_later(exchange.source, lines))


def _later(place: str, lines: int) -> str:
    path, colon, number = place.rpartition(":")
    return f"{path}:{int(number) + lines}" if colon and number.isdecimal() else place
