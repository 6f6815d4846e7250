"""Masking that keeps type, length and shape: letters for letters, digits for digits, the same for the same key."""

import hashlib
import hmac
import itertools
import os
import re
import string
from collections.abc import Callable, Container, Iterator

from accord.document import Json
from accord.schemas import formats

VARIABLE = "ACCORD_REDACTION_KEY"
"""The environment variable that holds the key; without it masks are the same everywhere."""

FORMS = ("date-time", "date", "time", "duration", "uuid", "email", "ipv4", "ipv6", "uri")
"""Formats that a mask has if, and only if, the text has them."""

_TRIES = 16
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)?(?P<sign>[Tt])?(?:\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<zone>.*))?", re.DOTALL
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_KEPT = re.compile(r"\$[A-Z_][A-Z0-9_]*|%[0-9A-Fa-f]{2}")
"""What stands for something else: the name of a secret, an escape in a URL."""


def key(attempt: int = 0) -> bytes:
    """The key of the environment; another for each attempt at one value."""
    given = os.environ.get(VARIABLE, "accord").encode()
    return given if not attempt else given + b"\0" + str(attempt).encode()


def masked(value: Json, kept: Container[str] = (), attempt: int = 0) -> Json:
    """`value` with every text and number in it replaced by one of the same length.

    Names, `true`, null and the texts that are to be `kept` stay.
    """
    return _masked(value, key(attempt), kept)


def _masked(value: Json, secret: bytes, kept: Container[str]) -> Json:
    if isinstance(value, dict):
        return {name: _masked(item, secret, kept) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item, secret, kept) for item in value]
    if isinstance(value, str):
        return value if value in kept else mask_scalar(value, secret)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return int(mask_text(str(value), secret))


def mask_text(text: str, secret: bytes) -> str:
    """`text` with each ASCII letter and digit, and every other letter, replaced by one of its kind."""
    draws = _draws(text, secret)
    return "".join(_other(char, next(draws)) for char in text)


def mask_scalar(text: str, secret: bytes) -> str:
    """`text` masked so that it has the same of FORMS: a date stays a date, one of a day that there is not is none.

    Names of secrets (`$NAME`) are kept, and so are the escapes of a URL.
    """
    forms = _forms(text)
    usual = _formed(text, secret, forms)
    others = (_formed(text, secret + bytes([salt]), forms) for salt in range(_TRIES))
    return next((mask for mask in itertools.chain((usual,), others) if _forms(mask) == forms), usual)


def _forms(text: str) -> frozenset[str]:
    return frozenset(name for name in FORMS if formats.TEXT[name](text))


def _formed(text: str, secret: bytes, forms: frozenset[str]) -> str:
    draws = _draws(text, secret)
    moment = _MOMENT.fullmatch(text) if forms & {"date-time", "date", "time"} else None
    if moment is not None:
        return _moment(moment, draws, secret)
    if "uuid" in forms:
        return "".join(_hexadecimal(char, next(draws)) for char in text)
    if "ipv4" in forms:
        return ".".join(_octet(part, next(draws)) for part in text.split("."))
    if "ipv6" in forms:
        return _address(text, draws)
    if "duration" in forms:
        return "".join(_other(char, next(draws)) if char in string.digits else char for char in text)
    kept = scheme[0] if "uri" in forms and (scheme := _SCHEME.match(text)) else ""
    return kept + _between(text[len(kept) :], secret)


def _between(text: str, secret: bytes) -> str:
    """`text` masked but for what stands for something else in it."""
    parts, at = [], 0
    for kept in _KEPT.finditer(text):
        parts += [mask_text(text[at : kept.start()], secret), kept[0]]
        at = kept.end()
    return "".join([*parts, mask_text(text[at:], secret)])


def mask_number(literal: str, secret: bytes) -> str:
    """The JSON number `literal` with other digits, as many; its exponent is kept."""
    digits, mark, exponent = literal.partition("e") if "e" in literal else literal.partition("E")
    return mask_text(digits, secret) + mark + exponent


def _moment(found: re.Match[str], draws: Iterator[int], secret: bytes) -> str:
    """Another day, another time of day, or both, in the same zone."""
    day = f"{found['day'][:4]}-{1 + next(draws) % 12:02}-{1 + next(draws) % 28:02}" if found["day"] else ""
    if found["zone"] is None:
        return day
    return day + (found["sign"] or "") + _clock(draws) + mask_text(found["fraction"] or "", secret) + found["zone"]


def _address(text: str, draws: Iterator[int]) -> str:
    """An IPv6 address of the same length, and with an IPv4 address where one was at its end."""
    groups = text.split(":")
    last = groups.pop() if "." in groups[-1] else None
    masked = ["".join(_hexadecimal(char, next(draws)) for char in group) for group in groups]
    tail = [] if last is None else [".".join(_octet(part, next(draws)) for part in last.split("."))]
    return ":".join([*masked, *tail])


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
