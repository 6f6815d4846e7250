"""accord explain: its options."""

import click

from accord.verbs.explain import explain


@click.command("explain", short_help="What a check, a rule or a fault is.")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print what the check, rule or fault NAME promises; without NAME, list all."""
    click.echo(explain(name), nl=False)


COMMAND = command
