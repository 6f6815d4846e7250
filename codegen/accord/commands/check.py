"""accord check: its options."""

import click

from accord import gate, progress
from accord.commands import reporting
from accord.config import Config
from accord.findings import Report


@click.command("check", short_help="Every configured gate: the one line in CI.")
@reporting
def command(known: Config) -> Report:
    """Run every gate of [tool.accord], and show a line or two for each."""
    with progress.shown() as show:
        return gate.check(known, progress=show)


COMMAND = command
