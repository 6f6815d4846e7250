"""Every documented header of an answer is there where it is required, and its value is valid under its schema.

Broken by a header that callers rely on and do not get: a location, a rate limit, a cursor. An answer of 405 says in
`Allow` which methods there are (RFC 9110 section 15.5.6).

Example: `X-RateLimit-Remaining: many` where an integer is promised.
"""

from collections.abc import Iterator

from accord import answers, shapes, validation
from accord.checks import Broken, Check, Outcome
from accord.contract import Header, Operation
from accord.document import Json, join
from accord.encoding import DecodeError, parse_json
from accord.exchange import Exchange, header
from accord.findings import Severity

NOT_ALLOWED = 405


def _judge(operation: Operation, exchange: Exchange, _earlier: tuple[Exchange, ...]) -> Iterator[Outcome]:
    if exchange.response is None:
        return
    response = answers.promised(operation, exchange)
    documented = () if response is None else response.headers
    for promise in documented:
        text = header(exchange.response.headers, promise.name)
        if promise.name.lower() != "content-type" and (text is not None or promise.required):
            yield from _held(promise, text)
    if exchange.response.status == NOT_ALLOWED and not any(item.name.lower() == "allow" for item in documented):
        yield from _allow(exchange)


def _held(promise: Header, text: str | None) -> Iterator[Outcome]:
    pointer = join("/headers", promise.name)
    if text is None:
        yield Broken(
            message=f"The answer lacks the header `{promise.name}`",
            promise=f"`{promise.name}` in every answer of this status",
            pointer=pointer,
            owner=promise.pointer,
        )
        return
    for violation in validation.violations(promise.schema, _read(promise, text)):
        yield Broken(
            message=f"The answer's header `{promise.name}` is {answers.shown(text)}",
            promise=f"`{violation.keyword}`: {answers.shown(violation.expected)}",
            pointer=pointer,
            owner=promise.pointer,
            schema_pointer=violation.schema_pointer
            if violation.schema_pointer.startswith("/$defs/")
            else f"/schema{violation.schema_pointer}",
        )
        return


def _read(promise: Header, text: str) -> Json:
    found = shapes.branches(promise.schema, answers.definitions(promise.schema))
    kinds = shapes.types(found)
    if "array" in kinds:
        items = Header(name=promise.name, schema=next((branch["items"] for branch in found if "items" in branch), {}))
        return [_read(items, part.strip()) for part in text.split(",")] if text else []
    if promise.media_type or kinds & {"number", "boolean"}:
        try:
            return parse_json(text.encode())
        except DecodeError:
            return text
    return text


def _allow(exchange: Exchange) -> Iterator[Outcome]:
    allowed = header(exchange.response.headers, "Allow") if exchange.response is not None else None
    if allowed is None:
        yield Broken(
            message="The answer of 405 lacks the header `Allow`",
            promise="`Allow` in every answer of 405 (RFC 9110 section 15.5.6)",
            pointer="/headers/Allow",
            severity=Severity.WARNING,
        )


CHECK = Check(severity=Severity.ERROR, judge=_judge)
