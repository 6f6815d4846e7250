"""Reports: a Report as text for somebody. Every other file here declares one format as `FORMAT`."""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accord.collection import Declared, collect
from accord.document import nearest
from accord.errors import AccordError
from accord.findings import Report, exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a format is told beside the report: the exit code, what fails the run, and whether colours are shown."""

    exit: int = 0
    colour: bool = False
    fail_on: tuple[str, ...] = ("error",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a report; the text ends with a newline."""

    render: Callable[[Report, Rendering], str]


@functools.cache
def declared() -> Mapping[str, Declared[Format]]:
    """Every format by its name."""
    return collect("accord.reports", "FORMAT", Format)


def render(name: str, report: Report, *, fail_on: Iterable[str] = ("error",), colour: bool = False) -> str:
    """`report` in the format `name`; AccordError when there is no such format."""
    found = declared().get(name)
    if found is None:
        hint = nearest(name, declared()) or ", ".join(declared())
        raise AccordError(f"There is no report format `{name}`; use {hint}.")
    names = tuple(fail_on)
    return found.value.render(report, Rendering(exit=exit_code(report, names), colour=colour, fail_on=names))
