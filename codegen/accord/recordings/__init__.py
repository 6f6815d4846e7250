"""Recordings: files of exchanges. Every other file here declares one format as `RECORDING`."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from accord.collection import Declared, collect
from accord.errors import AccordError
from accord.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One format of recordings.

    `suffixes` are the endings of its files; `sniff` recognises one by its first bytes. `read` gives the exchanges of a
    file, each with `source` as `file:number`. A file is written as `opening`, what `entry` makes of each
    exchange, `separator` between them, `closing`, so that it can be written while it grows.
    """

    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[Path], Iterator[Exchange]]
    entry: Callable[[Exchange], str]
    opening: str = ""
    separator: str = "\n"
    closing: str = "\n"


SNIFFED = 4096


@functools.cache
def declared() -> Mapping[str, Declared[Recording]]:
    """Every format by its name."""
    return collect("accord.recordings", "RECORDING", Recording)


def _format(path: Path) -> Recording:
    for item in declared().values():
        if path.suffix.lower() in item.value.suffixes:
            return item.value
    known = ", ".join(suffix for item in declared().values() for suffix in item.value.suffixes)
    raise AccordError(f"`{path}` has no ending of a recording: name it with one of {known}.")


def read(path: Path) -> Iterator[Exchange]:
    """The exchanges of the recording at `path`; AccordError when it is none, or cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(SNIFFED)
    except OSError as problem:
        raise AccordError(f"`{path}` cannot be read: {problem.strerror}.") from None
    chosen = next((item.value for item in declared().values() if item.value.sniff(start)), None)
    return (chosen or _format(path)).read(path)


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Exchange], None]]:
    """A function that adds one exchange to the recording at `path`; the file is whole however the block ends.

    Its name's ending chooses the format; AccordError when it has none of a recording.
    """
    chosen = _format(path)
    try:
        file = path.open("w", encoding="utf-8", newline="\n")
    except OSError as problem:
        raise AccordError(f"`{path}` cannot be written: {problem.strerror}.") from None
    with file:
        file.write(chosen.opening)
        separator = ""

        def add(exchange: Exchange) -> None:
            nonlocal separator
            file.write(separator + chosen.entry(exchange))
            separator = chosen.separator

        try:
            yield add
        finally:
            file.write(chosen.closing)


def write(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write `exchanges` as one recording."""
    with writing(path) as add:
        for exchange in exchanges:
            add(exchange)
