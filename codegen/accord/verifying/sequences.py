"""Sequences as they were recorded: each exchange judged with those before it, what is doubted with those after it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from accord.checks import Judgement
from accord.contract import Contract, Operation
from accord.exchange import Exchange
from accord.findings import Finding, Unchecked
from accord.verifying import streams
from accord.verifying.holding import hold
from accord.verifying.tallies import Verdicts
from accord.weighing import lateness

_UNSURE = "a search that tried fewer requests saw it and did not look again: not judged"


@dataclass(slots=True)
class _Walk:
    """The exchanges of one sequence in one file, how many are judged, how many of the next are only looks."""

    items: list[Exchange] = field(default_factory=list)
    done: int = 0
    looks: int = 0


def judge(
    found: Verdicts, contract: Contract, items: Sequence[Exchange], called: Callable[[Exchange], Operation | str]
) -> None:
    """Judge exchanges of sequences, in the order of their recordings, as the search judged them that sent them."""
    walks: dict[tuple[str, str], _Walk] = {}
    for item in items:
        walks.setdefault(_name(item), _Walk()).items.append(item)
    for item in items:
        walk, operation = walks[_name(item)], called(item)
        earlier = tuple(walk.items[: walk.done])
        walk.done += 1
        if isinstance(operation, str):
            continue
        seen = streams.judged(contract, operation, item, earlier)
        if walk.looks:
            walk.looks -= 1
            seen = replace(seen, findings=())
        elif lateness.is_smaller(item):
            seen = _alike(found, seen)
        elif lateness.is_doubted(item, seen):
            again = lateness.looks(item, walk.items[walk.done :])
            walk.looks = len(again)
            seen = _weighed(contract, operation, (*earlier, item, *again), seen) if again else seen
        hold(found, contract, operation, item, judgement=seen, alone=not earlier)


def _name(item: Exchange) -> tuple[str, str]:
    return item.source.rpartition(":")[0], "" if item.case is None else item.case.sequence


def _weighed(contract: Contract, operation: Operation, items: tuple[Exchange, ...], seen: Judgement) -> Judgement:
    last = streams.judged(contract, operation, items[-1], items[:-1])
    kept, gone = lateness.weighed(items[-1], seen, last)
    return replace(kept, unchecked=(*kept.unchecked, *gone))


def _alike(found: Verdicts, seen: Judgement) -> Judgement:
    """What a sequence shows that was made smaller: what was found before as it was weighed then, no new doubt."""
    sure = [_known(found, item) for item in seen.findings]
    unsure = Counter(item.code for item, kept in zip(seen.findings, sure, strict=True) if kept is None)
    return replace(
        seen,
        findings=tuple(item for item in sure if item is not None),
        unchecked=(*seen.unchecked, *(Unchecked(what=code, reason=_UNSURE) for code in unsure)),
    )


def _known(found: Verdicts, item: Finding) -> Finding | None:
    known = found.seen.get(item.identity)
    if known is not None:
        return replace(item, severity=known.finding.severity, promise=known.finding.promise)
    return None if item.code in lateness.LATE | lateness.PASSING else item
