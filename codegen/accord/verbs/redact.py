"""`accord redact`: a recording that can be shown to anybody, and of which every verdict is what it was."""

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath

from accord import recordings
from accord.contract import Contract, Operation
from accord.errors import AccordError
from accord.exchange import Exchange, Request, Response
from accord.files import sources
from accord.findings import Ledger, Report, Unchecked
from accord.messages.matching import matched
from accord.privacy import redacting, redaction
from accord.privacy.erasing import Masks
from accord.privacy.literals import Path
from accord.privacy.redacting import Masking
from accord.privacy.sensitive import Place
from accord.profiling import unseen
from accord.recordings import Damaged, Opened, Piece, Recording
from accord.verifying import preserving, verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactOptions:
    """How to redact: `everything`, or what is sensitive; recordings of bare bodies are what `operation` answered."""

    everything: bool = False
    operation: str = ""
    status: int = 200
    servers: tuple[str, ...] = ()


_KNOWN = f"the masks are made with a key that everybody knows: keep one in {redaction.VARIABLE}"


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[int, Path], Place] = field(default_factory=dict)


def redact(
    contracts: tuple[Contract, ...], source: str, target: FilePath, options: RedactOptions | None = None
) -> Report:
    """Write the recording `source` to `target`, in the format that its ending names, with what is sensitive masked.

    The masks depend on the key in `ACCORD_REDACTION_KEY` and on nothing else. An exchange of which no mask keeps what
    the contracts say of it is left out, with those of its sequence, and so is what cannot be read; all are counted.
    Raises AccordError when `source` is no recording, holds nothing, or is `target`, or `target` cannot be written:
    then `target` is as it was.
    """
    chosen, tally = options or RedactOptions(), _Tally()
    sources.apart((source,), target)
    if chosen.operation and contracts:
        verdicts.named(contracts[0], chosen.operation)
    mask = _masking(contracts, chosen, tally)
    with ExitStack() as stack:
        found = stack.enter_context(recordings.opened(Piece(source)))
        bare = found.bare and bool(chosen.operation or found.form.bodies)
        form = _written(found.form, target, bare=bare)
        add = stack.enter_context(recordings.appending(target, form, whole=True))
        entry = form.entry or str
        items = _bodies(contracts, chosen, found) if bare else recordings.whole(found)
        for item in preserving.in_order(_counted(tally, items), mask):
            if isinstance(item, Damaged):
                tally.lost[item.source, item.reason] += 1
                continue
            tally.counts["written"] += 1
            add(_text(item) if bare else entry(item))
        if not tally.counts["entries"]:
            raise AccordError(f"`{source}` holds nothing that could be redacted; {target} is as it was.")
    return _report(tally)


def _counted(tally: _Tally, items: Iterable[Exchange | Damaged]) -> Iterator[Exchange | Damaged]:
    for item in items:
        tally.counts["entries"] += 1
        yield item


def _masking(
    contracts: tuple[Contract, ...], chosen: RedactOptions, tally: _Tally
) -> Callable[[tuple[Exchange, ...]], tuple[Exchange, ...]]:
    """What masks exchanges that belong together so that every verdict on them is kept; nothing where no mask does."""
    listed = frozenset(text for contract in contracts for text in unseen.members(contract))
    documented = frozenset(name for contract in contracts for name in unseen.names(contract))

    def attempt(number: int) -> Masking:
        secret, masks = redaction.key(number), Masks(documented=documented)
        return Masking(secret, everything=chosen.everything, listed=listed, masks=masks, places=tally.places)

    def mask(exchanges: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
        found = preserving.masked(contracts, functools.partial(_called, chosen), exchanges, attempt)
        if found is None:
            reason = f"no mask of {redacting.TRIES} keeps the verdict"
            tally.lost.update((exchange.source, reason) for exchange in exchanges)
            return ()
        tally.counts["masked"] += found.count
        tally.counts["retried"] += (found.tries > 1) * len(exchanges)
        return found.exchanges

    return mask


def _called(chosen: RedactOptions, contract: Contract, exchange: Exchange) -> Operation | str:
    if chosen.operation and not exchange.request.url.startswith(("http://", "https://")):
        return verdicts.named(contract, chosen.operation)
    return verdicts.meant(contract, exchange) or matched(contract, exchange.request, chosen.servers)


def _written(form: Recording, target: FilePath, *, bare: bool) -> Recording:
    """The format that is written for one that was read: its own, unless the ending of `target` names another.

    Lines where neither can be written.
    """
    lines = recordings.declared()["ndjson"].value
    if bare:
        return replace(form if form.entry is not None else lines, entry=None)
    named = recordings.ending_in(str(target))
    is_json = form.opening.startswith("{") and any(".json" in item.suffixes for item in named)  # HAR may be called so
    if form.entry is not None and (form in named or is_json):
        return form
    if named and all(item.entry is None for item in named):
        raise AccordError(f"{target}: what it names is only read: name a file that ends in .har, .ndjson or .yaml.")
    known = [item for item in (*named, form, lines) if item.entry is not None]
    return known[0]


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


def _report(tally: _Tally) -> Report:
    lost = [Unchecked(what=what, reason=reason, count=count) for (what, reason), count in sorted(tally.lost.items())]
    names = ("entries", "written", "masked", "retried")
    return Report(
        verb="redact",
        notes=() if os.environ.get(redaction.VARIABLE) else (_KNOWN,),
        ledger=Ledger(checked={"redaction": tally.counts["written"]}, unchecked=tuple(lost)),
        counts={**{name: tally.counts[name] for name in names}, "dropped": sum(tally.lost.values())},
    )
