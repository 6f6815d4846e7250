"""Outcomes: what the checks find in bodies that depart alike from their schema: found in one, counted in the others."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from accord.verifying import tallies
from accord.verifying.tallies import Verdicts

_MOST = 1024


@dataclass(slots=True)
class Outcome:
    """What the checks find in bodies of one kind (how often each cause), and how many more of them there were."""

    causes: dict[tuple[str, ...], int]
    checked: Counter[tuple[str, str]]
    unchecked: Counter[tuple[str, str]]
    conform: int
    times: int = 0


Outcomes: TypeAlias = dict[Hashable, Outcome]


def is_told(known: Outcomes, kind: Hashable, found: Verdicts, size: int, hold: Callable[[Verdicts], None]) -> bool:
    """Count a body of `size` in which is found what was found in a shorter one; False for one that checks are to see.

    `hold` holds them against it, into verdicts of its own.
    """
    outcome = known.get(kind)
    if outcome is None:
        if len(known) < _MOST:
            hold(tried := Verdicts())
            causes = {identity: seen.count for identity, seen in tried.seen.items()}
            known[kind] = Outcome(causes, tried.checked, tried.unchecked, tried.counts["conform"])
        return False
    if any(size < tallies.size(found.seen[identity].exchange) for identity in outcome.causes):
        return False
    outcome.times += 1
    return True


def settle(known: Outcomes, found: Verdicts) -> None:
    """Tally the bodies in which was found what was found before."""
    for outcome in known.values():
        times = outcome.times
        for identity, count in outcome.causes.items():
            found.seen[identity].count += times * count
        found.checked.update({name: times * count for name, count in outcome.checked.items()})
        found.unchecked.update({what: times * count for what, count in outcome.unchecked.items()})
        found.counts["conform"] += times * outcome.conform
        outcome.times = 0
