"""Sources: what the user names to be read (files, folders, globs, `-`, URLs of object stores), found and opened.

A URL is read by fsspec, whatever store it knows (`s3://`, `gs://`, `az://`, `memory://`, …). What is compressed (gzip,
bzip2, Zstandard) is recognised by its first bytes and undone while it is read.
"""

import errno
import glob
import io
import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from accord.errors import AccordError
from accord.files import compression

STANDARD_INPUT = "-"

START = 4096
"""So many of its first bytes are looked at to tell what a source is."""

BLOCK = 1 << 20
"""Bytes that are read at once."""

_LINE_END = b"\n"[0]
LONGEST = 64 << 20
"""Bytes of the longest line that is read as one: what is longer would fill the memory."""

MOST = 2 << 30
"""Bytes that a file may have which is read whole."""

_SKIPPED = ("__pycache__",)


@dataclass(frozen=True, slots=True)
class Source:
    """A path, a URL or `-`; `size` in bytes as stored, -1 where it is not known before it is read."""

    name: str
    size: int = -1


def found(names: Iterable[str]) -> Iterator[Source]:
    """Every source that `names` stand for, those of a folder or glob in the order of their names.

    Files whose name begins with a dot are left out of folders. Raises AccordError for a name that stands for none.
    """
    for name in names:
        if name == STANDARD_INPUT:
            yield Source(name)
            continue
        listed = list(_stored(name) if "://" in name else _local(name))
        if not listed:
            why = "the folder holds no file" if "://" not in name and Path(name).is_dir() else "there is no such file"
            raise AccordError(f"`{name}` names no recording: {why}.")
        yield from listed


def apart(names: Iterable[str], written: Path) -> None:
    """Raise AccordError when `written`, a file that is to be written, is one of those that are read."""
    for name in names:
        if written.exists() and "://" not in name and Path(name).exists() and written.samefile(name):
            raise AccordError(f"{written}: is read, and would be lost: name another file to write to.")


def _local(name: str) -> Iterator[Source]:
    path = Path(name)
    if path.is_dir():
        paths = sorted(item for item in path.rglob("*") if item.is_file() and not item.name.startswith("."))
    else:
        paths = [path] if path.exists() else [Path(one) for one in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207  the pattern may be absolute
    for item in paths:
        if item.is_file() and not set(_SKIPPED) & set(item.parts):
            yield Source(str(item), item.stat().st_size)
        elif not item.is_dir():
            yield Source(str(item))  # a pipe or a device


def _stored(url: str) -> Iterator[Source]:
    store, path = _store(url)
    try:
        if glob.has_magic(path):
            paths = sorted(store.glob(path))
        else:
            paths = sorted(store.find(path)) if store.isdir(path) else [path] * store.exists(path)
        for item in paths:
            if not item.rpartition("/")[2].startswith("."):
                yield Source(str(store.unstrip_protocol(item)), int(store.size(item) or -1))
    except OSError as problem:
        raise AccordError(f"`{url}` cannot be listed: {_why(problem)}.") from None


def _store(url: str) -> tuple[Any, str]:
    """The store of `url`, and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise AccordError(
            f"`{url}` is in an object store: install accord[stores], and fsspec's driver for it."
        ) from None
    try:
        store, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as problem:
        raise AccordError(f"`{url}` cannot be reached: {problem}.") from None
    return store, str(path)


def _why(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or f"{type(problem).__name__} {problem}".strip()


@contextmanager
def opened(name: str) -> Iterator[io.BufferedReader]:
    """The bytes of a source, unpacked. Raises AccordError when it cannot be opened."""
    with stored(name) as file:
        unpacked = compression.unpacked(file)
        try:
            yield unpacked
        finally:
            if unpacked is not file:
                unpacked.close()


@contextmanager
def stored(name: str) -> Iterator[io.BufferedReader]:
    """The bytes of a source as they are stored. Raises AccordError when it cannot be opened."""
    if name == STANDARD_INPUT:
        yield cast("io.BufferedReader", sys.stdin.buffer)
        return
    try:
        if "://" in name:
            store, path = _store(name)
            raw: Any = store.open(path, "rb")
            file = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw, BLOCK)
        else:
            file = cast("io.BufferedReader", Path(name).open("rb", buffering=BLOCK))  # noqa: SIM115  closed below
    except (OSError, ValueError) as problem:
        raise AccordError(f"`{name}` cannot be read: {_why(problem)}.") from None
    with file:
        yield file


def lines(file: io.BufferedReader) -> Iterator[bytes | None]:
    """The lines of an open file; None in the place of one that is longer than LONGEST."""
    while text := file.readline(LONGEST):
        if len(text) == LONGEST and not text.endswith(b"\n"):
            skip(file)
            yield None
        else:
            yield text


def skip(file: io.BufferedReader) -> None:
    """Go to the end of the line."""
    while (rest := file.readline(BLOCK)) and not rest.endswith(b"\n"):
        pass


def whole(file: io.BufferedReader) -> bytes:
    """All bytes that are left of an open file, in memory once where its size is known; OSError past MOST."""
    if not isinstance(getattr(file, "raw", None), io.FileIO):
        text = file.read(MOST)
        if len(text) == MOST:
            raise OSError(errno.EFBIG, f"it has more than {MOST >> 30} GiB, and a file of this format is read whole")
        return text
    start = file.read(max(0, os.fstat(file.fileno()).st_size - file.tell()) if file.seekable() else 0)
    rest = file.read()
    return start + rest if rest else start


def cuts(source: Source, size: int) -> tuple[tuple[int, int], ...]:
    """The byte ranges that make up a source that is not compressed, each of about `size` bytes and whole lines."""
    count = max(1, source.size // size)
    places = [0]
    with stored(source.name) as file:
        for number in range(1, count):
            file.seek(max(source.size * number // count, places[-1]))
            file.readline()
            places.append(min(file.tell(), source.size))
    return tuple(itertools.pairwise(sorted({*places, source.size})))


def line_ends(data: bytes | memoryview) -> int:
    """How many lines end in `data`."""
    if "numpy" not in sys.modules:
        return bytes(data).count(b"\n")
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == _LINE_END))


class Range(io.RawIOBase):
    """The bytes of an open file from `start` up to `end`; `lines` counts the line ends that were read, if `counts`."""

    def __init__(self, file: io.BufferedReader, start: int, end: int) -> None:
        """Go to `start`."""
        super().__init__()
        self._file = file.raw if isinstance(file.raw, io.FileIO) else file
        self._file.seek(start)
        self._left, self.lines, self.counts = end - start, 0, True

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next into `buffer`, straight from the file."""
        place = memoryview(buffer)[: self._left]
        count = self._file.readinto(place) or 0
        self._left -= count
        if self.counts:
            self.lines += line_ends(place[:count])
        return count
