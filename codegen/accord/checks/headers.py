"""Every documented header of an answer is there where required and valid, and those HTTP defines have their form.

Broken by a header that callers rely on and do not get: a location, a rate limit, a challenge. An answer of 405 says in
`Allow` which methods there are (RFC 9110 section 15.5.6), one of 204 announces no body. Without a promise of the
contract it is a warning. A method that `Allow` names is not refused.

Example: `X-RateLimit-Remaining: many` where an integer is promised, `Retry-After: soon` where HTTP wants seconds.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import replace
from http import HTTPStatus

from accord import histories
from accord.checks import Broken, Check, Outcome
from accord.contract import Header, Operation
from accord.document import join
from accord.exchange import Exchange, header
from accord.findings import Claim, Severity
from accord.messages import answers
from accord.validity import validation

EXPECTED = {405: "Allow", 401: "WWW-Authenticate"}
"""Headers that HTTP wants in every answer of a status (RFC 9110 sections 15.5.6 and 15.5.2)."""

_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"[0-2]\d:[0-5]\d:[0-6]\d"
_DATE = (
    rf"(?:{_DAY}, [0-3]\d {_MONTH} \d{{4}} {_CLOCK} GMT|[A-Z][a-z]+day, [0-3]\d-{_MONTH}-\d\d {_CLOCK} GMT"
    rf"|{_DAY} {_MONTH} [ 0-3]\d {_CLOCK} \d{{4}})"
)
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REFERENCE = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"

FORMS = {
    "Allow": (rf"(?:{_WORD}(?:\s*,\s*{_WORD})*)?", "methods with commas between (RFC 9110 section 10.2.1)"),
    "Content-Type": (rf"{_WORD}/{_WORD}\s*(?:;.*)?", "a type, a slash and a subtype (RFC 9110 section 8.3)"),
    "Date": (_DATE, "a date as HTTP writes it (RFC 9110 section 5.6.7)"),
    "ETag": (r'(?:W/)?"[^"\x00-\x20]*"', "an entity tag between quotation marks (RFC 9110 section 8.8.3)"),
    "Last-Modified": (_DATE, "a date as HTTP writes it (RFC 9110 section 5.6.7)"),
    "Location": (_REFERENCE, "a URI reference (RFC 9110 section 10.2.2)"),
    "Retry-After": (rf"\d+|{_DATE}", "seconds, or a date as HTTP writes it (RFC 9110 section 10.2.3)"),
    "WWW-Authenticate": (rf"{_WORD}(?:[ ,].*)?", "a scheme, and what belongs to it (RFC 9110 section 11.6.1)"),
}
"""How HTTP writes a header: a pattern for its whole value, and words for it."""

_LOWER = {name.lower(): name for name in FORMS}


def _judge(operation: Operation, exchange: Exchange, earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.response is None:
        return
    response = answers.promised(operation, exchange)
    documented = () if response is None else response.headers
    wanted = EXPECTED.get(exchange.response.status)
    for promise in documented:
        text = header(exchange.response.headers, promise.name)
        if promise.name.lower() != "content-type" and (text is not None or promise.required):
            yield from _held(promise, text)
    known = {promise.name.lower(): promise for promise in documented}
    for name in {written.lower(): None for written, _ in exchange.response.headers}:
        if name not in _LOWER:
            continue
        pattern, words = FORMS[_LOWER[name]]
        text = header(exchange.response.headers, name) or ""
        if not re.fullmatch(pattern, text.strip()):
            yield _misformed(_LOWER[name], text, pattern, words, known.get(name))
    yield from _of_status(operation, exchange, known.get("allow"))
    yield from _of_refusals(exchange, earlier, known.get("allow"))
    if wanted is not None and header(exchange.response.headers, wanted) is None:
        told = known.get(wanted.lower())
        if (told is None and wanted == "Allow") or (told is not None and not told.required):
            yield _lacking(wanted, exchange.response.status, told)


def _of_status(operation: Operation, exchange: Exchange, promise: Header | None) -> Iterator[Outcome]:
    """What headers say against the status of their answer."""
    status = 0 if exchange.response is None else exchange.response.status
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not answers.is_elsewhere(exchange):
        yield from _of_allow(operation, exchange, promise)
    if status == HTTPStatus.NO_CONTENT and exchange.response is not None:
        yield from _of_length(header(exchange.response.headers, "Content-Length") or "0")


def _of_allow(operation: Operation, exchange: Exchange, promise: Header | None) -> Iterator[Outcome]:
    """What `Allow` says of the method that was refused, and of one that the contract has there.

    That it lacks one is a note where the contract does not document it: routers name the methods of one route alone.
    """
    text = header(exchange.response.headers, "Allow") if exchange.response is not None else None
    methods = {name.strip().upper() for name in (text or "").split(",")}
    refused, own = exchange.request.method, operation.method
    if text is None or refused == own:
        return
    if refused in methods:
        yield _misformed("Allow", text, rf"(?i)(?!.*\b{refused}\b).*", f"no `{refused}`, which was refused", None)
    elif own not in methods:
        told = _misformed("Allow", text, rf"(?i).*\b{own}\b.*", f"`{own}`, which is there (RFC 9110 10.2.1)", promise)
        yield told if promise is not None else replace(told, severity=Severity.NOTE)


def _of_refusals(exchange: Exchange, earlier: tuple[Exchange, ...], promise: Header | None) -> Iterator[Outcome]:
    """What `Allow` named before, when another method was refused at the same place, and is refused now."""
    method = exchange.request.method
    if exchange.response is None or exchange.response.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return
    for other in earlier:
        text = header(other.response.headers, "Allow") if other.response is not None else None
        there = histories.place(other.request) == histories.place(exchange.request)
        if (
            there
            and other.request.method != method
            and method in {name.strip().upper() for name in (text or "").split(",")}
        ):
            yield Broken(
                message=f"`{method}` is refused, and `Allow` named it: {answers.shown(text)}",
                promise="`Allow` names what the resource supports (RFC 9110 section 10.2.1)",
                pointer=join("/headers", "Allow"),
                owner="" if promise is None else promise.pointer,
                claim=Claim(kind="status-not", value=[[405, 405]]),
                severity=Severity.WARNING if promise is None else None,
            )
            return


def _of_length(text: str) -> Iterator[Outcome]:
    """What an answer without a body says of its length."""
    if text.strip("0 "):
        yield _misformed("Content-Length", text, r"0*", "none: a 204 has no body (RFC 9110 section 8.6)", None)


def _held(promise: Header, text: str | None) -> Iterator[Outcome]:
    pointer = join("/headers", promise.name)
    if text is None:
        yield Broken(
            message=f"The answer lacks the header `{promise.name}`",
            promise=f"`{promise.name}` in every answer of this status",
            pointer=pointer,
            owner=promise.pointer,
            claim=Claim(kind="header-there", pointer=promise.name),
        )
        return
    value = answers.header_value(promise.schema, text, as_json=bool(promise.media_type))
    for violation in validation.violations(promise.schema, value):
        inside = violation.schema_pointer
        schema = answers.selfcontained(promise.schema)
        yield Broken(
            message=f"The answer's header `{promise.name}` is {answers.shown(text)}",
            promise=f"`{violation.keyword}`: {answers.shown(violation.expected)}",
            pointer=pointer,
            owner=promise.pointer,
            schema_pointer=inside if inside.startswith("/$defs/") else f"/schema{inside}",
            claim=Claim(
                kind="header-valid", pointer=promise.name, value={"schema": schema, "json": bool(promise.media_type)}
            ),
        )
        return


def _misformed(name: str, text: str, pattern: str, words: str, promise: Header | None) -> Broken:
    return Broken(
        message=f"The answer's header `{name}` is {answers.shown(text)}",
        promise=words,
        pointer=join("/headers", name),
        owner="" if promise is None else promise.pointer,
        claim=Claim(kind="header-form", pointer=name, value=pattern),
        severity=Severity.WARNING if promise is None else None,
    )


def _lacking(name: str, status: int, promise: Header | None) -> Broken:
    return Broken(
        message=f"The answer of {status} lacks the header `{name}`",
        promise=f"`{name}` in every answer of {status} (RFC 9110 section {'15.5.6' if name == 'Allow' else '15.5.2'})",
        pointer=join("/headers", name),
        owner="" if promise is None else promise.pointer,
        claim=Claim(kind="header-there", pointer=name),
        severity=Severity.WARNING,
    )


def _told_by(operation: Operation, exchange: Exchange) -> Hashable:
    """The headers that are documented or have a form; of one that has it, and is there once, no matter what it says."""
    response = answers.promised(operation, exchange)
    documented = {promise.name.lower() for promise in response.headers} if response is not None else set()
    written = exchange.response.headers if exchange.response is not None else ()
    names = [name.lower() for name, _ in written]
    if exchange.response is not None and exchange.response.status == HTTPStatus.METHOD_NOT_ALLOWED:
        return exchange.request.method, written
    if exchange.response is not None and exchange.response.status == HTTPStatus.NO_CONTENT:
        return written
    return tuple(
        (name, "" if name not in documented and names.count(name) == 1 and _has_form(name, value) else value)
        for name, (_, value) in zip(names, written, strict=True)
        if name in documented or name in _LOWER
    )


def _has_form(name: str, text: str) -> bool:
    return re.fullmatch(FORMS[_LOWER[name]][0], text.strip()) is not None


CHECK = Check(severity=Severity.ERROR, judge=_judge, told_by=_told_by)
