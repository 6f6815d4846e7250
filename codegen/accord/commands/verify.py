"""accord verify: its options."""

import click

from accord.commands import contracts, reporting
from accord.config import Config
from accord.findings import Report, together
from accord.verbs.verify import VerifyOptions, verify


@click.command("verify", short_help="Hold recorded exchanges to the contract.")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@click.option("--contract", "document", metavar="DOC", help="The contract.  [default: those of [tool.accord]]")
@click.option("--server", "servers", multiple=True, metavar="URL", help="A further base URL of the API.")
@click.option("--operation", default="", help="The recordings are bare bodies that this operation answered.")
@click.option(
    "--status", type=click.IntRange(100, 599), default=200, show_default=True, help="The status of bare bodies."
)
@reporting
def command(
    known: Config,
    *,
    recordings: tuple[str, ...],
    document: str | None,
    servers: tuple[str, ...],
    operation: str,
    status: int,
) -> Report:
    """Hold every exchange of the recordings (HAR, VCR.py cassettes, NDJSON) to the contract, offline."""
    options = VerifyOptions(servers=servers, operation=operation, status=status)
    return together("verify", (verify(contract, recordings, options) for contract in contracts(known, document)))


COMMAND = command
