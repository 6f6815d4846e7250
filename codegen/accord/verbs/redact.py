"""`accord redact`: a recording that can be shown to anybody, and of which every verdict is what it was."""

import functools
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from accord import recordings
from accord.contract import Contract, Operation
from accord.errors import AccordError
from accord.exchange import Exchange, Request, Response
from accord.findings import Ledger, Report, Unchecked
from accord.messages.matching import matched
from accord.privacy import literals, redacting, redaction
from accord.privacy.literals import Path
from accord.privacy.redacting import Masking
from accord.privacy.sensitive import Place
from accord.profiling import unseen
from accord.recordings import Damaged, Opened, Piece, Recording
from accord.verifying import streams, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactOptions:
    """How to redact: `everything`, or what is sensitive; recordings of bare bodies are what `operation` answered."""

    everything: bool = False
    operation: str = ""
    status: int = 200
    servers: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[int, Path], Place] = field(default_factory=dict)


def redact(
    contracts: tuple[Contract, ...], source: str, target: FilePath, options: RedactOptions | None = None
) -> Report:
    """Write the recording `source` to `target`, in its format, with what is sensitive masked.

    The masks depend on the key in `ACCORD_REDACTION_KEY` and on nothing else. An exchange of which no mask keeps what
    the contracts say of it is left out, and so is what cannot be read; both are counted. Raises AccordError when
    `source` is no recording, or `target` cannot be written.
    """
    chosen, tally = options or RedactOptions(), _Tally()
    if chosen.operation and contracts:
        verdicts.named(contracts[0], chosen.operation)
    listed = frozenset(text for contract in contracts for text in unseen.members(contract) if isinstance(text, str))
    judge = functools.partial(_kept, contracts, chosen, listed, tally)
    with ExitStack() as stack:
        found = stack.enter_context(recordings.opened(Piece(source)))
        bare = found.bare and bool(chosen.operation or found.form.bodies)
        form = _written(found.form, bare=bare)
        add = stack.enter_context(recordings.appending(target, form))
        entry = form.entry or str
        for item in _bodies(contracts, chosen, found) if bare else found.exchanges():
            tally.counts["entries"] += 1
            if isinstance(item, Damaged):
                tally.lost[item.source, item.reason] += 1
                continue
            hidden = judge(item)
            if hidden is not None:
                tally.counts["written"] += 1
                add(_text(hidden) if bare else entry(hidden))
    return _report(tally)


def _written(form: Recording, *, bare: bool) -> Recording:
    """The format that is written for one that was read: its own, or lines where it is only read."""
    lines = recordings.declared()["ndjson"].value
    if bare:
        return replace(form if form.entry is not None else lines, entry=None)
    return form if form.entry is not None else lines


def _text(exchange: Exchange) -> str:
    body = b"" if exchange.response is None else exchange.response.body
    return body.decode("utf-8", "surrogateescape")


def _bodies(contracts: tuple[Contract, ...], chosen: RedactOptions, found: Opened) -> Iterator[Exchange | Damaged]:
    """Bare bodies as the answers of the operation that gave them."""
    operation = verdicts.named(contracts[0], chosen.operation) if chosen.operation and contracts else None
    request = (
        Request(method="GET", url="") if operation is None else Request(method=operation.method, url=operation.path)
    )
    for item in found.bodies():
        if isinstance(item, Damaged):
            yield item
        elif item[1].strip():
            headers = (("Content-Type", "application/json"),)
            answer = Response(status=chosen.status, headers=headers, body=item[1].strip())
            yield Exchange(request=request, response=answer, source=f"{found.piece.name}:{item[0]}")


def _kept(
    contracts: tuple[Contract, ...], chosen: RedactOptions, listed: frozenset[str], tally: _Tally, exchange: Exchange
) -> Exchange | None:
    """`exchange` masked so that every verdict on it is kept; None when no mask that is tried does it."""
    called = [_called(contract, chosen, exchange) for contract in contracts]
    operation = next((item for item in called if isinstance(item, Operation)), None)
    verdict = _verdict(contracts, chosen, exchange)
    for attempt in range(redacting.TRIES):
        masking = Masking(
            secret=redaction.key(attempt), everything=chosen.everything, listed=listed, places=tally.places
        )
        hidden = redacting.redacted(exchange, operation, masking)
        if _shape(hidden) == _shape(exchange) and _verdict(contracts, chosen, hidden) == verdict:
            tally.counts["masked"] += masking.count
            tally.counts["retried"] += attempt > 0
            return hidden
    tally.lost[exchange.source, f"no mask of {redacting.TRIES} keeps the verdict"] += 1
    return None


def _called(contract: Contract, chosen: RedactOptions, exchange: Exchange) -> Operation | str:
    if chosen.operation and not exchange.request.url.startswith(("http://", "https://")):
        return verdicts.named(contract, chosen.operation)
    return matched(contract, exchange.request, chosen.servers)


def _verdict(contracts: tuple[Contract, ...], chosen: RedactOptions, exchange: Exchange) -> list[object]:
    """What the contracts say of an exchange, in which nothing that is masked is told."""
    found: list[object] = []
    for contract in contracts:
        operation = _called(contract, chosen, exchange)
        if isinstance(operation, str):
            found.append(operation)
            continue
        judged = streams.judged(contract, operation, exchange)
        found += [operation.name, [(item.identity, item.promise) for item in judged.findings], judged.checked]
        found.append(judged.unchecked)
    return found


def _shape(exchange: Exchange) -> object:
    """What a profile sees of an exchange that no mask may change: types, nulls, lengths, where they stand."""
    bodies = [exchange.request.body] + ([] if exchange.response is None else [exchange.response.body])
    return [_outline(body) for body in bodies]


def _outline(body: bytes) -> object:
    seen: list[object] = []

    def note(path: Path, text: str) -> str:
        seen.append((len(path), len(text)))
        return text

    try:
        literals.rewritten(body.decode(), note, note, note)
    except UnicodeDecodeError:
        return len(body)
    return seen


def _report(tally: _Tally) -> Report:
    if not tally.counts["entries"]:
        raise AccordError("The recording holds nothing that could be redacted.")
    lost = [Unchecked(what=what, reason=reason, count=count) for (what, reason), count in sorted(tally.lost.items())]
    names = ("entries", "written", "masked", "retried")
    return Report(
        verb="redact",
        ledger=Ledger(checked={"redaction": tally.counts["written"]}, unchecked=tuple(lost)),
        counts={**{name: tally.counts[name] for name in names}, "dropped": sum(tally.lost.values())},
    )
