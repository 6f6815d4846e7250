"""Literals: the texts and numbers of a JSON text rewritten where they stand, everything else byte for byte."""

import json
import re
from collections.abc import Callable

_TOKEN = re.compile(r'(?P<name>"(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[\[\]{},]', re.DOTALL)

Path = tuple[str, ...]
"""Names from the outside in; any item of an array is `*`. Of very many, those in the middle are left out."""

_DEEP = 64
_DECODER = json.JSONDecoder(strict=False)


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
                return _quoted(written, lambda value: change_text(_told(path), value))
            path[-1:] = [_read(written)]
            return _quoted(written, lambda value: change_name(_told(path), value))
        elif first != ",":
            return change_number(_told(path), written)
        return written

    return _TOKEN.sub(replace, text)


def _told(path: list[str]) -> Path:
    return tuple(path) if len(path) <= _DEEP else (*path[: _DEEP // 2], *path[-_DEEP // 2 :])


def _read(literal: str) -> str:
    if "\\" not in literal:
        return literal[1:-1]
    try:
        return str(_DECODER.decode(literal))
    except ValueError:
        return literal[1:-1]


def _quoted(literal: str, change: Callable[[str], str]) -> str:
    value = _read(literal)
    changed = change(value)
    return (
        literal if changed == value else json.dumps(changed, ensure_ascii=literal.isascii() or not _is_unicode(changed))
    )


def _is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold `text`; half a surrogate pair it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
