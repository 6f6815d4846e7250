"""accord diff: its options."""

import click

from accord import fetching
from accord.commands import reporting
from accord.config import Config
from accord.findings import Report
from accord.verbs.diff import DiffOptions, diff


@click.command("diff", short_help="What changed between two revisions, and who breaks, with proof.")
@click.argument("baseline_document", metavar="BASELINE")
@click.argument("current_document", metavar="CURRENT")
@click.option("--operation", "operations", multiple=True, help="Only this one: `POST /path`, operationId or path.")
@click.option("--open-world", is_flag=True, help="Senders may also send properties that nobody declared.")
@reporting
def command(
    _known: Config, *, baseline_document: str, current_document: str, operations: tuple[str, ...], open_world: bool
) -> Report:
    """Say what changed from BASELINE to CURRENT (a path, a URL or REV:path each), and prove each break by a witness."""
    options = DiffOptions(operations=operations, open_world=open_world)
    return diff(fetching.fetch(baseline_document), fetching.fetch(current_document), options)


COMMAND = command
