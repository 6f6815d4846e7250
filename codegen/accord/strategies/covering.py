"""Covering arrays: few rows in which every combination of values of any two (or three) factors stands at least once."""

import itertools
from collections import Counter
from collections.abc import Sequence

Row = tuple[int, ...]
_Wanted = dict[Row, dict[tuple[int | None, ...], set[int]]]


def covering(levels: Sequence[int], strength: int = 2) -> tuple[Row, ...]:
    """Rows of level numbers, one per factor: each combination over any `strength` factors is in some row.

    `levels[i]` is how many levels factor i has, at least 1; level 0, which should be the plainest, fills what no
    combination needs. Fewer factors than `strength` give their full product. Deterministic. The method is IPOG (Lei and
    others, 2007): rows grow factor by factor, largest first, then new rows take what is left.
    """
    order = sorted(range(len(levels)), key=lambda factor: (-levels[factor], factor))
    sizes = [levels[factor] for factor in order]
    width = min(strength, len(sizes))
    if not width:
        return ((),)
    rows: list[list[int | None]] = [list(row) for row in itertools.product(*map(range, sizes[:width]))]
    for factor in range(width, len(sizes)):
        wanted = _wanted(sizes, factor, width)
        _widen(rows, wanted, sizes[factor])
        _lengthen(rows, wanted, factor)
    position = {factor: at for at, factor in enumerate(order)}
    return tuple(tuple(row[position[factor]] or 0 for factor in range(len(levels))) for row in rows)


def _wanted(sizes: Sequence[int], factor: int, width: int) -> _Wanted:
    """By which earlier factors, and their levels: the levels of `factor` beside these, none covered yet."""
    return {
        others: {held: set(range(sizes[factor])) for held in itertools.product(*(range(sizes[at]) for at in others))}
        for others in itertools.combinations(range(factor), width - 1)
    }


def _widen(rows: list[list[int | None]], wanted: _Wanted, size: int) -> None:
    """Give each row the level of the new factor that covers most of what is wanted, the least used on a tie."""
    used = [0] * size
    for row in rows:
        missing = list(filter(None, map(_lacking, itertools.repeat(row), wanted, wanted.values())))
        gains = Counter(itertools.chain.from_iterable(missing))
        level = max(gains, key=lambda level: (gains[level], -used[level], -level)) if gains else None
        row.append(level)
        if level is not None:
            used[level] += 1
            for lacking in missing:
                lacking.discard(level)


def _lacking(row: Sequence[int | None], others: Row, known: dict[tuple[int | None, ...], set[int]]) -> set[int] | None:
    """The levels that are wanted beside those that `row` has; None where it has none yet."""
    return known.get((row[others[0]],) if len(others) == 1 else tuple([row[other] for other in others]))


def _lengthen(rows: list[list[int | None]], wanted: _Wanted, factor: int) -> None:
    """Put each combination still wanted into a row that leaves room for it, or into a new one."""
    for others, known in wanted.items():
        for combination in ((*held, level) for held, levels in known.items() for level in sorted(levels)):
            places = (*others, factor)
            row = next((row for row in rows if _has_room(row, places, combination)), None)
            if row is None:
                row = [None] * (factor + 1)
                rows.append(row)
            for place, level in zip(places, combination, strict=True):
                row[place] = level


def _has_room(row: Sequence[int | None], places: Sequence[int], combination: Sequence[int | None]) -> bool:
    return all(row[place] in {None, level} for place, level in zip(places, combination, strict=True))
