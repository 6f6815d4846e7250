"""How far a search is, on stderr: a bar on a terminal, a plain line a phase otherwise."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from accord.fuzzing.asking import Progress
from accord.reports.text import plain


@contextmanager
def shown() -> Iterator[Callable[[Progress], None]]:
    """A function that shows each Progress it is told of until the block ends."""
    if not sys.stderr.isatty():
        yield functools.partial(_line, set())
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting", total=None)

        def show(progress: Progress) -> None:
            found = f", {progress.findings} findings" if progress.findings else ""
            words = escape(plain(f"{progress.operation}: {progress.phase}{found}"))
            bars.update(task, description=words, completed=progress.done, total=progress.total)

        yield show


def _line(told: set[tuple[str, str]], progress: Progress) -> None:
    """Print that a phase of an operation is through, once: what is asked again after it says nothing new."""
    phase = progress.operation, progress.phase
    if progress.done == progress.total and phase not in told:
        told.add(phase)
        words = f"{progress.operation}: {progress.done} {progress.phase} cases, {progress.findings} findings so far"
        print(f"accord: {plain(words)}", file=sys.stderr)  # noqa: T201  this is the terminal's module
