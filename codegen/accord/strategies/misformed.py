"""Texts that are almost of a format: impossible dates, a part missing, one too many."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hypothesis import strategies as st

from accord.document import Json
from accord.schemas.formats import is_format
from accord.strategies.containers import Strategy

_BAD_FORMATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date-time": (
            "2026-01-01T00:00:00",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00+0530",
            "2026-13-01T00:00:00Z",
            "2026-01-01T12:00:60Z",
            "2026-1-1T0:0:0Z",
            "1767225600",
        ),
        "date": ("2026-02-30", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z"),
        "time": ("24:00:00Z", "12:00", "12:60:00Z", "12:00:00"),
        "email": ("a", "@", "a@", "@b.example", "a b@c.example", "a@b..example"),
        "uuid": ("00000000-0000-0000-0000-00000000000", "0000000000000000000000000000000g"),
        "uri": ("a", "//a", "http://a b", "http://[::1", "%"),
        "ipv4": ("256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4"),
        "ipv6": (":::", "12345::", "1::2::3"),
        "hostname": ("-a", "a_b", "a..b", "a-", "http://a.b"),
        "byte": ("a", "a===", "*"),
        "regex": ("(", "[", "*"),
        "idn-email": ("a", "@", "ü@", "a b@c.example"),
        "idn-hostname": ("-a", "a..b", "〮a"),
        "uri-reference": ("a b", "http://[::1", "%", "\\\\a"),
        "iri": ("a", "http://a b", "http://[::1"),
        "iri-reference": ("a b", "http://[::1"),
        "uri-template": ("{", "{a", "a}"),
        "relative-json-pointer": ("a", "-1", "01", "0##"),
        "json-pointer": ("a", "/~2", "/~", "#/a"),
        "duration": ("P", "1D", "PT"),
    }
)


def near(name: str, valid: Json) -> list[str]:
    """Texts that are almost of format `name`: impossible dates, a part missing, one too many, padding."""
    text = valid if isinstance(valid, str) else "text"
    found = [*_BAD_FORMATS.get(name, ()), f"{text} ", f" {text}", f"{text}\n", text[:-1], f"{text}x", "", "text", "0"]
    return [bad for bad in dict.fromkeys(found) if not is_format(name, bad)]


def drawn(name: str, valid: Callable[[], Strategy]) -> Strategy:
    """Texts that are not of format `name`."""
    fixed = [text for text in ("", "0", " ", *_BAD_FORMATS.get(name, ())) if not is_format(name, text)]
    padded = valid().map(lambda text: f"{text} ").filter(lambda text: not is_format(name, text))
    return st.sampled_from(fixed) | padded if fixed else padded
