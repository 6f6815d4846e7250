r"""ECMA-262's `\p{…}` written as classes that `re` knows, as far as a few hundred plain characters go."""

import functools
import re

import regex

_REACH = 0x530
r"""Characters below are tried: Latin, Greek, Cyrillic; a property that holds none of them stays `\w`."""

_PROPERTY = re.compile(r"(\\\\)|\\([pP])\{([^}]*)\}|\\(.)|(\[)|(\])", re.DOTALL)


def plain_classes(pattern: str) -> str:
    r"""`pattern` with every `\p{…}` and `\P{…}` spelt out, in a class of its own or as part of the one it is in."""
    inside = False
    parts: list[str] = []
    end = 0
    for match in _PROPERTY.finditer(pattern):
        parts.append(pattern[end : match.start()])
        end = match.end()
        if match[2]:
            members = _members(match[2], match[3])
            parts.append(members if inside else f"[{members}]")
            continue
        inside = (inside or bool(match[5])) and not match[6]
        parts.append(match[0])
    return "".join([*parts, pattern[end:]])


@functools.lru_cache(maxsize=256)
def _members(letter: str, name: str) -> str:
    try:
        compiled = regex.compile(rf"\{letter}{{{name}}}")
    except regex.error:
        return r"\w"
    points = [point for point in range(0x20, _REACH) if compiled.match(chr(point))]
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in runs) or r"\w"
