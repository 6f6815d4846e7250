"""ECMA-262 patterns, as JSON Schema wants them, on the `regex` library: same matches, and a limit on time."""

import functools
import importlib
import re
import warnings
from dataclasses import dataclass
from typing import Any

import regex

_parser: Any = importlib.import_module("re._parser")  # what `re` makes of a pattern; it has no public name

_SECONDS = 1.0
ANY = 2**31
"""So many characters, or any number of them."""
_MOST_TIMES = 65_535
_COUNTED = re.compile(r"(\))?\{([0-9]+)(?:,([0-9]*))?\}")
_DIGIT = "0-9"
_WORD = "A-Za-z0-9_"
_SPACE = r"\t\n\x0b\x0c\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"t": "\t", "n": "\n", "v": "\x0b", "f": "\x0c", "r": "\r"}
_EDGE = f"(?:(?<![{_WORD}])(?=[{_WORD}])|(?<=[{_WORD}])(?![{_WORD}]))"
_NO_EDGE = f"(?:(?<![{_WORD}])(?![{_WORD}])|(?<=[{_WORD}])(?=[{_WORD}]))"
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<braced>[0-9A-Fa-f]{1,6})\}"
    r"|u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u(?P<four>[0-9A-Fa-f]{4})|x(?P<two>[0-9A-Fa-f]{2})|c(?P<control>[A-Za-z])"
    r"|(?P<set>[pP])\{(?P<property>[A-Za-z0-9_=]+)\}"
    r"|k<(?P<named>[^>]+)>|(?P<number>[1-9][0-9]*)|(?P<nul>0(?![0-9]))|(?P<char>.))",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??")
_GROUP = re.compile(r"\((?:\?(?:[:=!]|<[=!]|<(?P<name>[A-Za-z_$][\w$]*)>))?")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: `source` as the schema has it, `translated` for the `regex` library."""

    source: str
    translated: str
    compiled: Any


class _UnreadableError(ValueError):
    """The pattern is not ECMA-262."""


@functools.lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> Pattern | None:
    """`pattern` (ECMA-262, flag u) ready to search with; None when it cannot be compiled."""
    try:
        _bounded(pattern)
        translated = _translate(pattern)
        return Pattern(pattern, translated, regex.compile(translated, regex.V1))
    except (_UnreadableError, regex.error, OverflowError, RecursionError, MemoryError):
        return None


def found(pattern: Pattern, text: str, *, otherwise: bool = True) -> bool:
    """Whether `pattern` matches somewhere in `text`; `otherwise` where a second is too short to tell."""
    try:
        return pattern.compiled.search(text, timeout=_SECONDS) is not None
    except TimeoutError:
        return otherwise


@functools.lru_cache(maxsize=4096)
def widths(translated: str) -> tuple[int, int]:
    """Fewest and most characters of what a translated pattern matches; 0 and ANY where `re` does not read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            least, most = _parser.parse(translated).getwidth()
    except (re.error, RecursionError, OverflowError):
        return 0, ANY
    return int(least), min(int(most), ANY)


def _bounded(pattern: str) -> None:
    """Refuse what would be repeated so often that compiling it does not end."""
    times = 1
    for group, least, most in _COUNTED.findall(pattern):
        count = max(int(least[:9]), int(most[:9] or 0))
        times *= max(count, 1) if group else 1
        if count > _MOST_TIMES or times > _MOST_TIMES:
            raise _UnreadableError("repeated too often")


def _translate(pattern: str) -> str:
    out: list[str] = []
    at = 0
    quantifiable = False
    while at < len(pattern):
        char = pattern[at]
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier:
            if not quantifiable:
                raise _UnreadableError("nothing to repeat")
            out.append(quantifier[0])
            at, quantifiable = quantifier.end(), False
            continue
        if char == "[":
            text, at = _class(pattern, at)
        elif char == "\\":
            text, at = _escape(pattern, at)
        elif char == "(":
            text, at = _group(pattern, at)
        else:
            text, at = (
                {".": r"[^\n\r\u2028\u2029]", "$": r"\Z", "^": r"\A"}.get(char)
                or (char if char in "|)" else _literal(char)),
                at + 1,
            )
        out.append(text)
        quantifiable = char not in "(|^$"
    return "".join(out)


def _literal(char: str) -> str:
    return str(regex.escape(char, special_only=False))


def _group(pattern: str, at: int) -> tuple[str, int]:
    opening = _GROUP.match(pattern, at)
    if opening is None or (opening[0] == "(" and pattern[at + 1 : at + 2] == "?"):
        raise _UnreadableError("an unknown kind of group")
    return (f"(?P<{opening['name']}>" if opening["name"] else opening[0]), opening.end()


def _escape(pattern: str, at: int) -> tuple[str, int]:
    match = _ESCAPE.match(pattern, at)
    if match is None:
        raise _UnreadableError("a backslash at the end")
    char = match["char"]
    if char in ("b", "B"):
        return (_EDGE if char == "b" else _NO_EDGE), match.end()
    if match["named"]:
        return f"(?({match['named']})(?P={match['named']})|)", match.end()  # ECMA-262: an unset group matches nothing
    if match["number"]:
        return f"(?({match['number']})\\{match['number']}|)", match.end()
    member = _member(match)
    return (member if member.startswith(("\\p", "\\P", "[^")) else f"[{member}]"), match.end()


def _member(match: re.Match[str]) -> str:
    """What an escape stands for, as it is written inside a class of the `regex` library."""
    char = match["char"]
    if match["set"]:
        return f"\\{match['set']}{{{match['property']}}}"
    if char and char in "dws":
        return _CLASSES[char]
    if char and char in "DWS":
        return f"[^{_CLASSES[char.lower()]}]"
    return _literal(_character(match))


def _character(match: re.Match[str]) -> str:
    char = match["char"]
    if match["high"]:
        return chr(0x10000 + ((int(match["high"], 16) - 0xD800) << 10) + int(match["low"], 16) - 0xDC00)
    digits = match["braced"] or match["four"] or match["two"]
    if digits:
        if int(digits, 16) > 0x10FFFF:  # noqa: PLR2004  the last code point
            raise _UnreadableError("no such code point")
        return chr(int(digits, 16))
    if match["control"]:
        return chr(ord(match["control"]) % 32)
    if match["nul"]:
        return "\0"
    if char in _CONTROLS:
        return _CONTROLS[char]
    if char is None or char.isalnum():
        raise _UnreadableError("an unknown escape")
    return char


def _class(pattern: str, at: int) -> tuple[str, int]:
    """The class that starts at `at`, escapes written out; `[]` matches nothing, `[^]` anything."""
    at += 1
    negated = pattern[at : at + 1] == "^"
    at += negated
    members: list[str] = []
    while pattern[at : at + 1] != "]":
        if at >= len(pattern):
            raise _UnreadableError("a class without end")
        if pattern[at] == "-":
            ranged = bool(members) and members[-1] != "-" and pattern[at + 1 : at + 2] not in ("]", "")
            members.append("-" if ranged else r"\-")
            at += 1
        elif pattern[at] == "\\":
            match = _ESCAPE.match(pattern, at)
            if match is None:
                raise _UnreadableError("a backslash at the end")
            members.append(r"\x08" if match["char"] == "b" else _member(match))
            at = match.end()
        else:
            members.append(_literal(pattern[at]))
            at += 1
    if not members:
        return (r"[\s\S]" if negated else r"(?!)"), at + 1
    return f"[{'^' if negated else ''}{''.join(members)}]", at + 1
