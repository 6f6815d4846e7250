"""accord redact: its options."""

from pathlib import Path
from typing import Any

import click

from accord.commands import contracts, reporting
from accord.config import Config
from accord.findings import Report
from accord.verbs.redact import RedactOptions, redact


@click.command("redact", short_help="Mask what is sensitive in a recording, and keep every verdict.")
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--contract", "document", metavar="DOC", help="The contract.  [default: those of [tool.accord]]")
@click.option("--server", "servers", multiple=True, metavar="URL", help="A further base URL of the API.")
@click.option("--operation", default="", help="The recording is bare bodies that this operation answered.")
@click.option(
    "--status", type=click.IntRange(100, 599), default=200, show_default=True, help="The status of bare bodies."
)
@click.option("--everything", is_flag=True, help="Mask every text and number of a body, not only what is sensitive.")
@reporting
def command(known: Config, **options: Any) -> Report:
    """Write the recording IN to OUT, in the format of OUT's ending, with secrets and what is about persons masked.

    What is sensitive is told by names of headers, parameters and properties, by formats, by its look, and by
    `x-sensitive` in the contract. A mask has the type, the length and the form of what it hides, and is the same for
    the same key, which is read from the environment variable ACCORD_REDACTION_KEY.

    What the contract says of each exchange stays what it was, also where that depends on those before it in the same
    sequence; an exchange of which no mask keeps it is left out, and counted.
    """
    source, target, document = (options.pop(name) for name in ("source", "target", "document"))
    held = contracts(known, document) if document or known.contracts else ()
    return redact(held, source, target, RedactOptions(**options))


COMMAND = command
