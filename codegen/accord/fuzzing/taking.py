"""What an answer tells a search: findings are kept, and where nothing more can be learned it ends."""

from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Exchange
from accord.findings import Severity, Unchecked
from accord.fuzzing.asking import Keys, Search, Stop
from accord.fuzzing.shrinking import SLOW
from accord.weighing import causes, sightings
from accord.weighing.sightings import Seen

GIVE_UP = 5
"""So many conforming requests refused for their key in a row, none taken, say that all will be."""

GONE = 3
"""So many refused connections in a row say that the server is gone."""

SILENCE = 5
"""So many requests in a row without an answer end an operation's search, where each costs a timeout."""

LATE = 10
"""So many requests without an answer in time end an operation's phase, also between others."""

QUICK_SILENCE = 30
"""So many in a row end it where the connection is closed at once."""

AUTHENTICATION = frozenset({401, 403})


def keep(state: Search, exchange: Exchange, judgement: Judgement, earlier: tuple[Exchange, ...] = ()) -> None:
    """Keep what `judgement` found. Raises Stop where that is as much as is wanted."""
    for finding in judgement.findings:
        sightings.keep(state.sightings, exchange, finding, earlier)
    if judgement.findings:
        enough(state)


def learned(state: Search, operation: Operation, exchange: Exchange, judgement: Judgement) -> None:
    """Keep what an answer tells that was asked for the sake of others."""
    state.cases["setup"] += 1
    state.exercised.add(operation.name)
    keep(state, exchange, judgement)
    watch(state, operation, exchange)


def enough(state: Search) -> None:
    """Raise Stop where as many errors were found as are wanted."""
    limit = state.limits.stop_after
    if limit and sum(_weighs(state, item) for item in state.sightings.seen) >= limit:
        raise Stop(f"was not sent: {limit} findings are enough, says --stop-after", everything=True, shrinks=True)


def _weighs(state: Search, seen: Seen) -> bool:
    """Whether `seen` will be told as an error, however the rest of the search ends."""
    if seen.finding.severity is not Severity.ERROR:
        return False
    return seen.stated or not causes.is_undocumented_refusal(seen.finding, state.contract.operations)


def watch(state: Search, operation: Operation, exchange: Exchange) -> None:
    """End a search that can learn nothing: nobody answers, or no key is taken."""
    keys = state.keys.setdefault(operation.name, Keys())
    if exchange.response is None:
        _silence(exchange.failure, keys)
        return
    keys.silent, keys.answered = 0, True
    if exchange.case is None or not exchange.case.valid:
        return
    if exchange.response.status in AUTHENTICATION:
        keys.refused += 1
        if keys.refused >= GIVE_UP and not keys.taken:
            raise Stop(f"every conforming request was refused with status {exchange.response.status}", shrinks=True)
    else:
        keys.taken += 1


def _silence(failure: str, keys: Keys) -> None:
    keys.silent += 1
    slow = failure.startswith(SLOW)
    keys.late += slow
    if failure.startswith(("refused", "could not be reached", "has a name")) and keys.silent >= GONE:
        raise Stop(f"the server {failure}", everything=True, unreachable=True)
    limit = SILENCE if slow or not keys.answered else QUICK_SILENCE
    if keys.silent >= limit:
        raise Stop(f"{limit} requests in a row got no answer; the rest was not sent", shrinks=True)
    if keys.late >= LATE:
        raise Stop(f"{LATE} requests got no answer in time; the rest was not sent", shrinks=True)


def stopped(state: Search, what: str, stop: Stop) -> None:
    """Say what was not checked, and whether it is because nobody is there."""
    state.unchecked.append(Unchecked(what=what, reason=stop.reason))
    state.cut.update(state.exercised if stop.everything else (what,))
    state.unreachable = stop.reason if stop.unreachable else state.unreachable
