"""`accord verify`: recorded exchanges held to the contract, offline."""

import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from accord import engines, recordings
from accord.contract import Contract, response_for
from accord.engines import Part, Spread
from accord.errors import AccordError
from accord.files import sources
from accord.files.writing import write
from accord.findings import Report
from accord.privacy import redaction
from accord.profiling import profile, profile_json, unseen
from accord.profiling.profile import Profile
from accord.recordings import Piece
from accord.verifying import verdicts
from accord.verifying.verdicts import Verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """How to verify. `servers` are further base URLs of the API.

    Recordings of bare JSON bodies are what `operation` (`POST /path`, operationId or path) answered with `status`.
    `engine` names how the work is spread; whichever does it, the report is the same.

    `profile` is the file to write what was observed to, as JSON; with what the profiles `profile_from` have, which were
    written before. `min_coverage` is the percentage of documented response properties below which the run fails.
    """

    servers: tuple[str, ...] = ()
    operation: str = ""
    status: int = 200
    profile: Path | None = None
    profile_from: tuple[Path, ...] = ()
    min_coverage: float | None = None
    engine: str = "local"
    spread: Spread = field(default_factory=Spread)


def verify(contract: Contract, recorded: Iterable[str], options: VerifyOptions | None = None) -> Report:
    """Hold every exchange of `recorded` (files, folders, globs, URLs, `-`) to `contract`: each cause once, counted.

    What is damaged, calls no operation or cannot be judged is in the ledger, and stops nothing. Raises AccordError
    when a source names no file, and when a profile cannot be read.
    """
    chosen = options or VerifyOptions()
    if chosen.operation:
        _documented(contract, chosen.operation, chosen.status)
    listed = tuple(sources.found(recorded))
    if chosen.profile is not None:
        sources.apart((source.name for source in listed), chosen.profile)
    earlier = [profile_json.read(path) for path in chosen.profile_from]
    work = functools.partial(_judged, contract, chosen)
    found = verdicts.merged(_placed(engines.run(chosen.engine, work, listed, chosen.spread)))
    if found.profile is not None:
        _observed(contract, found.profile, earlier, chosen.profile)
    return verdicts.reported(contract, found, len(listed), chosen.servers, chosen.min_coverage)


def _documented(contract: Contract, name: str, status: int) -> None:
    """Raise AccordError where bare bodies could be held to nothing: no such operation, no answer with the status."""
    operation = verdicts.named(contract, name)
    if response_for(operation, status) is None:
        known = ", ".join(response.status for response in operation.responses)
        raise AccordError(
            f"`{contract.document.uri}` documents no answer of `{operation.name}` with status {status};"
            f" name one of those it has with --status: {known}."
        )


def _observed(contract: Contract, observed: Profile, earlier: Iterable[Profile], path: Path | None) -> None:
    """Add the `earlier` profiles to what was observed, and write that, with what of the contract it does not show.

    Texts that no enum lists are masked, as they are in the earlier profiles.
    """
    listed = unseen.members(contract)
    written = profile_json.to_json(
        observed, lambda value: value if isinstance(value, str) and value in listed else redaction.masked(value)
    )
    masked = profile_json.from_json(written)
    for one in earlier:
        profile.merge(masked, one)
        profile.merge(observed, one)
    if path is None:
        return
    written = profile_json.to_json(masked)
    cover = unseen.covered(contract, observed)
    written["coverage"] = {"seen": cover.seen, "total": cover.total}
    written["unseen"] = [[item.what, item.pointer, item.detail] for item in cover.unseen]
    write(path, json.dumps(written, separators=(",", ":")) + "\n")


def _judged(contract: Contract, chosen: VerifyOptions, part: Part) -> list[tuple[Piece, Verdicts]]:
    return [(piece, _piece(contract, chosen, piece)) for piece in part]


def _piece(contract: Contract, chosen: VerifyOptions, piece: Piece) -> Verdicts:
    """What a piece shows; that a recording holds nothing is not passed over."""
    found = _shown(contract, chosen, piece)
    if not found.counts["entries"] and piece.end < 0:
        found.unchecked[piece.name, "it holds nothing"] += 1
    return found


def _shown(contract: Contract, chosen: VerifyOptions, piece: Piece) -> Verdicts:
    """What a piece shows; a file that is no recording is one damaged entry, and so is what ends one early."""
    profiled = chosen.profile is not None or chosen.min_coverage is not None or bool(chosen.profile_from)
    try:
        with recordings.opened(piece) as found:
            if chosen.operation and found.bare:
                name, lines = chosen.operation, found.blocks()
                return verdicts.of_bodies(contract, name, chosen.status, piece.name, lines, profiled=profiled)
            return verdicts.of_exchanges(contract, recordings.whole(found), chosen.servers, profiled=profiled)
    except AccordError as problem:
        return verdicts.of_exchanges(
            contract,
            [recordings.broken(piece, problem)],
            profiled=profiled,
        )


def _placed(parts: Iterable[list[tuple[Piece, Verdicts]]]) -> Iterator[Verdicts]:
    """What the pieces show, each counted from the start of its recording."""
    before = 0
    for piece, found in itertools.chain.from_iterable(parts):
        before = before if piece.start else 0
        yield verdicts.moved(found, before) if before else found
        before += piece.lines or found.lines
