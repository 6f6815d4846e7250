"""Literals: the texts and numbers of a JSON text rewritten where they stand, everything else byte for byte."""

import json
import re
from collections.abc import Callable

_TOKEN = re.compile(r'(?P<name>"(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[\[\]{},]', re.DOTALL)

Path = tuple[str, ...]
"""Names from the outside in; any item of an array is `*`."""


def rewritten(
    text: str,
    change_text: Callable[[Path, str], str],
    change_number: Callable[[Path, str], str],
    change_name: Callable[[Path, str], str],
) -> str:
    """`text` with what the functions make of each text, number (as written) and name, given where it stands.

    A text that is no JSON is rewritten as far as it looks like it.
    """
    path: list[str] = []

    def replace(token: re.Match[str]) -> str:
        written = token[0]
        first = written[0]
        if first in "{[":
            path.append("*")
        elif first in "}]":
            del path[-1:]
        elif first == '"':
            if token["name"] is None:
                return _quoted(written, lambda value: change_text(tuple(path), value))
            path[-1:] = [_read(written)]
            return _quoted(written, lambda value: change_name(tuple(path), value))
        elif first != ",":
            return change_number(tuple(path), written)
        return written

    return _TOKEN.sub(replace, text)


def _read(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal[1:-1]


def _quoted(literal: str, change: Callable[[str], str]) -> str:
    value = _read(literal)
    changed = change(value)
    return literal if changed == value else json.dumps(changed, ensure_ascii=literal.isascii())
