"""A claim held against answers again, without the contract that it came from."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TypeAlias

from accord import filters, histories, ordering
from accord.contract import essence
from accord.document import Json, places, split
from accord.exchange import Exchange, header
from accord.findings import ABSENT, Claim
from accord.messages import answers, encoding
from accord.messages.answers import header_value
from accord.validity import validation

Holds: TypeAlias = Callable[[Claim, Exchange, tuple[Exchange, ...]], bool]

BODY = ("apart", "as-made", "body-", "fresh", "header-", "media-type", "same", "strict-json", "utf-8")
"""How the kinds begin that are about answers of one status alone."""


def holds(claim: Claim, status: str, exchange: Exchange, earlier: tuple[Exchange, ...] = ()) -> bool | None:
    """Whether the answer keeps the promise; None where the claim says nothing about it, or is of no kind known here.

    `status` is the one that the promise was broken with.
    """
    kept = KINDS.get(claim.kind)
    if kept is None:
        return None
    if exchange.response is None:
        return False if claim.kind == "answered" else None
    depends = claim.kind.startswith(BODY) and claim.kind != "same-status"
    if depends and str(exchange.response.status) != status:
        return None
    return kept(claim, exchange, earlier)


def _found(claim: Claim, exchange: Exchange) -> list[Json]:
    body = _body(exchange)
    return [] if body is ABSENT else list(places(body, split(claim.pointer)))


def _body(exchange: Exchange) -> Json:
    try:
        return answers.parsed(exchange.response.body) if exchange.response is not None else ABSENT
    except encoding.DecodeError:
        return ABSENT


def _status(exchange: Exchange) -> int:
    return 0 if exchange.response is None else exchange.response.status


def _header(claim: Claim, exchange: Exchange) -> str | None:
    return None if exchange.response is None else header(exchange.response.headers, claim.pointer)


def _within(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return exchange.response is None or exchange.response.elapsed <= claim.value


def _status_in(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    status = str(_status(exchange))
    return any(item.upper() in {status, f"{status[0]}XX", "DEFAULT"} for item in claim.value)


def _status_not(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return not any(low <= _status(exchange) <= high for low, high in claim.value)


def _media_type(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    written = essence(answers.content_type(exchange))
    return any(name in {written, written.partition("/")[0] + "/*", "*/*"} for name in claim.value)


def _is_utf8(_claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    named = re.search(r"(?i);\s*charset\s*=\s*\"?([^\s;\"]+)", answers.content_type(exchange))
    return named is None or named[1].lower() in {"utf-8", "utf8", "us-ascii"}


def _strict(_claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    body = b"" if exchange.response is None else exchange.response.body
    return _body(exchange) is not ABSENT and not list(encoding.duplicate_keys(body))


def _header_there(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return _header(claim, exchange) is not None


def _header_form(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    text = _header(claim, exchange)
    return text is None or re.fullmatch(claim.value, text.strip()) is not None


def _header_valid(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    text, schema = _header(claim, exchange), claim.value["schema"]
    return text is None or validation.is_valid(schema, header_value(schema, text, as_json=claim.value["json"]))


def _body_there(_claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return exchange.response is not None and bool(exchange.response.body)


def _body_valid(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return all(validation.is_valid(claim.value, item) for item in _found(claim, exchange))


def _body_obeys(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    body, schema, keyword = _body(exchange), claim.value["schema"], claim.value["keyword"]
    return body is ABSENT or not breaks(schema, body, keyword, claim.pointer)


def breaks(schema: Mapping[str, Json], value: Json, keyword: str, pointer: str) -> bool:
    """Whether `value` breaks `keyword` of `schema` at `pointer`, array items as `*`."""
    found = validation.violations(schema, value)
    return any((item.keyword, answers.starred(item.pointer, value)) == (keyword, pointer) for item in found)


def _owners(claim: Claim, exchange: Exchange) -> tuple[list[Json], str]:
    tokens = split(claim.pointer)
    body = _body(exchange)
    found = [] if body is ABSENT else list(places(body, tokens[:-1]))
    return [item for item in found if isinstance(item, dict)], tokens[-1] if tokens else ""


def _body_has(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    owners, name = _owners(claim, exchange)
    return all(name in owner for owner in owners)


def _body_lacks(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    owners, name = _owners(claim, exchange)
    return not any(name in owner for owner in owners)


def _body_has_any(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    found = _found(claim, exchange)
    return not found or any(isinstance(item, dict) and not item.keys().isdisjoint(claim.value) for item in found)


def _body_echoes(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return all(histories.same(claim.value, item) for item in _found(claim, exchange))


def _body_keeps(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return bool(_found(claim, exchange)) and _body_echoes(claim, exchange, earlier)


def _body_differs(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return not any(histories.same(claim.value, item) for item in _found(claim, exchange))


def _body_one_of(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return not any(filters.differs(claim.value, item) for item in _found(claim, exchange))


def _body_ordered(claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return ordering.misplaced(_found(claim, exchange), descending=claim.value) is None


def _same(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    others = [item for item in histories.alike(exchange, earlier) if _status(item) == _status(exchange)]
    return all(_found(claim, item) == _found(claim, exchange) for item in others)


def _same_status(_claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    return all(_status(item) == _status(exchange) for item in histories.alike(exchange, earlier))


def _same_place(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    here = histories.place(exchange.request)
    others = [found for item in earlier if histories.place(item.request) == here and (found := _found(claim, item))]
    return not others or not (now := _found(claim, exchange)) or histories.same(others[-1], now)


def _fresh(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    others = (item for item in earlier if histories.place(item.request) == histories.place(exchange.request))
    known = [_found(claim, item) for item in others if item.request != exchange.request]
    return not _found(claim, exchange) or _found(claim, exchange) not in known


def _as_made(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    made = [found for item in earlier if item.request.method == "POST" and (found := _found(claim, item))]
    return not made or not (now := _found(claim, exchange)) or made[-1] == now


def _header_fresh(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    others = (item for item in earlier if histories.place(item.request) == histories.place(exchange.request))
    return not (text := _header(claim, exchange)) or text not in map(partial(_header, claim), others)


def _apart(claim: Claim, exchange: Exchange, earlier: tuple[Exchange, ...]) -> bool:
    made = [
        part for item in earlier if item.request.method == "POST" for part in places(_body(item), split(claim.value))
    ]
    return not any(part in made for part in _found(claim, exchange))


def _answered(_claim: Claim, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> bool:
    return exchange.response is not None


KINDS: Mapping[str, Holds] = MappingProxyType(
    {
        "answered": _answered,
        "apart": _apart,
        "as-made": _as_made,
        "body-differs": _body_differs,
        "body-echoes": _body_echoes,
        "body-has": _body_has,
        "body-has-any": _body_has_any,
        "body-keeps": _body_keeps,
        "body-lacks": _body_lacks,
        "body-obeys": _body_obeys,
        "body-one-of": _body_one_of,
        "body-ordered": _body_ordered,
        "body-there": _body_there,
        "body-valid": _body_valid,
        "fresh": _fresh,
        "header-form": _header_form,
        "header-fresh": _header_fresh,
        "header-there": _header_there,
        "header-valid": _header_valid,
        "media-type": _media_type,
        "same": _same,
        "same-place": _same_place,
        "same-status": _same_status,
        "status-in": _status_in,
        "status-not": _status_not,
        "strict-json": _strict,
        "utf-8": _is_utf8,
        "within": _within,
    }
)
"""What each kind of claim wants, as a function of the claim, the exchange, and those before it in its sequence."""
