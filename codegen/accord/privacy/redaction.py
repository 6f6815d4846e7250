"""Masking that keeps type, length and shape: letters for letters, digits for digits, the same for the same key."""

import hashlib
import hmac
import os
import re
import string
from collections.abc import Callable, Iterator

from accord.document import Json

VARIABLE = "ACCORD_REDACTION_KEY"
"""The environment variable that holds the key; without it masks are the same everywhere."""

_DATE_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:([Tt ])(\d\d):(\d\d):(\d\d)(.*))?", re.DOTALL)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(.*)", re.DOTALL)
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_KEPT = re.compile(r"\$[A-Z_][A-Z0-9_]*|%[0-9A-Fa-f]{2}")
"""What stands for something else: the name of a secret, an escape in a URL."""


def key(attempt: int = 0) -> bytes:
    """The key of the environment; another for each attempt at one value."""
    given = os.environ.get(VARIABLE, "accord").encode()
    return given if not attempt else given + b"\0" + str(attempt).encode()


def masked(value: Json) -> Json:
    """`value` with every text and number in it replaced by one of the same length; names, `true` and null are kept."""
    return _masked(value, key())


def _masked(value: Json, secret: bytes) -> Json:
    if isinstance(value, dict):
        return {name: _masked(item, secret) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, secret) for item in value]
    if isinstance(value, str):
        return mask_scalar(value, secret)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return int(mask_text(str(value), secret))


def mask_text(text: str, secret: bytes) -> str:
    """`text` with each ASCII letter and digit, and every other letter, replaced by one of its kind."""
    draws = _draws(text, secret)
    return "".join(_other(char, next(draws)) for char in text)


def mask_scalar(text: str, secret: bytes) -> str:
    """`text` masked so that a date stays a date, and so a time, a UUID, an IPv4 address and an escape of a URL.

    Names of secrets (`$NAME`) are kept.
    """
    draws = _draws(text, secret)
    if date := _DATE_TIME.fullmatch(text):
        return _date_time(date, draws, secret)
    if time := _TIME.fullmatch(text):
        return _clock(draws) + mask_text(time[4], secret)
    if _UUID.fullmatch(text):
        return "".join(_hexadecimal(char, next(draws)) for char in text)
    if _IPV4.fullmatch(text):
        return ".".join(_octet(part, next(draws)) for part in text.split("."))
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [mask_text(text[at : kept.start()], secret), kept[0]]
        at = kept.end()
    return "".join([*parts, mask_text(text[at:], secret)])


def mask_number(literal: str, secret: bytes) -> str:
    """The JSON number `literal` with other digits, as many; its exponent is kept."""
    digits, mark, exponent = literal.partition("e") if "e" in literal else literal.partition("E")
    return mask_text(digits, secret) + mark + exponent


def _date_time(date: re.Match[str], draws: Iterator[int], secret: bytes) -> str:
    day = f"{date[1]}-{1 + next(draws) % 12:02}-{1 + next(draws) % 28:02}"
    if date[4] is None:
        return day
    fraction = re.fullmatch(r"(\.\d+)?(.*)", date[8], re.DOTALL)
    tail = date[8] if fraction is None else mask_text(fraction[1] or "", secret) + fraction[2]
    return f"{day}{date[4]}{_clock(draws)}{tail}"


def _clock(draws: Iterator[int]) -> str:
    return f"{next(draws) % 24:02}:{next(draws) % 60:02}:{next(draws) % 60:02}"


def _hexadecimal(char: str, draw: int) -> str:
    if char in string.digits:
        return string.digits[draw % 10]
    if char in string.hexdigits:
        return ("abcdef" if char.islower() else "ABCDEF")[draw % 6]
    return char


def _octet(part: str, draw: int) -> str:
    least, most = {1: (0, 9), 2: (10, 99), 3: (100, 255)}[len(part)]
    return str(least + draw % (most - least + 1))


def _other(char: str, draw: int) -> str:
    if char in string.digits:
        return char if char == "0" else string.digits[1 + draw % 9]
    if char in string.ascii_lowercase:
        return string.ascii_lowercase[draw % 26]
    if char in string.ascii_uppercase:
        return string.ascii_uppercase[draw % 26]
    return "é" if char.isalpha() else char


def _draws(text: str, secret: bytes) -> Iterator[int]:
    block = 0
    while True:
        yield from hmac.new(secret, f"{block}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        block += 1


def replacing(pattern: re.Pattern[str], mask: Callable[[str], str], text: str) -> str:
    """`text` with what `pattern` finds in it masked: its group `secret` where it has one."""

    def masked_match(found: re.Match[str]) -> str:
        group = "secret" if "secret" in pattern.groupindex else 0
        start, end = found.start(group) - found.start(), found.end(group) - found.start()
        return found[0][:start] + mask(found[0][start:end]) + found[0][end:]

    return pattern.sub(masked_match, text)
