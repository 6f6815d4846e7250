"""Recordings: files of exchanges. Every other file here declares one format as `RECORDING`."""

import bz2
import functools
import gzip
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accord.collection import Declared, collect
from accord.errors import AccordError
from accord.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """An entry that is no exchange: where it stands, as `file:number`, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One format of recordings.

    `suffixes` are the endings of its files; `sniff` recognises one by its first bytes. `read` gives the exchanges of a
    file, each with `source` as `file:number`, and goes on after an entry that is none. A file is written as `opening`,
    what `entry` makes of each exchange, `separator` between them, `closing`, so that it can be written while it grows;
    a format without `entry` is only read.
    """

    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[Path], Iterator[Exchange | Damaged]]
    entry: Callable[[Exchange], str] | None = None
    opening: str = ""
    separator: str = "\n"
    closing: str = "\n"


SNIFFED = 4096

_COMPRESSED: Mapping[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open}


@functools.cache
def declared() -> Mapping[str, Declared[Recording]]:
    """Every format by its name."""
    return collect("accord.recordings", "RECORDING", Recording)


def _format(path: Path, *, written: bool = False) -> Recording:
    known = [item.value for item in declared().values() if item.value.entry is not None or not written]
    for item in known:
        if path.suffix.lower() in item.suffixes:
            return item
    endings = ", ".join(suffix for item in known for suffix in item.suffixes)
    raise AccordError(f"`{path}` has no ending of a recording: name it with one of {endings}.")


def read(path: Path) -> Iterator[Exchange | Damaged]:
    """The exchanges of the recording at `path`, unpacked; AccordError when it is none, or cannot be read."""
    start = _start(path)
    if unpack(start) is not None:
        return _unpacked(path)
    chosen = next((item.value for item in declared().values() if item.value.sniff(start)), None)
    return (chosen or _format(path)).read(path)


def unpack(start: bytes) -> Callable[..., Any] | None:
    """What opens a compressed file that begins with `start`; None when it is not compressed."""
    return next((opener for magic, opener in _COMPRESSED.items() if start.startswith(magic)), None)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SNIFFED)
    except OSError as problem:
        raise AccordError(f"`{path}` cannot be read: {problem.strerror}.") from None


def _unpacked(path: Path) -> Iterator[Exchange | Damaged]:
    opener = unpack(_start(path)) or open
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.stem
        try:
            with opener(path, "rb") as packed, plain.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except (OSError, EOFError, zlib.error) as problem:
            raise AccordError(f"`{path}` cannot be unpacked: {problem}.") from None
        for item in read(plain):
            yield replace(item, source=item.source.replace(str(plain), str(path), 1))


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Exchange], None]]:
    """A function that adds one exchange to the recording at `path`; the file is whole however the block ends.

    Its name's ending chooses the format; AccordError when it has none of a recording.
    """
    chosen = _format(path, written=True)
    entry = chosen.entry or str
    try:
        file = path.open("w", encoding="utf-8", newline="\n")
    except OSError as problem:
        raise AccordError(f"`{path}` cannot be written: {problem.strerror}.") from None
    with file:
        file.write(chosen.opening)
        separator = ""

        def add(exchange: Exchange) -> None:
            nonlocal separator
            file.write(separator + entry(exchange))
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
