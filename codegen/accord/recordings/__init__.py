"""Recordings: files of exchanges. Every other file here declares one format as `RECORDING`."""

import functools
import io
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from accord.collection import Declared, collect
from accord.errors import AccordError
from accord.exchange import Block as Block
from accord.exchange import Damaged as Damaged
from accord.exchange import Exchange
from accord.exchange import Line as Line
from accord.files import compression, sources
from accord.files.writing import replacing


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One format of recordings.

    `suffixes` are the endings of its files; `sniff` recognises one by its first bytes. `read` gives the exchanges of
    an open file, `bodies` the bare bodies where the format may hold such; each has `source` as `file:number`, and
    they go on after an entry that is none. `blocks` gives the bodies of many lines at once. `holds` says that an open
    file holds exchanges. Of a format in `lines`, ranges of lines can be read apart; one that `seeks` is not read from
    start to end.

    A file is written as `opening`, what `entry` makes of each exchange, `separator` between them, `closing`, so that it
    can be written while it grows; a format without `entry` is only read.
    """

    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[io.BufferedReader, str], Iterator[Exchange | Damaged]]
    bodies: Callable[[io.BufferedReader, str], Iterator[Line]] | None = None
    blocks: Callable[[io.BufferedReader, str], Iterator[Block]] | None = None
    holds: Callable[[io.BufferedReader], bool] = lambda _file: True
    lines: bool = False
    seeks: bool = False
    entry: Callable[[Exchange], str] | None = None
    opening: str = ""
    separator: str = "\n"
    closing: str = "\n"


T = TypeVar("T")

UNREADABLE = (OSError, EOFError, zlib.error)


@functools.cache
def declared() -> Mapping[str, Declared[Recording]]:
    """Every format by its name."""
    return collect("accord.recordings", "RECORDING", Recording)


def _named(path: str, *, written: bool = False) -> Recording:
    """The format that the ending of `path` names."""
    known = [item.value for item in declared().values() if item.value.entry is not None or not written]
    for item in ending_in(path):
        if item in known:
            return item
    if path == sources.STANDARD_INPUT:
        return declared()["ndjson"].value
    endings = ", ".join(dict.fromkeys(suffix for item in known for suffix in item.suffixes))
    raise AccordError(f"`{path}` has no ending of a recording: name it with one of {endings}.")


def ending_in(path: str) -> tuple[Recording, ...]:
    """The formats whose files end as `path` does, beside its compression."""
    ending = os.path.splitext(compression.plain_name(path))[1].lower()  # noqa: PTH122  a URL is no path
    return tuple(item.value for item in declared().values() if ending in item.value.suffixes)


@dataclass(slots=True)
class Piece:
    """A recording, or the lines of one between two bytes; `lines` counts the line ends of the part once it is read.

    Not those of blocks, which whoever judges them counts.
    """

    name: str
    start: int = 0
    end: int = -1
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece that is open; `bare` says that, for all that can be seen at its start, it holds bare bodies."""

    form: Recording
    piece: Piece
    file: io.BufferedReader
    bare: bool
    part: sources.Range | None = None

    def exchanges(self) -> Iterator[Exchange | Damaged]:
        """Its exchanges, `source` counted from its start; AccordError when it is no recording after all."""
        try:
            yield from self.form.read(self.file, self.piece.name)
        except UNREADABLE as problem:
            raise AccordError(f"`{self.piece.name}` cannot be read further: {_named_error(problem)}.") from None

    def bodies(self) -> Iterator[Line]:
        """Its bare bodies, numbered from its start; where its format has none, nothing."""
        yield from self._unless_unreadable(self.form.bodies)

    def blocks(self) -> Iterator[Line | Block]:
        """Its bare bodies as `bodies` gives them, many lines at once where its format can."""
        if self.part is not None:
            self.part.counts = self.form.blocks is None
        yield from self._unless_unreadable(self.form.blocks or self.form.bodies)

    def _unless_unreadable(self, read: Callable[[io.BufferedReader, str], Iterator[T]] | None) -> Iterator[T | Damaged]:
        if read is None:
            return
        try:
            yield from read(self.file, self.piece.name)
        except UNREADABLE as problem:
            yield Damaged(source=self.piece.name, reason=f"cannot be read further: {_named_error(problem)}")


def _named_error(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or f"{type(problem).__name__} {problem}".strip()


@contextmanager
def opened(piece: Piece) -> Iterator[Opened]:
    """A piece, unpacked, and its format by its first bytes, else by its ending; AccordError when it has neither."""
    with ExitStack() as stack:
        file = stack.enter_context(sources.opened(piece.name))
        try:
            start = file.peek(sources.START)[: sources.START]
        except UNREADABLE as problem:
            raise AccordError(f"`{piece.name}` cannot be read: {_named_error(problem)}.") from None
        form = next((item.value for item in declared().values() if item.value.sniff(start)), None)
        form = form or (_named(piece.name) if start else declared()["ndjson"].value)
        file = stack.enter_context(_seekable(file)) if form.seeks else file
        bare = form.bodies is not None and not form.holds(file)
        if piece.end < 0:
            yield Opened(form, piece, file, bare)
            return
        part = sources.Range(file, piece.start, piece.end)
        yield Opened(form, piece, io.BufferedReader(part, sources.BLOCK), bare, part)
        piece.lines = part.lines


@contextmanager
def _seekable(file: io.BufferedReader) -> Iterator[io.BufferedReader]:
    """A file that is unpacked or comes by a pipe, kept on the disk."""
    if file.seekable():
        yield file
        return
    with tempfile.NamedTemporaryFile() as kept:
        shutil.copyfileobj(file, kept)
        kept.flush()
        with Path(kept.name).open("rb") as again:
            yield again


def read(source: str | Path) -> Iterator[Exchange | Damaged]:
    """The exchanges of a recording, unpacked; AccordError when it is none, or cannot be read."""
    with opened(Piece(str(source))) as found:
        yield from found.exchanges()


def broken(piece: Piece, problem: AccordError) -> Damaged:
    """A piece that cannot be read, or not further, as damage."""
    return Damaged(source=piece.name, reason=str(problem).removeprefix(f"`{piece.name}` "))


def whole(found: Opened) -> Iterator[Exchange | Damaged]:
    """The exchanges of an open recording; where it ends early, that is damage."""
    try:
        yield from found.exchanges()
    except AccordError as problem:
        yield broken(found.piece, problem)


@contextmanager
def writing(path: Path) -> Iterator[Callable[[Exchange], None]]:
    """A function that adds one exchange to the recording at `path`.

    Its name's ending chooses the format, and whether it is compressed; AccordError when it has none of a recording.
    The file is there when the block has ended, however it ended, and whole.
    """
    form = _named(str(path), written=True)
    entry = form.entry or str
    with appending(path, form) as add:
        yield lambda exchange: add(entry(exchange))


@contextmanager
def appending(path: Path, form: Recording, *, whole: bool = False) -> Iterator[Callable[[str], None]]:
    """A function that adds one entry of `form`, as text, to a new file, which is at `path` when the block has ended.

    A block that fails leaves what was added so far, or nothing where it is to be the `whole`.
    """
    failure: BaseException | None = None
    with replacing(path) as plain, compression.packing(str(path), plain) as file:
        file.write(form.opening.encode())
        separator = ""

        def add(entry: str) -> None:
            nonlocal separator
            file.write((separator + entry).encode())
            separator = form.separator

        try:
            yield add
        except BaseException as problem:
            if whole:
                raise
            failure = problem
        file.write(form.closing.encode())
    if failure is not None:
        raise failure


def write(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write `exchanges` as one recording."""
    with writing(path) as add:
        for exchange in exchanges:
            add(exchange)
