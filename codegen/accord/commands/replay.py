"""accord replay: its options."""

from pathlib import Path

import click

from accord.commands import reporting
from accord.config import Config
from accord.findings import Report
from accord.verbs.replay import ReplayOptions, replay


@click.command("replay", short_help="Send the witnesses of a report again, and say which findings still hold.")
@click.argument("report", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--url", required=True, help="The service to ask; the report's own is never used.")
@click.option(
    "--allow", multiple=True, metavar="OPERATION", help="May change something on a host that is not this machine."
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=10.0, show_default=True, help="Seconds.")
@click.option("--rate", type=click.FloatRange(0), help="Requests a second; 0 is no limit.")
@click.option("--max-requests", type=click.IntRange(1), help="Requests in all.")
@reporting
def command(
    known: Config,
    *,
    report: Path,
    url: str,
    allow: tuple[str, ...],
    timeout: float,
    rate: float | None,
    max_requests: int | None,
) -> Report:
    """Send the requests that showed the findings of REPORT (JSON, of `fuzz`) to --url, and report what still holds.

    Secrets are read from the environment, as the report names them.
    """
    options = ReplayOptions(
        url=url,
        timeout=timeout,
        rate=rate or None,
        max_requests=max_requests,
        allow=(*known.allow, *allow),
    )
    return replay(report, options)


COMMAND = command
