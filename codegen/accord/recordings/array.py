"""A JSON array of exchanges in accord's own form, or of bare bodies that `--operation` answered; or one body alone."""

import io
import json
import re
from collections.abc import Iterator

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.files import exchange_json, sources
from accord.files.salvage import elements
from accord.recordings import Damaged, Line, Recording


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    data = sources.whole(file)
    if not _is_array(data[:8]):
        raise AccordError(f"`{name}` is no recording: it holds no array of exchanges, no HAR and no cassette.")
    for number, (value, problem) in enumerate(_elements(data), start=1):
        source = f"{name}:{number}"
        if problem:
            yield Damaged(source=source, reason=problem)
            continue
        try:
            yield exchange_json.exchange(value, source)
        except exchange_json.BROKEN as error:
            yield Damaged(source=source, reason=f"the element is no exchange ({exchange_json.why(error)})")


def _elements(data: bytes) -> Iterator[tuple[Json, str]]:
    try:
        yield from ((value, "") for value in exchange_json.parsed(data))
    except (ValueError, RecursionError):
        yield from elements(data.decode("utf-8-sig", "replace"))


def _bodies(file: io.BufferedReader, name: str) -> Iterator[Line]:
    import msgspec

    data = sources.whole(file)
    if not _is_array(data[:8]):
        yield 1, data
        return
    try:
        found: list[bytes] = [bytes(raw) for raw in msgspec.json.decode(data, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, UnicodeDecodeError):
        for number, (value, problem) in enumerate(elements(data.decode("utf-8-sig", "replace")), start=1):
            yield Damaged(source=f"{name}:{number}", reason=problem) if problem else (number, _again(value))
        return
    yield from enumerate(found, start=1)


def _again(value: Json) -> bytes:
    return json.dumps(value).encode()


def _sniff(start: bytes) -> bool:
    """Whether an array begins, and no line of JSON that is one and is followed by another."""
    first, _, rest = start.partition(b"\n")
    return _is_array(start) and not (first.rstrip().endswith(b"]") and rest.lstrip().startswith(b"["))


def _is_array(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["


def _holds(file: io.BufferedReader) -> bool:
    return re.match(rb'\s*\[\s*\{\s*"accord"', file.peek(sources.START)) is not None


RECORDING = Recording(
    suffixes=(".json",),
    sniff=_sniff,
    read=_read,
    bodies=_bodies,
    holds=_holds,
    entry=exchange_json.text,
    opening="[\n",
    separator=",\n",
    closing="\n]\n",
)
