"""What sequences are made of: requests, each made from the answers before it, and the things that these are about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from accord.contract import Operation
from accord.exchange import Case, Exchange
from accord.fuzzing.conditions import conditioned
from accord.fuzzing.connecting import Places, located, placed, places
from accord.fuzzing.picking import Pick, by_weight

Cases: TypeAlias = Callable[[Operation], tuple[Case, ...]]
"""The valid cases of an operation."""

SOON, LATE = 2.0, 7.0
"""The rounds of the plans that sequences come after which are not due at once."""


def unsure(case: Case, description: str) -> Case:
    """`case`, of which the contract does not say whether the thing that its path names allows it."""
    return replace(case, valid=False, fault="unknown", part="path", description=description, doubtful=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a sequence: `case` makes it from the exchanges before; None where they do not allow it.

    One that `may_lack` is only sent where they ask for it.
    """

    operation: Operation
    case: Callable[[tuple[Exchange, ...]], Case | None]
    may_lack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Requests that are sent one after the other, each judged with those before it.

    `due` is the round of the plans that it comes after, as soon as its cost and what it tells allow.
    """

    name: str
    steps: tuple[Step, ...]
    due: float = LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What `read` reads, where it is known to be or what makes it: request number `at` of the sequence.

    `lists` are the operations that list such things.
    """

    read: Operation
    maker: Operation | None
    fixed: Places
    cases: Cases
    at: int = 0
    lists: tuple[Operation, ...] = ()

    def step(self, operation: Operation, pick: Pick) -> Step:
        """The case of `operation` that `pick` takes from its valid ones, by weight, sent to the thing of this life.

        What was written before is not written again, as long as there is something else.
        """

        def made(earlier: tuple[Exchange, ...]) -> Case | None:
            found = by_weight(self.cases(operation))
            here = self.fixed
            if self.maker is not None and earlier:
                there = places(self.read, self.maker, earlier[self.at :], self.fixed)
                if there is None:
                    return None
                here = there
            said = {exchange.request.body for exchange in earlier} - {b""}
            new = [case for case in found if case.request.body not in said] or found
            chosen = [pick(found), pick(new)] if found else []
            case = placed(operation, chosen[chosen[0].request.body in said], here) if chosen else None
            return case if case is None else conditioned(operation, case, earlier)

        return Step(operation=operation, case=made)

    def looked(self) -> Step:
        """It is read."""
        return self.step(self.read, lambda found: found[0])

    def led(self) -> Step:
        """It is read where the answer that told of it says that it is; where that says nothing, like any other."""
        there = self.looked()

        def made(earlier: tuple[Exchange, ...]) -> Case | None:
            found = by_weight(self.cases(self.read))
            named = located(self.read, earlier[0]) if earlier and found else {}
            return (placed(self.read, found[0], named) if named else None) or there.case(earlier)

        return Step(operation=self.read, case=made)
