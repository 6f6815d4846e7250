"""What a sequence of exchanges tells of the memory of a service: the same request before, and what was written."""

import itertools
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from accord.contract import is_json
from accord.document import Json, places
from accord.exchange import SUCCESS, Exchange, Request, header, path_of
from accord.findings import ABSENT
from accord.messages.answers import content_type, parsed
from accord.messages.encoding import DecodeError
from accord.messages.sameness import is_same_text, moment

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110 section 9.2.1)."""

IDENTITIES = ("id", "uuid", "_id")
"""Properties that name a thing."""

_KEYS = frozenset({"idempotency-key", "x-idempotency-key"})
_DRY = frozenset({"dryrun", "validateonly", "checkonly", "previewonly", "simulate", "testrun"})

STRONG = re.compile(r'"[^"\x00-\x20]*"')
"""A strong entity tag (RFC 9110 section 8.8.3)."""

_DRAWN = re.compile(r"(?=.*\d)[\w.:+/=?&%~;,@!-]{8,}")
"""Text as machines draw it: an id, a token, a digest, a clock, an address that holds one of them."""


def succeeded(exchange: Exchange) -> bool:
    """Whether the answer is one of success."""
    return exchange.response is not None and exchange.response.status in SUCCESS


def place(request: Request) -> str:
    """The path that `request` goes to, without its query and its last slash."""
    return path_of(request.url).rstrip("/")


def value(exchange: Exchange) -> Json:
    """The value of the answer's body where it is JSON; else ABSENT."""
    if exchange.response is None or not is_json(content_type(exchange)):
        return ABSENT
    return _read(exchange.response.body)


def written(exchange: Exchange) -> Json:
    """The value of the request's body where it is JSON; else ABSENT."""
    request = exchange.request
    return _read(request.body) if is_json(header(request.headers, "Content-Type") or "") else ABSENT


def tag(exchange: Exchange) -> str:
    """The strong entity tag of an answer of success; empty where it has none."""
    text = header(exchange.response.headers, "ETag") if exchange.response is not None else None
    return text.strip() if text is not None and succeeded(exchange) and STRONG.fullmatch(text.strip()) else ""


def identity(item: Json) -> Json:
    """What a thing is known by: its id; ABSENT where its answer has none."""
    if not isinstance(item, dict):
        return ABSENT
    return next((item[name] for name in IDENTITIES if item.get(name) is not None), ABSENT)


def known(item: Json) -> Json:
    """What `item` is known by, with its name; the whole of it where nothing tells it apart."""
    names = (name for name in IDENTITIES if isinstance(item, dict) and item.get(name) is not None)
    name = next(names, "")
    return {name: item[name]} if name else item


def like(found: Json) -> Json:
    """A schema of the objects that have all that `found` has; of `found` alone where that is none."""
    if not isinstance(found, dict):
        return {"const": found}
    return {"properties": {name: {"const": value} for name, value in found.items()}, "required": list(found)}


def is_key(name: str) -> bool:
    """Whether the header `name` holds a key by which a request is known when it is sent again (an IETF draft)."""
    return name.lower() in _KEYS


def is_dry(name: str) -> bool:
    """Whether the flag `name` of a request says that nothing shall be done."""
    return "".join(char for char in name.lower() if char.isalnum()) in _DRY


def is_identity(name: str) -> bool:
    """Whether `name` is that of any id."""
    return name in IDENTITIES


def makes(exchange: Exchange) -> bool:
    """Whether `exchange` may have made something: a `POST` that was answered with success."""
    return exchange.request.method == "POST" and succeeded(exchange)


def reads_after_making(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    """Whether `exchange` is a read, answered with success, after something was made."""
    return exchange.request.method == "GET" and succeeded(exchange) and any(map(makes, earlier))


def identifying(exchange: Exchange) -> tuple[str, ...]:
    """Properties that tell what `exchange` made from others: ids, and those that its `Location` names it by."""
    text = header(exchange.response.headers, "Location") if exchange.response is not None else None
    last, made = unquote(path_of(text or "").rstrip("/").rpartition("/")[2]), value(exchange)
    if not last or not isinstance(made, dict):
        return IDENTITIES
    told = (name for name, part in made.items() if type(part) in {str, int} and str(part) == last)
    return tuple(dict.fromkeys((*IDENTITIES, *told)))


def is_made_at(exchange: Exchange, here: str) -> bool:
    """Whether `exchange` made the thing at `here`: its answer names it, by a link or by the last part of the path."""
    if exchange.request.method != "POST" or exchange.response is None:
        return False
    location = header(exchange.response.headers, "Location")
    if location and path_of(location).rstrip("/").endswith(here):
        return True
    above, _, last = here.rpartition("/")
    return unquote(last) in scalars(value(exchange)) and place(exchange.request) == above


def about(here: str, earlier: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """The exchanges of `earlier` that succeeded with the thing at `here`: what made it, wrote it, read it."""
    return tuple(
        item
        for item in earlier
        if succeeded(item)
        and (item.case is None or item.case.valid)
        and (place(item.request) == here or is_made_at(item, here))
    )


def last_write(earlier: Sequence[Exchange]) -> int:
    """Which of `earlier` is the last that may have changed something; -1 where none is."""
    return max((at for at, item in enumerate(earlier) if item.request.method not in SAFE), default=-1)


def last_read(here: str, earlier: Sequence[Exchange]) -> Json:
    """The value that the last of `earlier` with the path `here` was answered with; ABSENT where none succeeded."""
    found = (item for item in reversed(earlier) if place(item.request) == here and succeeded(item))
    return next((value(item) for item in found), ABSENT)


def behind(item: Json, way: Sequence[str]) -> Json:
    """What `item` has behind the names of `way`; ABSENT where it has nothing there."""
    return next(places(item, tuple(way)), ABSENT)


def named(exchange: Exchange) -> str:
    """An exchange as a message names it."""
    return f"`{exchange.request.method} {path_of(exchange.request.url)}`"


def _read(body: bytes) -> Json:
    try:
        return parsed(body)
    except DecodeError:
        return ABSENT


def alike(exchange: Exchange, earlier: tuple[Exchange, ...]) -> tuple[Exchange, ...]:
    """The exchanges of `earlier` that were started by the same request, the oldest first."""
    return tuple(other for other in earlier if other.request == exchange.request and other.response is not None)


def undisturbed(exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    """Whether nothing that may change the service was sent since the same request was first sent, itself included."""
    start = next((index for index, other in enumerate(earlier) if other.request == exchange.request), len(earlier))
    return all(other.request.method in SAFE for other in (*earlier[start:], exchange))


def returns(values: Sequence[Json]) -> bool:
    """Whether a value comes back after another one was there: what a clock, a counter or a fresh id never does."""
    left: list[Json] = []
    for before, after in itertools.pairwise(values):
        if before != after:
            left.append(before)
            if after in left:
                return True
    return False


def looks_volatile(values: Sequence[Json]) -> bool:
    """Whether `values` look like those of a clock, a counter or a draw: numbers, moments, ids."""
    return all(_is_drawn(item) for item in values)


def _is_drawn(item: Json) -> bool:
    if isinstance(item, bool):
        return False
    if isinstance(item, str):
        return moment(item) is not None or bool(_DRAWN.fullmatch(item))
    return item is None or isinstance(item, int | float)


def same(given: Json, got: Json) -> bool:
    """Whether `got` keeps what `given` says: objects may say more, and a null that is given asks for nothing."""
    if given is None:
        return True
    if isinstance(given, dict) and isinstance(got, dict):
        return all(same(item, got.get(name, ABSENT)) for name, item in given.items())
    if isinstance(given, list) and isinstance(got, list):
        return len(given) == len(got) and all(map(same, given, got))
    if isinstance(given, bool) or isinstance(got, bool):
        return given is got
    if isinstance(given, str) and isinstance(got, str):
        return is_same_text(given, got)
    return bool(given == got) or _alike(given, got)


def _alike(given: Json, got: Json) -> bool:
    """Whether two numbers, one of them read with a point or exponent, are the same to the precision of such."""
    if not isinstance(given, int | float) or not isinstance(got, int | float) or not {type(given), type(got)} - {int}:
        return False
    try:
        return float(given) == float(got)
    except OverflowError:
        return False


def kind(item: Json) -> str:
    """The JSON type of `item`; integers are numbers."""
    if isinstance(item, bool):
        return "boolean"
    if isinstance(item, int | float):
        return "number"
    names: tuple[tuple[type, str], ...] = ((str, "string"), (list, "array"), (dict, "object"))
    return next((name for each, name in names if isinstance(item, each)), "null")


def scalars(item: Json) -> Iterator[str]:
    """The texts by which a path may name the thing that `item` describes: its numbers and strings at the top."""
    if isinstance(item, dict):
        yield from (str(part) for part in item.values() if isinstance(part, str | int) and not isinstance(part, bool))
