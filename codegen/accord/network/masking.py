"""Secrets: put into a request at the moment of sending, and out of whatever came back."""

import base64
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from accord.errors import ConfigError
from accord.exchange import VARIANTS, Headers, mentions
from accord.network.wire import UnsendableError

SHORTEST = 8
"""Secrets shorter than this are not looked for in answers: they would be found in ordinary words."""

SENSITIVE = re.compile(r"(?i)^(proxy-)?authorization$|^(set-)?cookie$|api-?key|token|secret|passw|credential|session")
"""Headers whose literal value is a secret, by the look of their names."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The values behind `$NAME`: those given, then the environment. `public` names are no secrets, and never masked."""

    given: Mapping[str, str]
    public: frozenset[str] = frozenset()


def secret(secrets: Secrets, name: str) -> str:
    """The value behind `$name`; ConfigError names the variable when it has none."""
    value = secrets.given.get(name) or os.environ.get(name)
    if value:
        return value
    raise ConfigError(f"The environment variable `{name}` is not set, and requests need it: export {name}=….")


def fill(secrets: Secrets, text: str, names: Iterable[str], *, url: bool = False) -> str:
    """`text` with the value of each `$NAME` or variant in it; percent-encoded in a URL, base64 after `Basic `.

    Raises UnsendableError where a variant is no other than the secret itself, or nothing at all.
    """
    known = sorted((name for name in names if mentions(text, name)), key=len, reverse=True)
    if not known:
        return text
    word, _, rest = text.partition(" ")
    if word.lower() == "basic" and not url:
        return f"{word} {base64.b64encode(fill(secrets, rest, known).encode()).decode()}"
    names_ = "|".join(map(re.escape, known))
    endings = "|".join(map(re.escape, VARIANTS))
    place = re.compile(rf"\$\{{(?P<almost>{names_})(?P<ending>{endings})\}}|\$(?P<name>{names_})")

    def filled(match: re.Match[str]) -> str:
        value = secret(secrets, match["almost"] or match["name"])
        varied = VARIANTS[match["ending"]](value) if match["almost"] else value
        if match["almost"] and varied in {value, ""}:
            raise UnsendableError(f"`${match['almost']}` has no such variant")
        return quote(varied, safe="") if url else varied

    return place.sub(filled, text)


def masks(secrets: Secrets, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Every spelling of every secret worth hiding, longest first, with the `$NAME` that takes its place."""
    found: dict[str, str] = {}
    for name in names:
        if name in secrets.public:
            continue
        value = secret(secrets, name)
        password = value.partition(":")[2]
        almost = tuple(varied(value) for varied in VARIANTS.values())
        for text in (value, password, quote(value, safe=""), base64.b64encode(value.encode()).decode(), *almost):
            if len(text) >= SHORTEST:
                found.setdefault(text, f"${name}")
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


def mask_text(text: str, hidden: tuple[tuple[str, str], ...]) -> str:
    """`text` with every secret in it as `$NAME`."""
    for value, name in hidden:
        text = text.replace(value, name)
    return text


def mask_bytes(data: bytes, hidden: tuple[tuple[str, str], ...]) -> bytes:
    """`data` with every secret in it as `$NAME`."""
    for value, name in hidden:
        data = data.replace(value.encode(), name.encode())
    return data


def mask_headers(headers: Headers, hidden: tuple[tuple[str, str], ...]) -> Headers:
    """`headers` with every secret in a value as `$NAME`."""
    return tuple((name, mask_text(value, hidden)) for name, value in headers) if hidden else headers


def name_for(header: str) -> str:
    """The `NAME` under which the literal value of `header` is kept: upper snake, without `X-`."""
    return re.sub(r"[^A-Z0-9]+", "_", re.sub(r"(?i)^x-", "", header).upper()).strip("_") or "SECRET"
