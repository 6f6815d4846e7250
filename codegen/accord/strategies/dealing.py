"""When the requests of a plan are due: in rounds, in each of which every operation sends a few of each kind.

The requests of a kind stand in the order of how telling they are, and what finds most at its cost is due early. A kind
that tells of the service rather than of one operation is shared out: each of the operations that are kin begins with
others of it, so that all of it is soon sent by one of them.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType
from typing import TypeAlias

Turn: TypeAlias = tuple[int, int]
"""Which of how many kin an operation is."""

ALONE: Turn = (0, 1)

_LATE = 12
"""Nothing of a kind without telling requests is due before this round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """From which round on a kind is sent, and how many requests of it a round, the telling ones and the others.

    The first `own` are sent by every operation, one a round; where requests are sent `together`, `early` counts those
    of all kin.
    """

    begin: float
    early: float
    late: float = 1.0
    own: int = 0
    together: bool = False


PACES: Mapping[str, Pace] = MappingProxyType(
    {
        "plain": Pace(begin=0, early=0.5),
        "keys": Pace(begin=1, early=4, late=0.5, own=2, together=True),
        "pairs": Pace(begin=1, early=1, late=2),
        "hostile": Pace(begin=1.25, early=1),
        "nowhere": Pace(begin=1.5, early=0.5),
        "ids": Pace(begin=2, early=0.5),
        "ways": Pace(begin=2, early=1),
        "method": Pace(begin=1, early=1, late=0.2, together=True),
        "parameters": Pace(begin=1.5, early=1.5, late=2),
        "body": Pace(begin=1.5, early=2.5, late=2),
        "framing": Pace(begin=2, early=4, late=0.5, together=True),
        "media-type": Pace(begin=2, early=2, late=0.5, together=True),
        "spelling": Pace(begin=4, early=2, late=0.5, together=True),
        "path": Pace(begin=2, early=1, together=True),
    }
)
"""By kind of request."""


def dealt(kind: str, keys: Sequence[str], first: int, turn: Turn = ALONE) -> Iterator[tuple[int, float]]:
    """The numbers of the requests of one kind, each with the round it is due in; the `first` of them are telling.

    `keys` say of each request what it is about. Of the operations that are kin each begins with its share, which
    between them is all that is telling, then sends the rest of that between as many of its share of what else there is.
    """
    pace, size = PACES[kind], len(keys)
    own, telling = min(pace.own, size), min(first, size)
    mine, others = _shares(range(own, size if pace.together else telling), keys, turn)
    if pace.together:
        early = mine[: max(telling - own, 0) if turn == ALONE else None]
        late = sorted({*range(own, size)}.difference(early))
    else:
        more, rest = _shares(range(max(own, telling), size), keys, turn)
        early = [*mine, *_alternately(others, more[:telling])]
        late = sorted([*more[telling:], *rest])
    end = float(pace.begin)
    for number in range(own):
        yield number, end
        end += 1
    begin, (at, of) = end, turn
    for place, number in enumerate(early):
        end = begin + ((place * of + at) / pace.early if pace.together else place / pace.early)
        yield number, end
    end = end if early else max(end, _LATE)
    yield from ((number, end + (place + 1) / pace.late) for place, number in enumerate(late))


def _shares(numbers: range, keys: Sequence[str], turn: Turn) -> tuple[list[int], list[int]]:
    """Of `numbers` those that this one of the kin begins with, and the others."""
    at, of = turn
    mine = [number for number in numbers if zlib.crc32(keys[number].encode()) % of == at]
    return mine, sorted({*numbers}.difference(mine))


def _alternately(one: Sequence[int], other: Sequence[int]) -> Iterator[int]:
    for pair in zip_longest(one, other):
        yield from (number for number in pair if number is not None)
