"""Engines: how work on many recordings is spread. Every other file here declares one as `ENGINE`."""

import copyreg
import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from accord import recordings
from accord.collection import Declared, collect
from accord.document import nearest
from accord.errors import AccordError, ConfigError
from accord.files import compression, sources
from accord.files.sources import Source
from accord.recordings import Piece

Part: TypeAlias = tuple[Piece, ...]
"""What is worked on in one go: a range of lines of a large recording, or some small recordings."""

Work: TypeAlias = Callable[[Part], Any]
"""What is done with a part; it and what it gives can be pickled."""

LEAST = 8 << 20
"""Bytes of a part that are worth a task of its own."""

_ALONE = 32 << 20
"""Bytes for which one process is fast enough."""

_PARTS_A_WORKER = 2
"""So that a worker that is slow, or dies, leaves the others something to do; more only cost."""


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


def _plain(mapping: MappingProxyType[Any, Any]) -> tuple[Any, tuple[dict[Any, Any]]]:
    return _read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _plain)  # contracts are made of them, and pickle knows them not


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Over how many worker processes, 0 for as many as pay; on which cluster, `""` for an own one; parts no smaller."""

    workers: int = 0
    cluster: str = ""
    least: int = LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One way to spread work. `run` gives what the work gave for each part, in the order of the parts.

    `workers` says how many would work on so many bytes.
    """

    run: Callable[[Work, Sequence[Part], Spread], Iterator[Any]]
    workers: Callable[[Spread, int], int]


@functools.cache
def declared() -> Mapping[str, Declared[Engine]]:
    """Every engine by its name."""
    return collect("accord.engines", "ENGINE", Engine)


def run(name: str, work: Work, found: Iterable[Source], spread: Spread) -> Iterator[Any]:
    """What `work` gives for each part of the recordings, in their order, whichever engine spreads it.

    What only this process can read (`-`, `memory://`) is worked on here. Raises ConfigError when no engine has the
    name, AccordError when it cannot run.
    """
    known = declared()
    if name not in known:
        hint = nearest(name, known)
        raise ConfigError(
            f"There is no engine `{name}`" + (f"; did you mean `{hint}`?" if hint else f": {', '.join(known)}.")
        )
    engine, listed = known[name].value, tuple(found)
    workers = engine.workers(spread, sum(max(source.size, 0) for source in listed))
    parts = list(divided(listed, workers, spread.least))
    elsewhere = engine.run(work, [part for part in parts if not _here(part)], spread)
    for part in parts:
        yield work(part) if _here(part) else next(elsewhere)


def _here(part: Part) -> bool:
    return any(piece.name == sources.STANDARD_INPUT or piece.name.startswith("memory://") for piece in part)


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def paying(size: int) -> int:
    """How many processes pay for so many bytes on this machine."""
    return max(1, min(cores(), size // _ALONE))


def divided(found: Sequence[Source], workers: int, least: int = LEAST) -> Iterator[Part]:
    """The parts of recordings for so many workers: few and large, in the order of the recordings.

    Recordings of lines are cut at line ends, unless they are compressed; small ones are taken together.
    """
    total = sum(max(source.size, 0) for source in found)
    wanted = max(least, total // (max(workers, 1) * _PARTS_A_WORKER))
    waiting: list[Piece] = []
    held = 0
    for source in found:
        ranges = _ranges(source, wanted) if workers > 1 else ()
        if len(ranges) > 1 or held + source.size > wanted or workers == 1:
            yield from [tuple(waiting)] * bool(waiting)
            waiting, held = [], 0
        if len(ranges) > 1:
            yield from ((Piece(source.name, start, end),) for start, end in ranges)
            continue
        waiting.append(Piece(source.name))
        held += max(source.size, 0)
    yield from [tuple(waiting)] * bool(waiting)


def _ranges(source: Source, wanted: int) -> tuple[tuple[int, int], ...]:
    if source.size < wanted * 2:
        return ()
    try:
        with sources.stored(source.name) as file:
            packed = compression.is_packed(file.peek(4))
        with recordings.opened(Piece(source.name)) as found:
            whole = packed or not found.form.lines
    except AccordError:
        return ()  # whoever reads it says what is wrong with it
    return () if whole else sources.cuts(source, wanted)
