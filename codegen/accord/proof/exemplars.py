"""Texts and numbers that a search tries first: the plain ones, the large ones, the simplest of each format."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

TEXTS = ("", "0", "a", "A", "aa", "a0", "A-_", " ", "é", "\n", "0" * 8, "2000-01-01", "a@a.aa", "http://a.aa/")
NUMBERS = tuple(map(Fraction, ("0", "1", "-1", "0.5", "-0.5", "2", "1000000", "2147483648", "9223372036854775808")))

SHAPED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": ("2000-01-01", "2000-02-29"),
        "time": ("00:00:00Z", "00:00:00+01:00"),
        "date-time": ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00.5+01:00"),
        "duration": ("P1D", "PT1M"),
        "email": ("a@a.aa", "a.b@a.aa"),
        "idn-email": ("a@a.aa", "é@a.aa"),
        "hostname": ("a", "a.aa"),
        "idn-hostname": ("a", "é.aa"),
        "ipv4": ("0.0.0.0", "192.0.2.1"),  # noqa: S104  a text, no address to bind to
        "ipv6": ("::", "2001:db8::1"),
        "uri": ("a:", "http://a.aa/"),
        "uri-reference": ("/", "", "a:"),
        "iri": ("a:", "http://é.aa/"),
        "iri-reference": ("/", "é"),
        "uuid": ("00000000-0000-0000-0000-000000000000", "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11"),
        "uri-template": ("/", "/{a}"),
        "json-pointer": ("", "/a"),
        "relative-json-pointer": ("0", "1/a"),
        "regex": ("a", ".*"),
        "byte": ("", "AAAA"),
    }
)
"""The simplest texts of each format."""
