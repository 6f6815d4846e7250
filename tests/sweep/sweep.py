"""Every planted fault against `fuzz`: found or missed, by class, and after how many requests.

`python sweep.py embedded handmade --document lax --fault NAME --workers 2 --json FILE`. Run where accord is importable.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import peer
from subjects import FAMILIES, SUBJECTS, laxer, strict, subject

from accord import checks
from accord.verbs.fuzz import FuzzOptions, fuzz

OTHER = "state"


@dataclass(frozen=True, slots=True)
class Task:
    """One run of `fuzz`: a service, its fault (`""` is the honest one), how strict the document is, a seed.

    `peer` is the command of Schemathesis, which then runs too.
    """

    service: str
    fault: str
    document: str
    seed: int
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to. `codes` are of errors and warnings; `first` counts the requests until one was there (0: never).

    `peer_first` and `peer_requests` are the same of the peer, None where it did not run.
    """

    task: Task
    meant: str
    codes: tuple[str, ...]
    pointers: tuple[str, ...]
    first: int
    requests: int
    seconds: float
    problem: str = ""
    peer_first: int | None = None
    peer_requests: int = 0

    @property
    def found(self) -> bool:
        return self.meant in self.codes

    @property
    def family(self) -> str:
        return FAMILIES.get(self.meant, OTHER)


class Watch:
    """Counts the requests until a finding with the code `meant` comes up, and interrupts the run at the next one.

    A refusal under a lax document is weighed at the end of a run, which is then left alone.
    """

    def __init__(self, meant: str, document: str = "strict") -> None:
        self.meant = meant
        self.interrupts = (meant, document) != ("valid-refused", "lax")
        self.asked = 0
        self.first = 0

    @contextmanager
    def judging(self) -> Iterator[None]:
        """Look at every judgement while a run lasts."""
        judge = checks.run

        def watched(*arguments: Any, **options: Any) -> checks.Judgement:
            if self.first and self.interrupts:
                raise KeyboardInterrupt
            self.asked += 1
            judgement = judge(*arguments, **options)
            if not self.first and any(
                item.code == self.meant and item.severity != "note" for item in judgement.findings
            ):
                self.first = self.asked
            return judgement

        checks.run = watched
        try:
            yield
        finally:
            checks.run = judge


def run(task: Task) -> Outcome:
    """Run `fuzz` once; whatever it raises is told, not raised, so that one run never ends a sweep."""
    about = subject(task.service)
    contract = (laxer if task.document == "lax" else strict)(about.document)
    os.environ.update(about.keys)
    watch = Watch(about.faults.get(task.fault, ""), task.document)
    begun = time.monotonic()
    problem, report = "", None
    try:
        with about.start(task.fault) as url, watch.judging():
            report = fuzz(contract, FuzzOptions(url=url, seed=task.seed))
    except Exception as error:  # noqa: BLE001  told in the table
        problem = f"{type(error).__name__}: {error}"
    shown = [item for item in report.findings if item.severity != "note"] if report else []
    if report and report.unreachable:
        problem = f"unreachable: {report.unreachable}"
    requests = int(report.counts.get("requests", 0)) if report else 0
    beside: tuple[int | None, int] = (None, 0)
    if task.peer and task.fault:
        beside = peer.found(task.peer, task.service, task.fault, task.document, task.seed)
    return Outcome(
        task=task,
        meant=watch.meant,
        codes=tuple(item.code for item in shown),
        pointers=tuple(f"{item.operation} {item.pointer} {item.message}" for item in shown),
        first=watch.first,
        requests=requests,
        seconds=time.monotonic() - begun,
        problem=problem,
        peer_first=beside[0],
        peer_requests=beside[1],
    )


def sweep(tasks: Iterable[Task], workers: int) -> Iterator[Outcome]:
    """The outcome of every task, in their order."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(run, tasks)


def table(outcomes: Iterable[Outcome]) -> str:
    """Found and missed by service, document and class, with the median of the requests until one was found."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for item in outcomes:
        if item.task.fault:
            groups.setdefault((item.task.service, item.task.document), []).append(item)
    lines = [
        f"{'service':13} {'document':9} {'class':16} {'found':>9} {'share':>6} {'requests':>9} {'peer':>9} {'requests':>9}  missed"
    ]
    for (name, document), items in groups.items():
        by_family = {family: [item for item in items if item.family == family] for family in FAMILIES.values()}
        lines += [_row(name, document, family, some) for family, some in by_family.items() if some]
        lines.append(_row(name, document, "ALL", items, names=False))
    return "\n".join(lines)


def _row(name: str, document: str, family: str, items: list[Outcome], *, names: bool = True) -> str:
    found = [item for item in items if item.found]
    missed = ", ".join(
        item.task.fault + (f" (as {'+'.join(sorted(set(item.codes)))})" if item.codes else "")
        for item in items
        if not item.found
    )
    median = f"{statistics.median(item.first for item in found):.0f}" if found else "-"
    share = f"{100 * len(found) / len(items):.0f} %"
    tail = f"  {missed}" if names and missed else ""
    beside = [item.peer_first for item in items if item.peer_first is not None]
    theirs = f"{100 * sum(map(bool, beside)) / len(beside):.0f} %" if beside else "-"
    until = f"{statistics.median(filter(None, beside)):.0f}" if any(beside) else "-"
    head = f"{name:13} {document:9} {family:16} {len(found):4}/{len(items):<4} {share:>6} {median:>9}"
    return f"{head} {theirs:>9} {until:>9}{tail}"


def planned(
    services: Iterable[str], documents: Iterable[str], faults: list[str], seeds: int, beside: str = ""
) -> list[Task]:
    """The tasks of a sweep: every fault once, and the honest service once a seed; `beside` is the peer's command."""
    found = []
    for name in services:
        for document in documents:
            found += [Task(name, "", document, seed) for seed in range(seeds)]
            chosen = [fault for fault in subject(name).faults if not faults or fault in faults]
            found += [Task(name, fault, document, 0, beside) for fault in chosen]
    return found


def say(text: str) -> None:
    """Print `text` at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", default=list(SUBJECTS))
    parser.add_argument("--document", choices=("strict", "lax"), action="append")
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peer", default=shutil.which("schemathesis") or "", help="the command of Schemathesis")
    parser.add_argument("--every", type=int, default=1, help="only every Nth fault")
    chosen = parser.parse_args(arguments)
    begun = time.monotonic()
    tasks = planned(chosen.services, chosen.document or ("strict", "lax"), chosen.fault, chosen.seeds, chosen.peer)
    tasks = [task for at, task in enumerate(tasks) if not task.fault or at % chosen.every == 0]
    outcomes = []
    for item in sweep(tasks, chosen.workers):
        outcomes.append(item)
        if chosen.json:
            chosen.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    say(table(outcomes))
    for item in outcomes:
        if item.problem or (not item.task.fault and item.codes):
            say("\n    ".join([str(item.task), item.problem, *item.pointers]))
    say(f"{len(outcomes)} runs in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
