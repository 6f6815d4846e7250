"""The formats of JSON Schema 2020-12 and OpenAPI, each really asserted."""

import calendar
import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from accord.document import Json
from accord.schemas.patterns import compile_pattern

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")
_DURATION = re.compile(
    r"P(?:[0-9]+W|(?:(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:T{t})?|T{t}))".replace(
        "{t}", "(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
    )
)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_PCT = "%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9._~\-"
_SUB = "!$&'()*+,;="
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB}:@]|{_PCT})"
_SEGMENTS = rf"(?:/{_PCHAR}*)*"
_AUTHORITY = (
    rf"(?:(?:[{_UNRESERVED}{_SUB}:]|{_PCT})*@)?"
    rf"(?:\[(?P<literal>[^\]]*)\]|(?:[{_UNRESERVED}{_SUB}]|{_PCT})*)(?::[0-9]*)?"
)
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://{_AUTHORITY}{_SEGMENTS}|/(?:{_PCHAR}+{_SEGMENTS})?|{_PCHAR}+{_SEGMENTS}|){_TAIL}"
)
_RELATIVE = re.compile(
    rf"(?://{_AUTHORITY.replace('literal', 'inner')}{_SEGMENTS}|/(?:{_PCHAR}+{_SEGMENTS})?"
    rf"|(?:[{_UNRESERVED}{_SUB}@]|{_PCT})+{_SEGMENTS}|){_TAIL}"
)
_FUTURE = re.compile(rf"[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB}:]+")
_UCS = re.compile(
    "[\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 15))
    + "]"
)
_TEMPLATE = re.compile(
    r"(?:[^\x00-\x20\"'%<>\\^`{|}\x7f]|'|%[0-9A-Fa-f]{2}"
    r"|\{[+#./;?&=,!@|]?V(?:,V)*\})*".replace(
        "V", r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?:\*|:[1-9][0-9]{0,3})?"
    )
)


def _date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    if not 1 <= month <= 12:  # noqa: PLR2004  months
        return False
    last = 29 if month == 2 and calendar.isleap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]  # noqa: PLR2004  February
    return 1 <= day <= last


def _time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = (int(match[group]) for group in (1, 2, 3))
    shift = 0
    if match[4]:
        if int(match[5]) > 23 or int(match[6]) > 59:  # noqa: PLR2004  a clock
            return False
        shift = (int(match[5]) * 60 + int(match[6])) * (1 if match[4] == "+" else -1)
    if hour > 23 or minute > 59:  # noqa: PLR2004  a clock
        return False
    leap = (hour * 60 + minute - shift) % 1440 == 1439  # noqa: PLR2004  23:59 UTC, when leap seconds are put in
    return second <= (60 if leap else 59)


def _date_time(text: str) -> bool:
    return text[10:11] in {"T", "t"} and _date(text[:10]) and _time(text[11:])


def _hostname(text: str) -> bool:
    return len(text) <= 253 and all(_LABEL.fullmatch(label) and _a_label(label) for label in text.split("."))  # noqa: PLR2004  RFC 1123


def _a_label(label: str) -> bool:
    import idna

    if label[2:4] != "--":
        return True
    try:
        return label[:4].lower() == "xn--" and bool(idna.ulabel(label.lower()))
    except idna.IDNAError:
        return False


def _idn_hostname(text: str) -> bool:
    import idna

    if text.isascii():
        return _hostname(text)
    try:
        encoded = idna.encode(text)
    except (idna.IDNAError, UnicodeError):
        return False
    return _hostname(encoded.decode())


def _mailbox(text: str, host: Callable[[str], bool]) -> bool:
    local, at, domain = text.rpartition("@")
    if not at or not local or len(local.encode(errors="replace")) > 64:  # noqa: PLR2004  RFC 5321 section 4.5.3.1.1
        return False
    if domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        known = _ipv6(inner[5:]) if inner[:5].lower() == "ipv6:" else _ipv4(inner)
        return known and bool(_LOCAL.fullmatch(local))
    return bool(_LOCAL.fullmatch(local)) and host(domain)


def _email(text: str) -> bool:
    return _mailbox(text, _hostname)


def _idn_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return _mailbox(re.sub(r"[^\x00-\x9f]", "a", local) + at + domain, _idn_hostname)


def _ipv4(text: str) -> bool:
    return bool(_IPV4.fullmatch(text))


def _ipv6(text: str) -> bool:
    if "%" in text or not text.isascii():
        return False
    try:
        return bool(ipaddress.IPv6Address(text))
    except ValueError:
        return False


def _uri(text: str) -> bool:
    match = _URI.fullmatch(text)
    return match is not None and _literal(match["literal"])


def _uri_reference(text: str) -> bool:
    match = _RELATIVE.fullmatch(text)
    return _uri(text) or (match is not None and _literal(match["inner"]))


def _literal(address: str | None) -> bool:
    return address is None or _ipv6(address) or bool(_FUTURE.fullmatch(address))


def _iri(text: str) -> bool:
    return _uri(_UCS.sub("a", text))


def _iri_reference(text: str) -> bool:
    return _uri_reference(_UCS.sub("a", text))


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of text that a project knows: whether a text has it, and some that do, from which values are drawn."""

    fits: Callable[[str], bool]
    examples: tuple[str, ...]


_added: dict[str, Format] = {}

_TEXT: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "duration": _matches(_DURATION),
    "email": _email,
    "idn-email": _idn_email,
    "hostname": _hostname,
    "idn-hostname": _idn_hostname,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uri": _uri,
    "uri-reference": _uri_reference,
    "iri": _iri,
    "iri-reference": _iri_reference,
    "uuid": _matches(_UUID),
    "uri-template": _matches(_TEMPLATE),
    "json-pointer": _matches(_POINTER),
    "relative-json-pointer": _matches(_RELATIVE_POINTER),
    "regex": lambda text: compile_pattern(text) is not None,
    "byte": _matches(_BASE64),
    "binary": lambda _text: True,
    "password": lambda _text: True,
}

TEXT: Mapping[str, Callable[[str], bool]] = MappingProxyType(_TEXT)
"""Formats of text: JSON Schema 2020-12 validation section 7.3, and OpenAPI's."""

NUMBERS: Mapping[str, Callable[[int | float], bool]] = MappingProxyType(
    {
        "int32": lambda number: -(2**31) <= number < 2**31,
        "int64": lambda number: -(2**63) <= number < 2**63,
        "float": lambda number: isinstance(number, int) or math.isfinite(number),
        "double": lambda number: isinstance(number, int) or math.isfinite(number),
    }
)
"""Formats of numbers: OpenAPI 3.1 section 4.4."""


def add(name: str, form: Format) -> None:
    """Assert format `name` from now on."""
    _added[name] = form
    _TEXT[name] = form.fits


def examples(name: str) -> tuple[str, ...]:
    """Texts that have the added format `name`; none of one that was not added."""
    return _added[name].examples if name in _added else ()


def is_known(name: str) -> bool:
    """Whether format `name` is asserted."""
    return name in TEXT or name in NUMBERS


def is_format(name: str, value: Json) -> bool:
    """Whether `value` has format `name`; a value of another type than the format is for has it."""
    if isinstance(value, str):
        return name not in TEXT or TEXT[name](value)
    if isinstance(value, int | float) and not isinstance(value, bool) and name in NUMBERS:
        return NUMBERS[name](value)
    return True
