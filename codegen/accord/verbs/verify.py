"""`accord verify`: recorded exchanges held to the contract, offline."""

import glob
import itertools
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from accord import profile_json, recordings, redaction, unseen, verdicts
from accord.contract import Contract
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.findings import Report
from accord.profile import Profile
from accord.recordings import Damaged
from accord.verdicts import Verdicts
from accord.writing import write


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """How to verify. `servers` are further base URLs of the API.

    With `operation` (`POST /path`, operationId or path) the sources are lines of bare JSON bodies, which it answered
    with `status`.

    `profile` is the file to write what was observed to, as JSON; `min_coverage` the percentage of documented response
    properties below which the run fails.
    """

    servers: tuple[str, ...] = ()
    operation: str = ""
    status: int = 200
    profile: Path | None = None
    min_coverage: float | None = None


def verify(contract: Contract, sources: Iterable[str], options: VerifyOptions | None = None) -> Report:
    """Hold every exchange of `sources` (files, folders, globs) to `contract`: one finding for each cause, counted.

    What is damaged, calls no operation or cannot be judged is in the ledger, and stops nothing. Raises AccordError
    when a source names no file.
    """
    chosen = options or VerifyOptions()
    paths = list(_paths(sources))
    if chosen.operation:
        verdicts.named(contract, chosen.operation)
    found = verdicts.merged(_judged(contract, path, chosen) for path in paths)
    if chosen.profile is not None and found.profile is not None:
        _keep(contract, found.profile, chosen.profile)
    return verdicts.reported(contract, found, len(paths), chosen.servers, chosen.min_coverage)


def _keep(contract: Contract, observed: Profile, path: Path) -> None:
    """Write the profile, with what of the contract it does not show; texts that no enum lists are masked."""
    listed = unseen.members(contract)
    written = profile_json.to_json(observed, lambda value: value if value in listed else redaction.masked(value))
    cover = unseen.covered(contract, observed)
    written["coverage"] = {"seen": cover.seen, "total": cover.total}
    written["unseen"] = [
        {"what": item.what, "uri": item.uri, "pointer": item.pointer, "detail": item.detail} for item in cover.unseen
    ]
    write(path, json.dumps(written, indent=1) + "\n")


def _judged(contract: Contract, path: Path, chosen: VerifyOptions) -> Verdicts:
    profiled = chosen.profile is not None or chosen.min_coverage is not None
    if not chosen.operation:
        return verdicts.of_exchanges(contract, _entries(path), chosen.servers, profiled=profiled)
    lines = _lines(path)
    return verdicts.of_bodies(contract, chosen.operation, chosen.status, str(path), lines, profiled=profiled)


def _paths(sources: Iterable[str]) -> Iterator[Path]:
    for source in sources:
        path = Path(source)
        if path.is_dir():
            found = sorted(item for item in path.rglob("*") if item.is_file() and not item.name.startswith("."))
        else:
            found = [path] if path.exists() else [Path(name) for name in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207  the pattern may be absolute
        if not found:
            raise AccordError(f"`{source}` names no recording: there is no such file.")
        yield from found


def _entries(path: Path) -> Iterator[Exchange | Damaged]:
    """The entries of one recording; a file that is none is one damaged entry, and so is what ends one early."""
    try:
        yield from recordings.read(path)
    except AccordError as problem:
        yield Damaged(source=str(path), reason=str(problem))


def _lines(path: Path) -> Iterator[verdicts.Line]:
    try:
        with path.open("rb") as file:
            opener = recordings.unpack(file.read(4))
        with (opener or open)(path, "rb") as lines:
            yield from zip(itertools.count(1), lines, strict=False)
    except (OSError, EOFError, zlib.error) as problem:
        yield Damaged(source=str(path), reason=f"cannot be read: {type(problem).__name__}")
