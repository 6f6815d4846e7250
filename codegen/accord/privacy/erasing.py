"""Erasing: what was masked in one place of some exchanges, masked in every other place of them.

A text of some length is found inside a longer one too; a short one, and a number, only where it stands alone.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from accord.contract import essence, is_json
from accord.exchange import Exchange, Headers, header
from accord.privacy import literals

_ALONE = re.compile(r"(?<=[/=&?])[^/=&?#]+")
"""What stands alone in a URL: a part of its path, a value of its query."""


@dataclass(slots=True)
class Masks:
    """The masks that were made: `long` are found wherever they stand, `short` where they stand alone.

    `documented` are names of properties that are kept whatever was masked; `renamed` are the names that were changed.
    """

    long: dict[str, str] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)
    documented: frozenset[str] = frozenset()
    renamed: dict[str, str] = field(default_factory=dict)


def erased(masks: Masks, before: Exchange, after: Exchange, *, alone: bool = False) -> Exchange:
    """`after`, which is `before` with masks in it, with everything else that was masked anywhere; short ones `alone`.

    Headers that tell the length of a body tell that of the new one.
    """
    clean, short = _cleaner(masks.long), masks.short if alone else {}

    def plain(text: str) -> str:
        return clean(short.get(text, text))

    def url(text: str) -> str:
        return clean(_ALONE.sub(lambda part: short.get(part[0], part[0]), text) if short else text)

    asked = after.request
    request = replace(
        asked,
        url=url(asked.url),
        headers=tuple((name, url(plain(value))) for name, value in asked.headers),
        body=_body(masks, asked.body, asked.headers, plain),
    )
    request = replace(request, headers=_sized(request.headers, before.request.body, request.body))
    response = after.response
    if response is not None and before.response is not None:
        headers = tuple((name, url(plain(value))) for name, value in response.headers)
        body = _body(masks, response.body, response.headers, plain)
        headers = _sized(headers, before.response.body, body)
        response = replace(response, reason=clean(response.reason), headers=headers, body=body)
    case = after.case
    if case is not None:
        case = replace(case, request=request, description=clean(case.description))
    return replace(after, request=request, response=response, case=case, failure=clean(after.failure))


def _cleaner(long: Mapping[str, str]) -> Callable[[str], str]:
    """What puts masks into a text, also where it is escaped as in a URL."""
    masks = {_quoted(text): _quoted(mask) for text, mask in long.items()} | dict(long)
    if not masks:
        return lambda text: text
    place = re.compile("|".join(map(re.escape, sorted(masks, key=len, reverse=True))))
    return lambda text: place.sub(lambda found: masks[found[0]], text)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _body(masks: Masks, body: bytes, headers: Headers, clean: Callable[[str], str]) -> bytes:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return clean(body.decode("latin-1")).encode("latin-1", "replace") if masks.long else body
    if not looks_json(text, essence(header(headers, "Content-Type") or "")):
        return clean(text).encode()

    def name(_path: literals.Path, written: str) -> str:
        return written if written in masks.documented else renamed(masks, written, clean(written))

    def number(_path: literals.Path, written: str) -> str:
        return clean(written) if written in masks.long or written in masks.short else written

    return literals.rewritten(text, lambda _path, value: clean(value), number, name).encode()


def renamed(masks: Masks, name: str, new: str) -> str:
    """The name `new`, which takes the place of `name`."""
    if name != new:
        masks.renamed[name] = new
    return new


def looks_json(text: str, kind: str) -> bool:
    """Whether a body of media type `kind` is JSON, or a stream of it, or looks so."""
    return is_json(kind) or kind == "text/event-stream" or text.lstrip()[:1] in {"{", "["}


def _sized(headers: Headers, before: bytes, after: bytes) -> Headers:
    old = str(len(before))
    return tuple(
        (name, str(len(after)) if name.lower() == "content-length" and value == old else value)
        for name, value in headers
    )
