"""Commands: the options of one verb each. Every other file here declares one click command as `COMMAND`.

A command that reports is wrapped in `reporting`: it returns the Report, and what is shared is done here: `--format`,
`--output`, `--fail-on`, `--config`, and the findings accepted in `accord-baseline.toml`.
"""

import datetime as dt
import functools
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import accord
from accord import baseline, config, loading, reports
from accord.config import Config
from accord.contract import Contract
from accord.errors import ConfigError
from accord.files import sources
from accord.files.writing import write
from accord.findings import Report, Severity, exit_code, together
from accord.reports.text import plain as plain

FAILS = (*map(str, Severity), "breaking", "undecided", "unchecked", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a report is shown, and what fails the run."""

    format: str = "text"
    output: Path | None = None
    fail_on: tuple[str, ...] = ("error",)
    baseline: Path | None = None
    update: bool = False
    prune: bool = False
    reason: str = ""


def reporting(function: Callable[..., Report]) -> Callable[..., int]:
    """`function(configuration, …)` as the body of a command that shows the Report it returns."""

    @functools.wraps(function)
    def run(**options: Any) -> int:
        shown = Shown(**{name: options.pop(name) for name in Shown.__dataclass_fields__})
        known = config.from_file(options.pop("config"))
        if shown.output is not None:
            sources.apart(_named(options.values()), shown.output)
        if known.extensions:
            accord.extend(known.root / known.extensions)  # brings every check along: only when it is asked for
        return finish(function(known, **options), shown, known)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run


def _named(values: Iterable[Any]) -> list[str]:
    """What texts among the options and arguments of a command may be names of files that are read."""
    each = [item for value in values for item in (value if isinstance(value, tuple) else (value,))]
    return [item for item in each if isinstance(item, str) and item]


_OPTIONS = (
    click.option("--format", default="text", show_default=True, metavar="NAME", help="How the report is written."),
    click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file."),
    click.option(
        "--fail-on",
        multiple=True,
        default=("error",),
        show_default=True,
        type=click.Choice(FAILS),
        help="What else makes the run fail (exit 1); `never` for nothing at all.",
    ),
    click.option(
        "--config", metavar="FILE", help="The file with [tool.accord].  [default: the nearest pyproject.toml]"
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        help=f"The file of accepted findings.  [default: {baseline.NAME} beside the configuration]",
    ),
    click.option("--update-baseline", "update", is_flag=True, help="Accept what was found, with --reason."),
    click.option("--reason", default="", help="Why --update-baseline accepts it."),
    click.option("--prune", is_flag=True, help="Drop accepted findings that were not found any more."),
)


def finish(report: Report, shown: Shown, known: Config) -> int:
    """Show `report` as asked, and say the exit code."""
    report = _accepted(report, shown, known)
    colour = shown.output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = reports.render(shown.format, report, fail_on=shown.fail_on, colour=colour)
    for note in report.notes:
        tell(note)
    if shown.output is None:
        sys.stdout.write(text)
    else:
        write(shown.output, text)
        tell(f"the report is in {shown.output}")
    return exit_code(report, shown.fail_on)


def _accepted(report: Report, shown: Shown, known: Config) -> Report:
    path = shown.baseline or known.root / baseline.NAME
    accepted = baseline.read(path)
    if shown.update and not shown.reason.strip():
        raise ConfigError("`--update-baseline` needs a reason: say why these findings are accepted with --reason.")
    kept = baseline.updated(report, accepted, reason=shown.reason) if shown.update else accepted
    kept = baseline.pruned(report, kept) if shown.prune else kept
    if kept != accepted:
        write(path, baseline.written(kept))
        tell(f"{path} now accepts {len(kept)} finding{'' if len(kept) == 1 else 's'}")
    today = dt.datetime.now(tz=dt.UTC).date()
    if report.parts:
        return together(report.verb, (baseline.apply(part, kept, today=today) for part in report.parts))
    return baseline.apply(report, kept, today=today)


def contracts(known: Config, named: str | None) -> tuple[Contract, ...]:
    """The contracts to work on: the document `named`, or the configured ones."""
    return tuple(map(loading.load, config.documents(known, named)))


def pairs(texts: Iterable[str], separator: str, option: str) -> tuple[tuple[str, str], ...]:
    """`NAME=value` or `Name: value` texts of an option, split; ConfigError names the one that has no separator."""
    found = []
    for text in texts:
        name, met, value = text.partition(separator)
        if not met or not name.strip():
            raise ConfigError(f"`{option} {text.partition('=')[0]}` has no `{separator}` after a name; write it so.")
        found.append((name.strip(), value.strip() if separator == ":" else value))
    return tuple(found)


def tell(sentence: str) -> None:
    """One remark on the run, to stderr."""
    click.echo(f"accord: {plain(sentence)}", err=True)
