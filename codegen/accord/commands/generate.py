"""accord generate: its options."""

from pathlib import Path

import click

from accord import config
from accord.commands import reporting
from accord.config import Config
from accord.findings import Report, together
from accord.verbs.generate import generate


@click.command("generate", short_help="Write models, client and strategies of a contract.")
@click.argument("document", required=False, metavar="[DOC]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of generated packages.  [default: `generated` of [tool.accord]]",
)
@click.option("--check", is_flag=True, help="Write nothing; say what is stale, and fail if anything is.")
@reporting
def command(known: Config, *, document: str | None, out: Path | None, check: bool) -> Report:
    """Write the package of DOC: models.py, client.py, strategies.py, schemas.json and accord.lock."""
    folder = out or config.shown(known.root / known.generated)
    sources = config.documents(known, document)
    return together("generate", (generate(source, folder, check=check) for source in sources))


COMMAND = command
