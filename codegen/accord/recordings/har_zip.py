"""What Playwright packs: `har.zip` (HAR 1.2 beside its bodies), and the network of a trace (`trace.zip`).

A trace keeps an entry of HAR a line in its `.network` members, bodies in `resources/`. Members are read one at a time,
never written; an archive that would unfold without end is refused.
"""

import functools
import io
import json
import zipfile
from collections.abc import Iterator

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.files import har_entries, sources
from accord.files.remains import APART
from accord.recordings import Damaged, Recording

_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError)
"""What zipfile raises for members that are damaged, packed in a way it does not know, or encrypted."""


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    try:
        packed = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise AccordError(f"`{name}` is no whole archive of zip: record it again.") from None
    with packed:
        told = [member for member in packed.namelist() if member.endswith((".har", ".network"))]
        if not told:
            raise AccordError(f"`{name}` has no `.har` and no `.network` in it: it is no recording of Playwright.")
        for member in sorted(told):
            yield from _member(packed, member, name if len(told) == 1 else f"{name}!{member}")


def _member(packed: zipfile.ZipFile, member: str, name: str) -> Iterator[Exchange | Damaged]:
    folder = member.rpartition("/")[0]
    try:
        data = _bytes(packed, member)
    except _BROKEN as problem:
        yield Damaged(source=name, reason=f"`{member}` cannot be unpacked: {problem}")
        return
    if member.endswith(".har"):
        yield from har_entries.exchanges(data, name, functools.partial(_beside, packed, folder))
    else:
        resources = f"{folder}/resources" if folder else "resources"
        yield from har_entries.numbered(_snapshots(data), name, functools.partial(_beside, packed, resources))


def _snapshots(data: bytes) -> Iterator[Json | Damaged]:
    """The entries in the lines of a trace; what else happened is passed over."""
    for line in data.splitlines():
        if not line.strip():
            continue
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            yield Damaged(source="", reason="the line is no event of a trace (no JSON)")
            continue
        if isinstance(event, dict) and event.get("type") == "resource-snapshot":
            yield event.get("snapshot")


def _beside(packed: zipfile.ZipFile, folder: str, name: Json) -> bytes | None:
    if not isinstance(name, str) or not APART.fullmatch(name):
        return None
    try:
        return _bytes(packed, f"{folder}/{name}" if folder else name)
    except (KeyError, *_BROKEN):
        return None


def _bytes(packed: zipfile.ZipFile, member: str) -> bytes:
    """A member, unpacked; BadZipFile past what is read whole."""
    with packed.open(member) as file:
        data = file.read(sources.MOST)
        if len(data) == sources.MOST:
            raise zipfile.BadZipFile(f"it has more than {sources.MOST >> 30} GiB")
    return data


def _sniff(start: bytes) -> bool:
    return start.startswith(b"PK\x03\x04")


RECORDING = Recording(suffixes=(".zip",), sniff=_sniff, read=_read, seeks=True)
