"""accord serve: its options."""

import functools
from pathlib import Path

import click

from accord import commands, config, service
from accord.contract import Contract
from accord.errors import ConfigError
from accord.verbs.serve import serve


@click.command("serve", short_help="Serve a contract, faithfully or with one planted fault.")
@click.argument("document", required=False, metavar="[DOC]")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 picks a free one.", show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--fault", metavar="NAME", help="Plant this fault; `accord explain` lists them.")
@click.option("--database", type=click.Path(path_type=Path, dir_okay=False), help="Keep the state in this SQLite file.")
@click.option("--config", "file", metavar="FILE", help="The file with [tool.accord].")
def command(
    document: str | None, *, port: int, host: str, fault: str | None, database: Path | None, file: str | None
) -> None:
    """Serve DOC until interrupted: what it refuses is refused, what it promises is answered."""
    found = commands.contracts(config.from_file(file), document)
    if len(found) > 1:
        names = ", ".join(contract.document.uri for contract in found)
        raise ConfigError(f"One service serves one contract, and several are configured: name one of {names}.")
    serve(
        found[0],
        announce=functools.partial(_announce, found[0]),
        warn=commands.tell,
        fault=fault,
        database=database,
        host=host,
        port=port,
    )


def _announce(contract: Contract, url: str) -> None:
    click.echo(f"{commands.plain(contract.title or contract.document.uri)} at {url}, until interrupted")
    for name, key in service.known_keys(contract).items():
        commands.tell(f"it takes the key `{key}`: export {name}={key} where you call it")


COMMAND = command
