"""How the embedded service answers: from the contract's examples, the request and what was written before."""

import sqlite3
from http import HTTPStatus
from typing import Any

from accord import replies, store, synthesis, validation
from accord.admission import Admitted, Refused
from accord.contract import Contract, MediaType, Operation, Response, Schema, is_json, response_for
from accord.document import Json
from accord.exchange import Headers
from accord.findings import ABSENT
from accord.replies import Reply

_MESSAGES = ("detail", "message", "error", "title", "description", "msg")


def answer(
    contract: Contract, memory: sqlite3.Connection, admitted: Admitted, path: str
) -> tuple[Reply, Schema | None]:
    """The conforming reply to `admitted`, and the schema it conforms to."""
    operation = admitted.operation
    response = _success(operation)
    if response is None:
        return Reply(status=200, body=b""), None
    status = int(response.status) if response.status.isdigit() else HTTPStatus.OK
    headers = tuple((item.name, str(synthesis.plausible(item.schema))) for item in response.headers if item.required)
    media_type = next((item for item in response.content if is_json(item.name)), None)
    place = path.rstrip("/")
    if operation.method == "DELETE":
        store.write(memory, place, None)
    if media_type is None:
        written = response.content[0] if response.content else None
        body = b"" if written is None else str(synthesis.example(written)).encode()
        return Reply(status=status, media_type=written.name if written else "", headers=headers, body=body), None
    if operation.method in {"GET", "PUT", "PATCH"} and store.read(memory, place) is None:
        return Reply(status=404, value={"detail": "Nothing is here."}), None
    value = _value(contract, memory, admitted, place, media_type)
    return Reply(status=status, value=value, media_type=media_type.name, headers=headers), media_type.schema


def _success(operation: Operation) -> Response | None:
    """The documented response for success: the lowest 2xx, a range, then `default`."""
    found = [response for response in operation.responses if response.status.startswith("2")]
    return min(found, key=lambda response: response.status, default=response_for(operation, HTTPStatus.OK))


def _value(
    contract: Contract, memory: sqlite3.Connection, admitted: Admitted, place: str, media_type: MediaType
) -> Json:
    value = synthesis.example(media_type)
    value = {} if value is ABSENT else value
    schema = media_type.schema or {}
    method = admitted.operation.method
    kept = store.read(memory, place)
    if method in {"GET", "HEAD", "PUT", "PATCH"} and isinstance(kept, dict):
        value = _fitted(schema, value, kept)
    value = _fitted(
        schema,
        value,
        {name: admitted.parameters["path", name] for name in admitted.places if ("path", name) in admitted.parameters},
    )
    if method in {"POST", "PUT", "PATCH"} and isinstance(admitted.value, dict):
        value = _fitted(schema, value, admitted.value)
    if method == "POST" and (identity := _identity(contract, admitted.operation)):
        value = _created(memory, place, identity, schema, value)
    elif method in {"POST", "PUT", "PATCH"} and isinstance(value, dict):
        store.write(memory, place, value)
    elif method == "GET":
        value = _listed(memory, place, schema, value)
    return value


def _fitted(schema: Schema, value: Json, changes: dict[str, Json]) -> Json:
    """`value` with those of `changes` that its schema speaks of and that keep it valid."""
    if not isinstance(value, dict):
        return value
    declared = replies.members(schema)
    wanted = {name: item for name, item in changes.items() if name in declared}
    whole = {**value, **wanted}
    if validation.is_valid(schema, whole):
        return whole
    for name, item in wanted.items():
        one = {**value, name: item}
        if validation.is_valid(schema, one):
            value = one
    return value


def _identity(contract: Contract, operation: Operation) -> str:
    """The path parameter that names one member of the collection `operation` creates in; `""` when there is none."""
    base = operation.path.rstrip("/")
    for other in contract.operations:
        prefix, _, name = other.path.rstrip("/").rpartition("/{")
        if prefix == base and name.endswith("}") and "/" not in name:
            return name[:-1]
    return ""


def _created(memory: sqlite3.Connection, place: str, identity: str, schema: Schema, value: Json) -> Json:
    number = store.count(memory) + 1
    if isinstance(value, dict):
        name = identity if identity in value else "id"
        for key in (number, str(number)):
            value = _fitted(schema, value, {name: key}) if name in value else value
        store.write(memory, f"{place}/{value.get(name, number)}", value)
    return value


def _listed(memory: sqlite3.Connection, place: str, schema: Schema, value: Json) -> Json:
    """A list answer with what was created below `place` in it, where it then still conforms."""
    members = store.children(memory, place)
    if not members:
        return value
    candidates: list[Any] = [members] if isinstance(value, list) else []
    if isinstance(value, dict):
        candidates += [{**value, name: members} for name, item in value.items() if isinstance(item, list)]
    return next((candidate for candidate in candidates if validation.is_valid(schema, candidate)), value)


def refusal(refused: Refused) -> tuple[Reply, Schema | None]:
    """The reply that says no, in the form the contract documents for it."""
    headers: Headers = (("Allow", ", ".join(refused.allow)),) if refused.allow else ()
    operation = refused.operation
    plain = Reply(status=refused.statuses[0], value={"detail": refused.reasons[0][1]}, headers=headers)
    if operation is None:
        return plain, None
    exact = {response.status: response for response in operation.responses}
    status = next((status for status in refused.statuses if str(status) in exact), refused.statuses[0])
    response = response_for(operation, status)
    if status == HTTPStatus.UNAUTHORIZED:
        headers += (("WWW-Authenticate", "Bearer" if _wants_bearer(operation) else 'ApiKey realm="api"'),)
    media_type = next((item for item in response.content if is_json(item.name)), None) if response else None
    if response is None or media_type is None:
        return Reply(status=status, value=plain.value, headers=headers), None
    return (
        Reply(status=status, value=_reasons(media_type, refused), media_type=media_type.name, headers=headers),
        media_type.schema,
    )


def _wants_bearer(operation: Operation) -> bool:
    return any(scheme.type != "apiKey" for schemes in operation.security for scheme in schemes)


def _reasons(media_type: MediaType, refused: Refused) -> Json:
    schema = media_type.schema
    by_name: dict[str, list[str]] = {}
    for name, text in refused.reasons:
        by_name.setdefault(name or "non_field_errors", []).append(text)
    text = refused.reasons[0][1]
    if schema is None:
        return {"detail": text}
    declared = replies.members(schema)
    if not declared and validation.is_valid(schema, by_name):
        return by_name
    value = synthesis.example(media_type)
    for name in _MESSAGES:
        value = _fitted(schema, value, {name: text}) if name in declared else value
    return {"detail": text} if value is ABSENT else value
