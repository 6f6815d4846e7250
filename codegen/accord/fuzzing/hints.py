"""Values that a service is likely to take where its contract says little: those it shows, and what names suggest."""

import re
from collections.abc import Iterator, Mapping

from accord import synthesis
from accord.document import Json, unescape
from accord.findings import ABSENT
from accord.schemas import kinds
from accord.validity import validation
from accord.validity.asserting import identity

ROUND = 10
"""A number that is whole, even, a multiple of five and in the bounds of most things."""

DEEPEST = 4
"""Values further down are not looked at."""

KEPT = 4
"""So many different values are kept of one name."""

LONGEST = 64
"""Longer names and texts are nobody's."""

_GIVEN = ("id", "uuid", "_id", "href", "url", "self", "links", "_links", "etag", "version", "revision", "status")
_GIVEN_ENDS = ("_at", "At", "_by", "By", "_on", "On")

FORMS: Mapping[str, tuple[str, ...]] = {
    "date": ("2026-01-15", "2001-11-30", "2019-06-07"),
    "date-time": ("2026-01-15T09:30:00Z", "2001-11-30T23:05:09Z", "2019-06-07T12:00:00+02:00"),
    "email": ("someone@example.com", "first.last@example.org", "a1@mail.example.net"),
    "uuid": (
        "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11",
        "0d9a4f5c-3a61-4f0e-8b57-a1f3c2d4e5f6",
        "c2f5a8d1-7b3e-4e9d-a6c4-1b2d3e4f5a6b",
    ),
    "uri": ("https://example.com/", "https://example.org/a/b?c=d", "http://www.example.net/x"),
    "time": ("09:30:00Z", "23:05:09Z", "12:00:00+02:00"),
    "ipv4": ("192.0.2.1", "198.51.100.7", "203.0.113.99"),
    "hostname": ("example.com", "www.example.org", "a1.example.net"),
}
"""Values of the formats that texts often have without a word in the contract, the plainest first."""

CODES = ("1234", "123456", "AB", "ABC", "ABCDE", "ABC123", "AB123456", "abc-123", "+14155550123", "1.0.0", "#336699")
"""Short texts as codes and numbers are often written, which no format names."""

_NAMES: tuple[tuple[str, str], ...] = (
    (r"e ?mail( address)?", FORMS["email"][0]),
    (r"(tele)?phone( number)?|mobile|cell|fax|tel|msisdn", "+14155550123"),
    (r"birth ?day|birth|dob|date|day|due|expires|expiry", FORMS["date"][0]),
    (r"at|time|timestamp|datetime|when|since|until|starts?|begins?|ends?", FORMS["date-time"][0]),
    (r"url|uri|link|href|website|webhook|callback|homepage", FORMS["uri"][0]),
    (r"zip|zip ?code|post ?code|postal|postal code", "12345"),
    (r"password|passwd|passphrase|secret", "Correct-Horse-7"),
    (r"uuid|guid", FORMS["uuid"][0]),
    (r"ip|ip address", FORMS["ipv4"][0]),
    (r"host|host ?name|domain", FORMS["hostname"][0]),
    (r"country( code)?", "DE"),
    (r"currency( code)?", "EUR"),
    (r"lang|language|locale", "en"),
    (r"time ?zone|tz", "Europe/Berlin"),
    (r"colou?r", "#336699"),
    (r"(card )?number|pan", "4242424242424242"),
    (r"iban", "DE02120300000000202051"),
    (r"if match", "*"),
    (r"user ?name|login|slug|handle|key|code", "abc123"),
)
_PLAIN_NAMES = tuple((re.compile(rf"(?:.* )?(?:{pattern})"), value) for pattern, value in _NAMES)

Shown = Mapping[str, tuple[Json, ...]]
"""Values that answers showed, by the name of their property."""


def is_given(name: str) -> bool:
    """Whether a service is likely to give what has this name."""
    return name.lower() in _GIVEN or name.endswith(_GIVEN_ENDS)


def show(shown: dict[str, tuple[Json, ...]], value: Json, depth: int = 0) -> None:
    """Keep what `value`, a part of an answer, shows by the names of its properties."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:KEPT]:
            show(shown, item, depth + 1)
    for name, item in value.items() if isinstance(value, dict) else ():
        known = shown.get(name, ())
        if item in (None, "", [], {}) or len(name) > LONGEST or (isinstance(item, str) and len(item) > LONGEST):
            continue
        if len(known) < KEPT and identity(item) not in map(identity, known):
            shown[name] = (*known, item)
        show(shown, item, depth + 1)


def records(value: Json) -> Iterator[Mapping[str, Json]]:
    """The objects of an answer: itself, its items, the items of a list in it."""
    inside = value.values() if isinstance(value, dict) else ()
    for part in (value, *(part for part in inside if isinstance(part, list))):
        yield from (item for item in (part if isinstance(part, list) else [part]) if isinstance(item, dict) and item)


def suggested(name: str) -> tuple[str, ...]:
    """A text that `name` suggests, if it suggests one."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-. ]+", " ", name).lower()
    return next(((value,) for pattern, value in _PLAIN_NAMES if pattern.fullmatch(words)), ())


def followed(schema: Json, definitions: Mapping[str, Json]) -> Mapping[str, Json]:
    """What `schema` says, or the one that it names."""
    for _ in range(DEEPEST):
        if not isinstance(schema, Mapping) or not isinstance(schema.get("$ref"), str):
            break
        schema = definitions.get(unescape(schema["$ref"].removeprefix("#/$defs/")), {})
    return schema if isinstance(schema, Mapping) else {}


def likely(schema: Json, definitions: Mapping[str, Json], name: str, shown: Shown, depth: int = 0) -> Iterator[Json]:
    """Values of `schema`, the property `name`, that a service may well take: shown, composed of such, suggested."""
    whole = {**(schema if isinstance(schema, Mapping) else {}), "$defs": definitions}
    rule = followed(schema, definitions)
    if not {"enum", "const", "examples", "example"}.isdisjoint(rule):
        return
    found = [*shown.get(name, ()), *_composed(rule, definitions, name, shown, depth)]
    if "string" in kinds.kinds(rule, definitions):
        found += suggested(name)
    yield from (value for value in found if value is not ABSENT and validation.is_valid(whole, value))


def _composed(
    rule: Mapping[str, Json], definitions: Mapping[str, Json], name: str, shown: Shown, depth: int
) -> Iterator[Json]:
    def best(part: Json, inner: str) -> Json:
        whole = {**(part if isinstance(part, Mapping) else {}), "$defs": definitions}
        plain = synthesis.plausible(whole)
        told = not {"enum", "const", "examples", "example"}.isdisjoint(followed(part, definitions))
        if type(plain) is int and not told and validation.is_valid(whole, ROUND):
            plain = ROUND
        return next(likely(part, definitions, inner, shown, depth + 1), plain)

    if depth > DEEPEST:
        return
    for option in (*rule.get("oneOf", ()), *rule.get("anyOf", ())):
        yield from likely(option, definitions, "", shown, depth + 1)
    parts = {key: part for key, part in rule.get("properties", {}).items() if part is not False and not is_given(key)}
    if parts:
        made = {key: best(part, key) for key, part in parts.items()}
        yield {key: value for key, value in made.items() if value is not ABSENT}
    if isinstance(rule.get("items"), Mapping):
        item = best(rule["items"], name.removesuffix("s"))
        yield ABSENT if item is ABSENT else [item]
