"""Cassettes of VCR.py in YAML, with compressed bodies, or bodies in `parsed_body`; also those of Ruby's VCR.

Schemathesis writes the latter, and says where it kept only the beginning of a body.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from accord.document import Json
from accord.errors import AccordError
from accord.exchange import Exchange
from accord.files import cassettes
from accord.recordings import Damaged, Recording

MOST = 64 << 20
"""Characters that a cassette may have once what is written as an alias is written out."""

_ALIAS = re.compile(r"[-:,\[]\s*\*\w")


def _read(file: io.BufferedReader, name: str) -> Iterator[Exchange | Damaged]:
    return cassettes.read(file, name, _interactions)


def _interactions(data: bytes, name: str) -> Iterator[Json | Damaged]:
    import yaml

    text = data.decode("utf-8-sig", "replace")
    try:
        found = _loaded(text)
        if _ALIAS.search(text) and _size(found, {}) > MOST:
            raise AccordError(f"`{name}` is no cassette: its aliases unfold to more than {MOST >> 20} MiB.")
        yield from cassettes.listed(found, name)
    except yaml.YAMLError as problem:
        yield from _salvaged(text, name, problem)
    except (ValueError, RecursionError):
        raise AccordError(f"`{name}` is no cassette: it is no YAML, or nested too deep.") from None


def _loaded(text: str) -> Json:
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  a safe one


def _size(value: Json, known: dict[int, int]) -> int:
    """About how many characters a value has when it is written without aliases; one that holds itself has too many."""
    if not isinstance(value, dict | list):
        return len(value) + 4 if isinstance(value, str | bytes) else 4
    if id(value) not in known:
        known[id(value)] = MOST
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(value)]


def _salvaged(text: str, name: str, problem: Any) -> Iterator[Json | Damaged]:
    """The interactions that stand whole before the place where the YAML breaks."""
    import yaml

    mark = getattr(problem, "problem_mark", None)
    broken = 0 if mark is None else mark.line
    lines = text.splitlines(keepends=True)[: broken + 1]
    while lines and not lines[-1].startswith("- "):
        lines.pop()
    try:
        found = cassettes.listed(_loaded("".join(lines[:-1])), name)
    except (yaml.YAMLError, AccordError):
        raise AccordError(f"`{name}` is no cassette: it is no YAML from line {broken + 1} on.") from None
    yield from found
    yield Damaged(source="", reason=f"no YAML from line {broken + 1} on")


def _entry(exchange: Exchange) -> str:
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    listed = [cassettes.interaction(exchange)]
    return str(yaml.dump(listed, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1 << 30)).rstrip("\n")


def _sniff(start: bytes) -> bool:
    names = tuple(f"{name}:".encode() for name in cassettes.LISTS)
    return any(line.startswith(names) for line in start.removeprefix(b"\xef\xbb\xbf").splitlines())


RECORDING = Recording(
    suffixes=(".yaml", ".yml"),
    sniff=_sniff,
    read=_read,
    entry=_entry,
    opening="interactions:\n",
    closing="\nversion: 1\n",
)
