"""accord verify: its options."""

from pathlib import Path
from typing import Any

import click

from accord.commands import contracts, reporting
from accord.config import Config
from accord.engines import LEAST, Spread
from accord.errors import ConfigError
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
@click.option(
    "--profile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what was observed at each place of the bodies to this file, as JSON.",
)
@click.option(
    "--profile-from",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Count with it what this profile has, which an earlier run wrote.",
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="P",
    help="Fail when fewer than P percent of the documented response properties were seen.",
)
@click.option("--engine", default="local", show_default=True, metavar="NAME", help="How it is spread: local or dask.")
@click.option("--workers", type=click.IntRange(1), help="Worker processes.  [default: as many as pay]")
@click.option("--part", type=click.IntRange(1), metavar="BYTES", help="The least work for a process.  [default: 8 MiB]")
@click.option("--cluster", default="", metavar="URL", help="The scheduler of dask.  [default: an own cluster]")
@reporting
def command(known: Config, **options: Any) -> Report:
    """Hold every exchange of the recordings to the contract, offline.

    A recording is a file, a folder, a glob, the URL of an object store, or `-`: HAR, what Playwright packs (`har.zip`,
    `trace.zip`), cassettes of VCR.py, lines or an array of JSON, the NDJSON of Schemathesis, Parquet; each also
    compressed by gzip, bzip2 or Zstandard.
    """
    recordings, document = options.pop("recordings"), options.pop("document")
    workers, part = options.pop("workers") or 0, options.pop("part") or LEAST
    spread = Spread(workers=workers, cluster=options.pop("cluster"), least=part)
    how = VerifyOptions(**options, spread=spread)
    chosen = contracts(known, document)
    if (how.profile is not None or how.profile_from) and len(chosen) > 1:
        raise ConfigError("One profile cannot be of several contracts: name one with `--contract`.")
    if recordings.count("-") + ("-" in recordings and len(chosen) > 1) > 1:
        raise ConfigError("Standard input can be read once: name `-` once, and one contract with `--contract`.")
    return together("verify", (verify(contract, recordings, how) for contract in chosen))


COMMAND = command
