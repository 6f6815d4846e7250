"""Sources: what the user names to be read (files, folders, globs, `-`, URLs of object stores), found and opened.

A URL is read by fsspec, whatever store it knows (`s3://`, `gs://`, `az://`, `memory://`, …). What is compressed (gzip,
bzip2, Zstandard) is recognised by its first bytes and undone while it is read.
"""

import bz2
import errno
import glob
import gzip
import io
import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from accord.errors import AccordError

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

_STEP = 2048
"""Compressed bytes of one step: those of a few kilobytes may unfold into megabytes."""

_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
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
        unpacked = _unpacked(file)
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


def is_packed(start: bytes) -> bool:
    """Whether bytes that begin so are compressed."""
    return start.startswith((_GZIP, _BZIP2, _ZSTANDARD))


def _unpacked(file: io.BufferedReader) -> io.BufferedReader:
    start = file.peek(4)[:4]
    if start.startswith(_GZIP):
        return io.BufferedReader(_Steps(gzip.GzipFile(fileobj=file)), BLOCK)
    if start.startswith(_BZIP2):
        return io.BufferedReader(_Steps(bz2.BZ2File(file)), BLOCK)
    if start.startswith(_ZSTANDARD):
        return io.BufferedReader(_Zstandard(file), BLOCK)
    return file


class _Steps(io.RawIOBase):
    """A compressed file read step by step, so that all that stands before a break is given."""

    def __init__(self, file: gzip.GzipFile | bz2.BZ2File) -> None:
        """Begin at the start."""
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next into `buffer`."""
        data = self._file.read1(min(len(buffer), BLOCK))
        buffer[: len(data)] = data
        return len(data)


class _Zstandard(io.RawIOBase):
    """What Zstandard's frames hold; OSError where they break, EOFError where they break off."""

    def __init__(self, file: io.BufferedReader) -> None:
        """Begin with the first frame."""
        import zstandard

        super().__init__()
        self._file, self._waiting, self._ready = file, b"", b""
        self._made: Any = zstandard.ZstdDecompressor()
        self._frame: Any = None
        self._error = zstandard.ZstdError

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next into `buffer`."""
        while not self._ready:
            data = self._waiting or self._file.read(_STEP)
            if not data:
                if self._frame is not None:
                    raise EOFError("the compressed file ends early")
                return 0
            self._frame = self._frame or self._made.decompressobj()
            try:
                self._ready = self._frame.decompress(data)
            except self._error as problem:
                raise OSError(str(problem)) from None
            self._waiting = self._frame.unused_data if self._frame.eof else b""
            self._frame = None if self._frame.eof else self._frame
        given, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


@contextmanager
def packing(name: str, file: BinaryIO) -> Iterator[BinaryIO]:
    """What compresses into `file` as the ending of `name` says; `file` itself where it says nothing."""
    if name.endswith(".gz"):
        into: Any = gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0)
    elif name.endswith(".bz2"):
        into = bz2.BZ2File(file, "wb")
    elif name.endswith(".zst"):
        import zstandard

        into = zstandard.ZstdCompressor().stream_writer(file, closefd=False)
    else:
        yield file
        return
    with into:
        yield into


def plain_name(name: str) -> str:
    """`name` without the ending of a compression."""
    stem, ending = os.path.splitext(name)  # noqa: PTH122  a URL is no path
    return stem if ending in {".gz", ".bz2", ".zst"} else name


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


def line_ends(data: bytes) -> int:
    """How many lines end in `data`."""
    if "numpy" not in sys.modules:
        return data.count(b"\n")
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == _LINE_END))


class Range(io.RawIOBase):
    """The bytes of an open file from `start` up to `end`; `lines` counts the line ends that were read."""

    def __init__(self, file: io.BufferedReader, start: int, end: int) -> None:
        """Go to `start`."""
        super().__init__()
        file.seek(start)
        self._file, self._left, self.lines = file, end - start, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what comes next into `buffer`."""
        data = self._file.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        self.lines += line_ends(data)
        return len(data)
