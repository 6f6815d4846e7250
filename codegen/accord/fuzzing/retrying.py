"""Idempotency keys: each request has one of its own, by which a service knows it again when it is sent twice."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace

from accord import histories
from accord.contract import Operation, Parameter
from accord.exchange import Case, header
from accord.validity import validation


def key_of(operation: Operation) -> Parameter | None:
    """The header parameter of `operation` that names a request for when it is sent again."""
    found = (item for item in operation.parameters if item.location == "header" and histories.is_key(item.name))
    return next(found, None)


def own(operation: Operation, case: Case) -> Case:
    """`case` with a key that only its body and place have, as long as that which it had, where one may be so."""
    wanted = key_of(operation)
    text = header(case.request.headers, wanted.name) if wanted is not None else None
    if wanted is None or not text or not validation.is_valid(wanted.schema, text):
        return case
    request = case.request
    drawn = hashlib.sha256(b" ".join((request.method.encode(), request.url.encode(), request.body))).digest()
    made = next((key for key in _keys(drawn, len(text)) if validation.is_valid(wanted.schema, key)), text)
    headers = tuple((name, made if name == wanted.name else value) for name, value in request.headers)
    return replace(case, request=replace(request, headers=headers))


def _keys(drawn: bytes, length: int) -> Iterator[str]:
    yield (drawn.hex() * (length // 64 + 1))[:length]
    yield str(uuid.UUID(bytes=drawn[:16], version=4))


def without(operation: Operation, case: Case) -> Case:
    """`case` without its key, where it may lack one: a sequence makes things anew each time."""
    wanted = key_of(operation)
    if wanted is None or wanted.required:
        return case
    left = tuple(pair for pair in case.request.headers if pair[0] != wanted.name)
    return replace(case, request=replace(case.request, headers=left))
