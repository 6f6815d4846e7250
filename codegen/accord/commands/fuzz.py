"""accord fuzz: its options."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from accord import progress
from accord.commands import contracts, pairs, plain, reporting
from accord.config import Config
from accord.document import Json
from accord.errors import ConfigError
from accord.files.writing import write
from accord.findings import Report, together
from accord.fuzzing.planning import outline
from accord.verbs.fuzz import from_config, fuzz, outlined

Number = TypeVar("Number", int, float)


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
@click.option("--plan", is_flag=True, help="Print what would be sent, and send nothing.")
@click.option(
    "--strength",
    type=click.IntRange(2, 3),
    help="The plan has all pairs (2) or triples (3) of partitions.  [default: 2]",
)
@click.option(
    "--plan-requests",
    type=click.IntRange(0),
    metavar="N",
    help="Of each operation's plan only so many, the most telling first; 0 is no limit.  [default: 800]",
)
@click.option("--examples", type=click.IntRange(0), help="Random cases per operation, after the plan.  [default: 100]")
@click.option("--workers", type=click.IntRange(1, 64), help="Requests at the same time.  [default: 1]")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), help="Seconds for one exchange.  [default: 10]")
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="[OPERATION=]N/s",
    help="Requests a second, in all or of one operation; 0 is no limit.",
)
@click.option(
    "--max-requests", "budgets", multiple=True, metavar="[OPERATION=]N", help="Requests in all, or of one operation."
)
@click.option("--max-time", type=click.FloatRange(0, min_open=True), help="Seconds for the whole run.")
@click.option("--stop-after", type=click.IntRange(1), help="End after so many findings that are errors.")
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
    named, plan = options.pop("document"), options.pop("plan")
    options["headers"] = pairs(options["headers"] or known.headers, ":", "--header")
    options["values"] = dict(pairs(options["values"], "=", "--set"))
    options["rate"], options["rates"] = _limits(options["rates"], "--rate", float)
    options["max_requests"], options["budgets"] = _limits(options["budgets"], "--max-requests", int)
    chosen = from_config(known, options)
    if plan:
        _show_plan([outlined(contract, chosen) for contract in contracts(known, named)])
    with progress.shown() as show:
        return together("fuzz", (fuzz(contract, chosen, progress=show) for contract in contracts(known, named)))


def _show_plan(plans: list[Mapping[str, Json]]) -> NoReturn:
    """Print what would be sent as `--format` and `--output` say, and end."""
    shown = click.get_current_context().params
    if shown["format"] not in {"text", "json"}:
        raise ConfigError(f"`--plan` has no `--format {shown['format']}`; write it as `text` or `json`.")
    lines = [plain(line) for each in plans for line in outline(each)]
    text = json.dumps({"plans": plans}, indent=2, ensure_ascii=True) if shown["format"] == "json" else "\n".join(lines)
    if shown["output"] is None:
        click.echo(text)
    else:
        write(shown["output"], f"{text}\n")
    raise click.exceptions.Exit(0)


def _limits(texts: tuple[str, ...], option: str, number: type[Number]) -> tuple[Number | None, dict[str, Number]]:
    """`N` of all operations, and `OPERATION=N` by operation; ConfigError names what is no number."""
    every: Number | None = None
    single: dict[str, Number] = {}
    for text in texts:
        name, _, value = text.rpartition("=")
        try:
            found = number(value.strip().removesuffix("/s"))
        except ValueError:
            found = number(-1)
        if not 0 <= found < float("inf"):
            raise ConfigError(f"`{option} {text}` is no number; write it as `{option} N` or `{option} 'GET /path=N'`.")
        if name:
            single[name.strip()] = found
        else:
            every = found
    return every, single


COMMAND = command
