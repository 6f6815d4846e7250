"""One phase of one operation as it goes on: cases are put, and what their answers tell is kept."""

import functools
from dataclasses import dataclass, field

from accord.checks import Judgement
from accord.contract import Operation
from accord.exchange import Case, Exchange
from accord.fuzzing import practice, renewing
from accord.fuzzing.asking import Crew, Progress, Search
from accord.fuzzing.taking import keep, learned, watch


@dataclass(slots=True)
class Turn:
    """One phase of one operation as it goes on."""

    state: Search
    operation: Operation
    phase: str
    total: int
    done: int = 0
    crew: Crew = field(init=False)
    waiting: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Get the workers ready."""
        self.crew = Crew(self.state, self.operation, self.take)

    def put(self, case: Case) -> bool:
        """Send one case; never a reason for Hypothesis to shrink."""
        self.done += 1
        self.state.exercised.add(self.operation.name)
        practised = self.operation.name in self.state.things.practised
        if practised and not practice.is_own(self.state.contract, self.operation, case):
            return False
        self._send(case)
        return False

    def postpone(self, case: Case) -> None:
        """Leave a case for the end of the plan."""
        self.done += 1
        self.state.postponed.setdefault(self.operation.name, []).append(case)

    def resume(self) -> None:
        """Send what was left for the end."""
        for case in self.state.postponed.pop(self.operation.name, ()):
            self.done -= 1
            self.put(case)

    def repeat(self) -> None:
        """Send once more what was refused because others had used up the thing that it names."""
        waiting, self.waiting = self.waiting, []
        for case in waiting:
            self._send(case)

    def _send(self, case: Case) -> None:
        self.crew.put(renewing.renewed(self.state, self.operation, case, functools.partial(learned, self.state)))

    def take(self, exchange: Exchange, judgement: Judgement) -> None:
        """Keep what one answer tells."""
        state = self.state
        state.cases[self.phase] += 1
        keep(state, exchange, judgement)
        self.waiting += renewing.heed(state.things, self.operation, exchange)
        self.tell()
        watch(state, self.operation, exchange)

    def tell(self) -> None:
        """Say how far this is."""
        self.state.progress(
            Progress(
                operation=self.operation.name,
                phase=self.phase,
                done=min(self.done, self.total),
                total=self.total,
                requests=self.state.transport.sent,
                findings=len(self.state.sightings.seen),
            )
        )
