"""accord diff: its options."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import click

from accord import fetching
from accord.changes import policy
from accord.changes.differences import DiffOptions
from accord.changes.timeline import timeline
from accord.commands import reporting
from accord.config import Config
from accord.document import Document
from accord.errors import ConfigError
from accord.findings import Report
from accord.lines import with_lines
from accord.verbs.diff import diff


@click.command("diff", short_help="What changed between two revisions, and who breaks, with proof.")
@click.argument("documents", metavar="BASELINE CURRENT", nargs=-1)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    help="Only what this operation depends on: `POST /path`, its operationId or its path.",
)
@click.option("--open-world", is_flag=True, help="Senders may also send properties that nobody declared.")
@click.option("--history", metavar="REPO:PATH", help="Every revision of a document in a git repository, as a timeline.")
@click.option("--since", default="", metavar="REV", help="With --history: only what came after this revision.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME",
    help="Wanted beyond proof: `version` (tells of a break), no changed `defaults` or operation `ids`, `notice=DAYS` "
    "from a deprecation to its sunset.",
)
@reporting
def command(
    known: Config,
    *,
    documents: tuple[str, ...],
    operations: tuple[str, ...],
    open_world: bool,
    history: str | None,
    since: str,
    policies: tuple[str, ...],
) -> Report:
    """Say what changed from BASELINE to CURRENT (a path, a URL or REV:path each), and prove each break by a witness."""
    if history is not None:
        if documents:
            raise ConfigError("`--history` reads its documents itself; leave BASELINE and CURRENT out.")
        if operations or open_world or policies:
            raise ConfigError("`--operation`, `--open-world` and `--policy` belong to two documents, not to a history.")
        return timeline(history, since=since)
    if len(documents) != 2 or since:  # noqa: PLR2004  a pair
        wanted = "`--since` belongs to `--history`" if since else _counted(len(documents))
        raise ConfigError(f"{wanted}; name two documents, BASELINE and CURRENT, or `--history REPO:PATH`.")
    before, after = map(_document, documents)
    report = diff(before, after, DiffOptions(operations=operations, open_world=open_world))
    wanted_policy = policy.from_texts(policies or known.diff.get("policy", ()))
    today = dt.datetime.now(tz=dt.UTC).date()
    held = with_lines((before, after), policy.held(report, wanted_policy, (before, after), today))
    return replace(report, findings=(*report.findings, *held))


def _counted(count: int) -> str:
    return f"{count} document{'s are' if count > 1 else ' is'} named" if count else "no document is named"


def _document(source: str) -> Document:
    """The document of `source`; a file without a character in it is an empty document, not a mistake."""
    path = Path(source)
    if path.is_file() and not path.read_bytes().strip():
        return Document(uri=source, data=None, text="")
    return fetching.fetch(source)


COMMAND = command
