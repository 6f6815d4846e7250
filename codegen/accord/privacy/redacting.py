"""Redacting: an exchange without what is nobody else's business, each text as long as it was and of the same kind.

A value that is masked in one place is masked wherever else it stands in exchanges that belong together.
"""

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from accord.contract import Operation, Schema, essence, media_type_for
from accord.exchange import Exchange, Headers, Request, header
from accord.messages import answers
from accord.messages.encoding import DecodeError, parse_json
from accord.messages.routing import match_path
from accord.network.masking import SENSITIVE, SHORTEST
from accord.privacy import erasing, literals, redaction, sensitive
from accord.privacy.erasing import Masks
from accord.privacy.literals import Path
from accord.privacy.sensitive import Place
from accord.validity import validation

TRIES = 8
"""So many masks are tried before none is found that obeys."""

_SCHEME = re.compile(r"(?i)(?P<kept>bearer |basic |token |digest )?(?P<secret>.*)", re.DOTALL)
_COOKIE = re.compile(r"(?<==)(?P<secret>[^;,\s]*)")
FIELD = re.compile(
    rb'name="?(?P<name>[^";\r\n]+)"?[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(?P<value>.*?)(?=\r\n--)', re.DOTALL
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = frozenset({"content-type", "content-length", "content-encoding", "date", "host", "accept", "user-agent"})
"""Headers that say how an exchange is to be read, and nothing about anybody."""


@dataclass(slots=True)
class Masking:
    """How to mask: `everything`, or what is sensitive; `listed` are texts that the contract itself lists.

    `masks` are those made so far for the exchanges, `places` what is known of places in schemas (by the identity of
    a schema that lives as long), and `count` how many values were masked.
    """

    secret: bytes
    everything: bool = False
    listed: frozenset[str] = frozenset()
    masks: Masks = field(default_factory=Masks)
    places: dict[tuple[int, Path], Place] = field(default_factory=dict)
    count: int = 0


def redacted(
    exchanges: tuple[Exchange, ...], operations: tuple[Operation | None, ...], masking: Masking, *, alone: bool = False
) -> tuple[Exchange, ...]:
    """`exchanges`, which belong together, masked as the operation of each, where it is known which, marks its values.

    Names and looks tell the rest. Short texts and numbers that are masked in one place are so wherever they stand
    `alone`, where that is asked for.
    """
    masked = [_masked(one, operation, masking) for one, operation in zip(exchanges, operations, strict=True)]
    return tuple(
        erasing.erased(masking.masks, before, after, alone=alone)
        for before, after in zip(exchanges, masked, strict=True)
    )


def _masked(exchange: Exchange, operation: Operation | None, masking: Masking) -> Exchange:
    asked, answered = exchange.request, exchange.response
    secrets = frozenset(_secret_headers(operation))
    body = _body(masking, asked.body, asked.headers, _schema_of_request(operation, asked))
    url = _url(masking, asked.url, operation, secrets)
    request = replace(asked, url=url, headers=_headers(masking, asked.headers, secrets), body=body)
    response = None
    if answered is not None:
        medium = None if operation is None else answers.media_type(operation, exchange)
        schema = None if medium is None else medium.schema
        named = frozenset(_secret_answers(operation, exchange))
        body = _body(masking, answered.body, answered.headers, schema)
        response = replace(answered, headers=_headers(masking, answered.headers, named), body=body)
    return replace(exchange, request=request, response=response)


def _mask(masking: Masking, text: str, rules: tuple[Schema, ...] = (), *, told: bool = True) -> str:
    """The mask of a text that is sensitive as a whole; it obeys those of `rules` that the text does, if a mask can.

    One that nothing has `told` to be sensitive is not looked for in other texts.
    """
    if not text or text in masking.listed or (text.startswith("$") and text[1:].isupper()):
        return text
    mask = _obedient(masking, text, rules) if rules else redaction.mask_scalar(text, masking.secret)
    masking.count += 1
    if len(text) < SHORTEST or not told:
        masking.masks.short[text] = mask
    else:
        masking.masks.long[text] = mask
    return mask


def _obedient(masking: Masking, text: str, rules: tuple[Schema, ...]) -> str:
    """A mask that obeys the rules: the usual, another, or one that keeps the beginning, which the contract tells."""
    obeyed = [rule for rule in rules if validation.is_valid(rule, text)]
    usual = masking.masks.long.get(text) or masking.masks.short.get(text) or redaction.mask_scalar(text, masking.secret)
    others = (redaction.mask_scalar(text, masking.secret + bytes([salt])) for salt in range(TRIES))
    begun = (text[:count] + usual[count:] for count in range(1, len(text)))
    for mask in itertools.chain((usual,), others, begun):
        if mask != text and all(validation.is_valid(rule, mask) for rule in obeyed):
            return mask
    return usual


def _number(masking: Masking, literal: str, rules: tuple[Schema, ...]) -> str:
    """The mask of a JSON number; it obeys those of `rules` that the number obeys, if one of some masks does."""
    masking.count += 1
    usual = masking.masks.short.get(literal) or redaction.mask_number(literal, masking.secret)
    others = (redaction.mask_number(literal, masking.secret + bytes([salt])) for salt in range(TRIES * 4))
    masking.masks.short[literal] = _within(rules, literal, itertools.chain((usual,), others)) or usual
    return masking.masks.short[literal]


def _within(rules: tuple[Schema, ...], literal: str, masks: Iterable[str]) -> str | None:
    """The first of `masks` that obeys what `literal` obeys; None when no reader has room for one of them."""
    try:
        obeyed = [rule for rule in rules if validation.is_valid(rule, parse_json(literal.encode()))]
        values = ((mask, parse_json(mask.encode())) for mask in masks)
        return next((mask for mask, value in values if all(validation.is_valid(rule, value) for rule in obeyed)), None)
    except DecodeError:
        return None


def _look(masking: Masking, text: str) -> str:
    """`text` with what gives itself away masked."""
    for pattern in sensitive.LOOKS:
        text = redaction.replacing(pattern, lambda found: _mask(masking, found), text)
    return text


def _judge(masking: Masking, text: str, about: Place) -> str:
    if _is_hidden(masking, about):
        return _mask(masking, text, about.rules, told=about.said is True)
    return text if about.said is False else _look(masking, text)


def _is_hidden(masking: Masking, about: Place) -> bool:
    return about.said is True or (masking.everything and about.said is None)


def _secret_headers(operation: Operation | None) -> Iterable[str]:
    """Names, in lower case, of the headers and query parameters that the contract says are secret."""
    if operation is not None:
        yield from (scheme.parameter.lower() for option in operation.security for scheme in option if scheme.parameter)
        marked = (item for item in operation.parameters if sensitive.is_marked(item.schema))
        yield from (item.name.lower() for item in marked)


def _secret_answers(operation: Operation | None, exchange: Exchange) -> Iterable[str]:
    response = None if operation is None else answers.promised(operation, exchange)
    if response is not None:
        yield from (item.name.lower() for item in response.headers if sensitive.is_marked(item.schema))


def _headers(masking: Masking, headers: Headers, secret: frozenset[str]) -> Headers:
    return tuple((name, _header(masking, name, value, secret)) for name, value in headers)


def _header(masking: Masking, name: str, value: str, secret: frozenset[str]) -> str:
    if "cookie" in name.lower():
        first, mark, rest = value.partition(";") if name.lower() == "set-cookie" else (value, "", "")
        return redaction.replacing(_COOKIE, lambda found: _mask(masking, found), first) + mark + rest
    if name.lower() in secret or SENSITIVE.search(name) or sensitive.is_name(name):
        return redaction.replacing(_SCHEME, lambda found: _mask(masking, found), value)
    return value if name.lower() in _WHOLE else _look(masking, value)


def _url(masking: Masking, url: str, operation: Operation | None, secret: frozenset[str]) -> str:
    """`url` with sensitive parameters of its query and of its path masked."""
    head, mark, query = url.partition("?")
    query, hash_mark, fragment = query.partition("#")
    pairs = []
    for pair in query.split("&"):
        name, sign, value = pair.partition("=")
        said = True if unquote(name).lower() in secret or sensitive.is_name(unquote(name)) else None
        pairs.append(name + sign + (_mask(masking, value) if said else _look(masking, value)))
    front, path = _authority(masking, head)
    path = _look(masking, _path(masking, path, operation, secret))
    return front + path + mark + "&".join(pairs) + hash_mark + fragment


def _authority(masking: Masking, head: str) -> tuple[str, str]:
    """Scheme and host, with who logs in masked; and the path."""
    found = re.match(r"([^/?#]*://)(?:([^/@]*)(@))?([^/]*)", head)
    if found is None:
        return "", head
    user = _mask(masking, found[2]) if found[2] else ""
    return found[1] + user + (found[3] or "") + found[4], head[found.end() :]


def _path(masking: Masking, head: str, operation: Operation | None, secret: frozenset[str]) -> str:
    if operation is None:
        return head
    segments = head.split("/")
    count = operation.path.count("/")
    found = match_path(operation.path, "/" + "/".join(segments[len(segments) - count :])) if count else None
    for name, value in (found or {}).items():
        if name.lower() in secret or sensitive.is_name(name):
            front, sign, back = head.rpartition(value)
            head = front + _mask(masking, value) + back if sign else head
    return head


def _schema_of_request(operation: Operation | None, request: Request) -> Schema | None:
    if operation is None or operation.body is None:
        return None
    medium = media_type_for(operation.body.content, header(request.headers, "Content-Type") or "application/json")
    return None if medium is None else medium.schema


def _body(masking: Masking, body: bytes, headers: Headers, schema: Schema | None) -> bytes:
    kind = essence(header(headers, "Content-Type") or "")
    if not body:
        return body
    if kind == "multipart/form-data":
        return _multipart(masking, body, schema)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    if kind == "application/x-www-form-urlencoded":
        return "&".join(_field(masking, pair, schema) for pair in text.split("&")).encode()
    if erasing.looks_json(text, kind):
        return _json(masking, text, schema).encode()
    return (_mask(masking, text, told=False) if masking.everything else _look(masking, text)).encode()


def _json(masking: Masking, text: str, schema: Schema | None) -> str:
    def number(path: Path, literal: str) -> str:
        about = _about(masking, schema, path)
        return _number(masking, literal, about.rules) if _is_hidden(masking, about) else literal

    change: Callable[[Path, str], str] = lambda path, value: _judge(masking, value, _about(masking, schema, path))  # noqa: E731
    rename = lambda _path, name: erasing.renamed(masking.masks, name, _look(masking, name))  # noqa: E731
    return literals.rewritten(text, change, number, rename)


def _about(masking: Masking, schema: Schema | None, path: Path) -> Place:
    known = (id(schema), path)
    if known not in masking.places:
        masking.places[known] = sensitive.place(schema, path)
    return masking.places[known]


def _field(masking: Masking, pair: str, schema: Schema | None) -> str:
    """One field of a form, `name=value`, with its value masked as one of its schema, where it is written as usual."""
    name, sign, value = pair.partition("=")
    read = unquote_plus(value)
    mask = _written(masking, read, _about(masking, schema, (unquote_plus(name),)))
    if mask == read:
        return pair
    return name + sign + (quote_plus(mask) if quote_plus(read) == value else quote(mask, safe=""))


def _written(masking: Masking, value: str, about: Place) -> str:
    """The mask of a text that stands for a value of JSON: numbers as such, `true`, `false` and `null` not at all."""
    if value in {"true", "false", "null"}:
        return value
    if _is_hidden(masking, about) and _NUMBER.fullmatch(value):
        return _number(masking, value, about.rules)
    return _judge(masking, value, about)


def _multipart(masking: Masking, body: bytes, schema: Schema | None) -> bytes:
    def part(found: re.Match[bytes]) -> bytes:
        try:
            name, value = found["name"].decode(), found["value"].decode()
        except UnicodeDecodeError:
            return found[0]
        mask = _written(masking, value, _about(masking, schema, (name,)))
        return found[0][: found.start("value") - found.start()] + mask.encode()

    return FIELD.sub(part, body)
