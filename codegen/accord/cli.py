"""The command line: arguments in, exit code out."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

import accord.startup as _startup  # noqa: F401  has to come before the rest
from accord import commands
from accord.document import nearest
from accord.errors import AccordError

INTERRUPTED = 130


class _Verbs(click.Group):
    """The commands of `accord.commands`, each imported when it is asked for."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(info.name.replace("_", "-") for info in pkgutil.iter_modules(commands.__path__))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        command = importlib.import_module(f"accord.commands.{name.replace('-', '_')}").COMMAND
        if not isinstance(command, click.Command):
            raise TypeError(f"accord.commands.{name} declares nothing: bind `COMMAND = click.Command(...)` in it.")
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and not arguments[0].startswith("-") and self.get_command(context, arguments[0]) is None:
            near = nearest(arguments[0], self.list_commands(context))
            hint = f"did you mean `accord {near}`?" if near else "`accord --help` lists them."
            context.fail(f"There is no verb `{arguments[0]}`; {hint}")
        return super().resolve_command(context, arguments)


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 nothing that fails the run, 1 findings, 2 could not run or nothing was checked, "
    "3 the other side was unreachable, 130 interrupted.",
)
@click.version_option(version("accord"), prog_name="accord", message="%(prog)s %(version)s")
def accord() -> None:
    """Hold an HTTP API to its schema."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb, and exit with its code; what the user must change is one sentence on stderr."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = accord.main(arguments, prog_name="accord", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return int(ended.exit_code)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except AccordError as problem:
        click.echo(f"accord: {commands.plain(str(problem))}", err=True)
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("accord: interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away: nobody to tell
        return 0
    return int(code or 0)
