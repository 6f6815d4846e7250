"""Valid values that services stumble over: text, numbers, lists and names that a schema allows and nobody expects."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.schemas import kinds
from accord.strategies.fault import whole
from accord.strategies.merging import branches
from accord.validity import validation

TEXTS: tuple[tuple[str, str], ...] = (
    ("a null character", "a\0b"),
    ("white space alone", "   "),
    ("padding", "  text  "),
    ("an apostrophe", "O'Neil"),
    ("astral characters", "\U0001f600\U0001f469\u200d\U0001f4bb"),
    ("a decomposed letter", "e\u0301a\u0308"),
    ("line breaks", "a\r\nb\nc"),
    ("angle brackets", "<script>alert(1)</script>"),
    ("quotes", 'say "text"'),
    ("backslashes", "C:\\new\\table\\"),
    ("braces", "{{7*7}}${7*7}{0}#{x}"),
    ("control characters", "\x01\x08\x1b[31m\x7f"),
    ("right-to-left text", "\u202eabc\u05e9\u05dc\u05d5\u05dd"),
    ("zero-width characters", "a\u200bb\u2060\ufeff"),
    ("a line break at its end", "text\n"),
    ("a percent sign", "100% %s %d %00 %zz"),
    ("a number", "12345"),
    ("the word null", "null"),
    ("the word true", "true"),
    ("a query in SQL", "' OR '1'='1' --"),
    ("a path upwards", "../../etc/passwd"),
    ("an ampersand", "a&b=c&amp;d"),
    ("a comma and a semicolon", "a,b;c|d"),
    ("a plus and a space", "a+b c"),
    ("a slash", "a/b"),
    ("JSON", '{"a": [1, null]}'),
    ("a formula", "=1+1"),
    ("a tab", "a\tb"),
    ("letters of other cases", "\u0130\u0131\u00df\ufb01\u01c5"),
    ("many combining marks", "Z" + "\u0301\u0323\u0330" * 16),
    ("line separators", "a\u2028b\u2029c\u0085d"),
    ("a no-break space", "\u00a0a\u3000"),
    ("digits of other scripts", "\u0661\u0662\u0663\uff11"),
    ("a negative number", "-1"),
    ("a leading zero", "007"),
    ("a number with an exponent", "1e5"),
    ("the word NaN", "NaN"),
    ("the word undefined", "undefined"),
    ("a date", "2026-02-28"),
    ("a point in time", "2026-02-28T23:59:59Z"),
    ("a leap day", "2024-02-29"),
    ("an e-mail address", "a@b.example"),
    ("an e-mail address in both cases", "First.Last+tag@Example.COM"),
    ("a URL", "https://example.com/?a=b#c"),
    ("a UUID", "00000000-0000-0000-0000-000000000000"),
    ("a command", "$(id); `id` | id"),
    ("a comment", "/* a */ -- b # c // d"),
    ("a lone character outside Latin", "\u4e2d"),
    ("noncharacters", "\uffff\ufffe"),
    ("private characters", "\ue000\U000f0000"),
    ("a regular expression", "^(a+)+$ .* [z-a"),
    ("upper case", "TEXT"),
    ("a name of JavaScript", "__proto__"),
    ("a name with an accent", "José Ñandú"),
    ("a colon", "a: b"),
    ("a leading at", "@a"),
    ("a header", "a\r\nX-Injected: 1"),
)
"""Short texts by what is odd in them, the most telling first."""

LENGTHS = (255, 256, 257, 1023, 1024, 1025, 4097, 65_535, 65_536, 65_537)
"""Lengths around which buffers and columns end."""

SMALL = 2_000
"""Texts up to so long can stand in every place at once."""

NUMBERS: tuple[Json, ...] = (
    *(0, 1.0, -1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**21),
    *(-0.0, 0.1 + 0.2, 1e16, 1e-7, 1e300, 5e-324, 123456789.123456789, 255, 256, 65_536, 2**32, 0.5, -0.5, 99.999),
)

NAMES: tuple[tuple[str, str], ...] = (
    ("an empty name", ""),
    ("a name with a null character", "a\0b"),
    ("a name in both letter cases", "firstName"),
    ("a name with a point", "a.b"),
    ("a name with a slash and a tilde", "a/b~c"),
    ("a name with a dollar sign", "$ref"),
    ("a name of JavaScript", "__proto__"),
    ("a name with white space", " a\tb\n"),
    ("a name outside Latin", "\u4e2d\U0001f600"),
    ("a number for a name", "0"),
    ("a name with quotes", "a\"b'c"),
    ("a name with brackets", "a[0]"),
    ("a decomposed name", "e\u0301"),
    ("a long name", "n" * 1025),
)
KNOWN = ("constructor", "class", "default", "type", "id", "length", "keys", "get", "self", "toString", "hasOwnProperty")
"""Names that languages, or their objects, have of their own."""

MANY = 300
"""So many items and names are very many."""

_HELD = 16
_DEEP = 48


def oddities(schema: Json, definitions: Mapping[str, Json]) -> tuple[tuple[str, Json], ...]:
    """What is odd, and the value, for every hostile value that `schema` allows; long text comes last."""
    asked = whole(schema, definitions)
    found: dict[str, tuple[str, Json]] = {}
    for branch in branches(schema, definitions):
        keywords = branch.keywords
        if "enum" in keywords:
            continue
        types = keywords.get("type", tuple(_MAKERS))
        for kind in types:
            made = _MAKERS[kind](keywords) if kind in _MAKERS else ()
            for told, value in (*made, *(_held(keywords, definitions) if kind == "object" else ())):
                if f"{kind} {told}" not in found and validation.is_valid(asked, value):
                    found[f"{kind} {told}"] = (told, value)
    return tuple(sorted(found.values(), key=lambda item: isinstance(item[1], str) and len(item[1]) > SMALL))


def _texts(keywords: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    least, most = int(keywords.get("minLength", 0)), int(keywords.get("maxLength", 10**9))
    for told, text in TEXTS:
        yield told, text.ljust(least, "x")[:most] if most >= len(text.rstrip()) or most > 1 else text[:most]
    for length in LENGTHS:
        if least <= length <= most:
            yield f"{length:,} characters", "a" * length
    wide = most if most <= LENGTHS[-1] else 256  # who counts bytes, or halves of pairs, finds more than there are
    if wide >= max(least, 2):
        yield f"{wide:,} characters of four bytes", "\U0001f600" * wide


def _numbers(_keywords: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for value in NUMBERS:
        yield f"the number {value}", value


def _arrays(keywords: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    items = keywords.get("items", True)
    if items is True or items == {}:
        deep: Json = []
        for _ in range(_DEEP):
            deep = [deep]
        yield f"{_DEEP} arrays in one another", deep
        yield "items of every type", [None, True, 0, "", [], {}]
        yield f"{MANY} items", list(range(MANY))


def _objects(keywords: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    rest = keywords.get("additionalProperties", True)
    if keywords.get("properties") or keywords.get("required") or rest is False:
        return
    values: tuple[Json, ...] = ("text", 1, True, None, [], {})
    for value in values:
        yield from ((told, {name: value}) for told, name in NAMES)
        yield f"{MANY} names", {f"n{at}": value for at in range(MANY)}
        yield "names that languages have of their own", dict.fromkeys(_spelt(keywords), value)
    deep: Json = {}
    for _ in range(_DEEP):
        deep = {"a": deep}
    yield f"{_DEEP} objects in one another", deep


def _spelt(keywords: Mapping[str, Json]) -> list[str]:
    """As many of the known names as may be there at once."""
    rules = {**whole(keywords.get("propertyNames", True), {}), "type": "string"}
    free = [name for name in KNOWN if "$ref" in rules or validation.is_valid(rules, name)]
    return free[: int(keywords.get("maxProperties", len(free)))]


def _held(keywords: Mapping[str, Json], definitions: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Odd texts under names that nobody declared, as many in one object as may be."""
    rest = keywords.get("additionalProperties")
    if keywords.get("properties") or keywords.get("required") or not isinstance(rest, Mapping):
        return
    asked = whole(rest, definitions)
    kept = [
        text
        for branch in branches(rest, definitions)
        if "string" in branch.keywords.get("type", ("string",)) and "enum" not in branch.keywords
        for _, text in _texts(branch.keywords)
        if len(text) <= SMALL and validation.is_valid(asked, text)
    ]
    size = max(min(int(keywords.get("maxProperties", _HELD)), _HELD), 1)
    for at in range(0, len(kept), size):
        yield f"odd texts from {at}", {f"x{number}": text for number, text in enumerate(kept[at : at + size])}


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[tuple[str, Json]]]] = MappingProxyType(
    {"string": _texts, "integer": _numbers, "number": _numbers, "array": _arrays, "object": _objects}
)


def invited(schema: Json, definitions: Mapping[str, Json], value: Json) -> Iterator[tuple[str, Json]]:
    """`value`, an object, with names that nobody declared, where `schema` lets anybody add them."""
    asked = whole(schema, definitions)
    if "object" not in kinds.kinds(schema, definitions) or not isinstance(value, dict):
        return
    for told, name in (("one more name", "x-more"), *NAMES):
        more = {**value, name: "text"}
        if name not in value and validation.is_valid(asked, more):
            yield told, more
    many = {**value, **{f"x-{at}": at for at in range(MANY)}}
    if validation.is_valid(asked, many):
        yield f"{MANY} more names", many
