"""What `--help` says of each verb, word for word.

`ACCORD_GOLDENS=write` writes the goldens anew: read the change before committing it.
"""

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from accord import cli

GOLDENS = Path(__file__).parent / "goldens"
VERBS = cli.accord.list_commands(click.Context(cli.accord))


def printed(*words):
    ended = CliRunner().invoke(cli.accord, [*words, "--help"], prog_name="accord", terminal_width=100)
    assert ended.exit_code == 0
    return ended.output


@pytest.mark.parametrize("verb", ["", *VERBS], ids=lambda verb: verb or "accord")
def test_help_says_what_it_said(verb):
    path = GOLDENS / f"{verb or 'accord'}.txt"
    said = printed(*([verb] if verb else []))
    if os.environ.get("ACCORD_GOLDENS") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_no_golden_is_left_over():
    assert sorted(path.stem for path in GOLDENS.iterdir()) == sorted(["accord", *VERBS])


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_has_a_sentence(verb):
    command = cli.accord.get_command(click.Context(cli.accord), verb)
    silent = [item.name for item in command.params if isinstance(item, click.Option) and not item.help]
    assert silent == []
