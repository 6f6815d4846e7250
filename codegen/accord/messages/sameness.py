"""Texts that name the same thing though they are written another way, and what services do to tidy what they are given.

Sources: RFC 3339 (moments), RFC 9562 section 4 (UUIDs), RFC 3986 section 6.2 (URIs), RFC 5321 section 2.4 (mailboxes),
RFC 5952 (IPv6), ISO 8601 (durations). Of a mailbox, letter case is the host's own affair before the `@` alone.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from accord.document import Json

_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAILBOX = re.compile(r"([^\s@<>\"]+)@([^\s@<>\"]+)")
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,6})?)S)?)?")
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

_CENTS = range(2, 7)
"""Decimals that amounts are rounded to."""


def moment(text: str) -> datetime | None:
    """The moment that `text` names by RFC 3339; None where it names none, or no zone."""
    if not text[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def is_same_text(given: str, got: str) -> bool:
    """Whether two texts are equal, or name the same moment, UUID, URI, mailbox, address or span of time."""
    if given == got:
        return True
    if given.lower() == got.lower() and all(_UUID.fullmatch(text) for text in (given, got)):
        return True
    return any((first := read(given)) is not None and first == read(got) for read in _READ)


def _mailbox(text: str) -> tuple[str, str] | None:
    found = _MAILBOX.fullmatch(text)
    return (found[1], found[2].lower()) if found is not None else None


def _resource(text: str) -> tuple[object, ...] | None:
    """A URI with an authority, normalised by its syntax and its scheme."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not parts.netloc or parts.hostname is None:
        return None
    scheme = parts.scheme.lower()
    user = parts.netloc.rpartition("@")[0]
    marks = ("?" in text.partition("#")[0], "#" in text)
    number = port if port is not None else _PORTS.get(scheme)
    return scheme, user, parts.hostname.lower(), number, parts.path or "/", *marks, parts.query, parts.fragment


def _address(text: str) -> object:
    if ":" not in text or "/" in text:
        return None
    try:
        return ipaddress.IPv6Address(text)
    except ValueError:
        return None


def _span(text: str) -> timedelta | None:
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()) or any(len(part or "") > 6 for part in found.groups()):  # noqa: PLR2004  no span of that size is
        return None
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


_READ: tuple[Callable[[str], object], ...] = (moment, _mailbox, _resource, _address, _span)


def tidied(given: Json, got: Json) -> str:
    """What a service that gives back `got` for `given` did to tidy it, in words; `""` where it is no such thing."""
    for told, is_done in _TIDY:
        if given != got and is_done(given, got):
            return told
    if isinstance(given, dict) and isinstance(got, dict) and given.keys() <= got.keys():
        return _inside([(item, got[name]) for name, item in given.items()])
    if isinstance(given, list) and isinstance(got, list) and len(given) == len(got):
        return _inside(list(zip(given, got, strict=True)))
    return ""


def _inside(pairs: list[tuple[Json, Json]]) -> str:
    """What was done to the parts that are not equal; `""` where one of them is more than tidied."""
    found = [tidied(given, got) for given, got in pairs if not _is_equal(given, got)]
    return ", ".join(dict.fromkeys(found)) if all(found) else ""


def _is_equal(given: Json, got: Json) -> bool:
    if isinstance(given, str) and isinstance(got, str):
        return is_same_text(given, got)
    return bool(given == got)


def _is_trimmed(given: Json, got: Json) -> bool:
    return isinstance(given, str) and isinstance(got, str) and given.strip() == got


def _is_lowered(given: Json, got: Json) -> bool:
    return isinstance(given, str) and isinstance(got, str) and got in {given.lower(), given.casefold()}


def _is_rounded(given: Json, got: Json) -> bool:
    if not (isinstance(given, float) and isinstance(got, int | float)) or isinstance(got, bool):
        return False
    return any(round(given, digits) == got for digits in _CENTS)


def _is_ordered(given: Json, got: Json) -> bool:
    """Whether a list has the items that it was given, each once or as often, in the order of their values."""
    if not isinstance(given, list) or not isinstance(got, list) or not all(isinstance(item, str) for item in given):
        return False
    return got in (sorted(given), sorted(set(given)), list(dict.fromkeys(given)))


def _is_of_whole_seconds(given: Json, got: Json) -> bool:
    if not isinstance(given, str) or not isinstance(got, str):
        return False
    before, after = moment(given), moment(got)
    if before is None or after is None:
        return False
    return abs(before - after) < timedelta(seconds=1) and after.microsecond % 1000 == 0


_TIDY: tuple[tuple[str, Callable[[Json, Json], bool]], ...] = (
    ("without the white space around it", _is_trimmed),
    ("in lower case", _is_lowered),
    ("rounded", _is_rounded),
    ("in order, and each item once", _is_ordered),
    ("with fewer digits of its second", _is_of_whole_seconds),
)

_TOLD = re.compile(
    r"(?i)\b(?:normali[sz]|canonical|lower[- ]?case|upper[- ]?case|trim|strip|white ?space|round(?:ed|s)?\b|cents?\b"
    r"|sorted|dedup|de-dup|duplicates?\b|repetitions?\b|converted|sanitis|sanitiz|truncat|cleaned|(?:kept|stored|saved|"
    r"returned) (?:as|in|with|without|sorted)\b)"
)


def is_told(description: Json) -> bool:
    """Whether prose says that what it describes does not come back as it was given."""
    return isinstance(description, str) and _TOLD.search(description) is not None
