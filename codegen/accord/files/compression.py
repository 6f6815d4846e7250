"""Compression: gzip, bzip2 and Zstandard, recognised by their first bytes and undone while a file is read."""

import bz2
import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

_BLOCK = 1 << 20

_STEP = 2048
"""Compressed bytes of one step: those of a few kilobytes may unfold into megabytes."""

_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"


def is_packed(start: bytes) -> bool:
    """Whether bytes that begin so are compressed."""
    return start.startswith((_GZIP, _BZIP2, _ZSTANDARD))


def unpacked(file: io.BufferedReader) -> io.BufferedReader:
    """What an open file holds, without its compression; the file itself where it has none."""
    start = file.peek(4)[:4]
    if start.startswith(_GZIP):
        return io.BufferedReader(_Steps(gzip.GzipFile(fileobj=file)), _BLOCK)
    if start.startswith(_BZIP2):
        return io.BufferedReader(_Steps(bz2.BZ2File(file)), _BLOCK)
    if start.startswith(_ZSTANDARD):
        return io.BufferedReader(_Zstandard(file), _BLOCK)
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
        data = self._file.read1(min(len(buffer), _BLOCK))
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
