"""accord fuzz: its options."""

from pathlib import Path
from typing import Any

import click

from accord import progress
from accord.commands import contracts, pairs, reporting
from accord.config import Config
from accord.findings import Report, together
from accord.verbs.fuzz import from_config, fuzz


@click.command("fuzz", short_help="Fuzz a service and hold every answer to the contract.")
@click.argument("document", required=False, metavar="[DOC]")
@click.option("--url", help="The service to fuzz.  [default: `url` of [tool.accord], else the embedded service]")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Sent with every request; $NAME is read from the environment.",
)
@click.option("--token-command", default="", metavar="COMMAND", help="A command that prints a token.")
@click.option("--operation", "operations", multiple=True, help="Only this one: `POST /path`, operationId or path.")
@click.option(
    "--allow", multiple=True, metavar="OPERATION", help="May change something on a host that is not this machine."
)
@click.option(
    "--set", "values", multiple=True, metavar="NAME=VALUE", help="A real id for parameters and properties of that name."
)
@click.option("--seed", type=int, help="Same seed, same requests.  [default: 0]")
@click.option("--examples", type=click.IntRange(1), help="Cases per operation.  [default: 100]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds for one exchange.  [default: 10]")
@click.option("--rate", type=click.FloatRange(0), help="Requests a second; 0 is no limit.")
@click.option("--max-requests", type=click.IntRange(1), help="Requests in all.")
@click.option(
    "--record", type=click.Path(path_type=Path, dir_okay=False), help="Write every exchange into this recording."
)
@click.option("--strict", is_flag=True, help="An undocumented status is an error, also one that any API may give.")
@click.option(
    "--repro",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a file for pytest for each finding, which fails as long as it holds.",
)
@reporting
def command(known: Config, **options: Any) -> Report:
    """Send valid and invalid requests of every operation of DOC, and hold each answer to it.

    DOC is a path, a URL or REV:path; without it, the contracts of [tool.accord] are used.
    """
    named = options.pop("document")
    options["headers"] = pairs(options["headers"] or known.headers, ":", "--header")
    options["values"] = dict(pairs(options["values"], "=", "--set"))
    chosen = from_config(known, options)
    with progress.shown() as show:
        return together("fuzz", (fuzz(contract, chosen, progress=show) for contract in contracts(known, named)))


COMMAND = command
