"""How the embedded service answers: from the contract's examples, the request and what was written before."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from urllib.parse import quote, urljoin

from accord import histories, synthesis
from accord.answering import denials, pages, replies, store
from accord.answering.admission import Admitted, Refused
from accord.answering.replies import Reply
from accord.contract import Contract, MediaType, Operation, Response, Schema, response_for
from accord.document import Json
from accord.exchange import BODILESS, Headers, header
from accord.findings import ABSENT, Unchecked
from accord.validity import validation

_WRITES = frozenset({"POST", "PUT", "PATCH"})
_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})


def answer(
    contract: Contract, memory: sqlite3.Connection, admitted: Admitted, path: str, *, kept: bool = True
) -> tuple[Reply, Schema | None]:
    """The conforming reply to `admitted`, and the schema it conforms to; a 500 where nothing conforms.

    What was written is remembered, unless it is not `kept`.
    """
    if not kept:
        memory.execute("BEGIN")
    try:
        return _answer(contract, memory, admitted, path)
    finally:
        if not kept:
            memory.execute("ROLLBACK")


def _answer(
    contract: Contract, memory: sqlite3.Connection, admitted: Admitted, path: str
) -> tuple[Reply, Schema | None]:
    operation = admitted.operation
    response = _success(operation)
    if response is None:
        return Reply(status=200, body=b""), None
    status = int(response.status) if response.status.isdigit() else HTTPStatus.OK
    place = path.rstrip("/")
    if operation.method in {"GET", "PUT", "PATCH"} and store.read(memory, place) is None:
        gone = Refused(statuses=(404,), reasons=(("", "Nothing is here any more."),), operation=operation)
        if response_for(operation, HTTPStatus.NOT_FOUND) is not None:
            return denials.refusal(gone)
    if operation.method in _CHANGES and _is_stale(contract, memory, admitted, place):
        stale = Refused(statuses=(412,), reasons=(("", "It was changed meanwhile."),), operation=operation)
        return denials.refusal(stale)
    if operation.method == "DELETE":
        store.write(memory, place, None)
    headers = replies.required_headers(response)
    media_type = replies.json_among(response.content)
    if media_type is None or status in BODILESS:
        written = response.content[0] if response.content and status not in BODILESS else None
        body = b"" if written is None else str(synthesis.example(written)).encode()
        return Reply(status=status, media_type=written.name if written else "", headers=headers, body=body), None
    value = _value(contract, memory, admitted, place, media_type)
    if value is ABSENT:
        return Reply(status=500, value={"detail": f"No value conforms to what {operation.name} promises."}), None
    headers = _located(contract, admitted, place, value, replies.tagged(response, headers, value))
    return Reply(status=status, value=value, media_type=replies.json_name(media_type), headers=headers), (
        media_type.schema
    )


def _is_stale(contract: Contract, memory: sqlite3.Connection, admitted: Admitted, place: str) -> bool:
    """Whether `If-Match` names strong entity tags, and none that a read would be answered with (RFC 9110, 13.1.1)."""
    given = [value for (_, name), value in admitted.parameters.items() if name.lower() == "if-match"]
    told = histories.STRONG.findall(given[0]) if given and isinstance(given[0], str) else []
    path = admitted.operation.path
    read = next((item for item in contract.operations if (item.method, item.path) == ("GET", path)), None)
    response = None if read is None else _success(read)
    media_type = None if response is None else replies.json_among(response.content)
    if not told or read is None or response is None or media_type is None:
        return False
    value = _value(contract, memory, replace(admitted, operation=read, value=ABSENT), place, media_type)
    tag = header(replies.tagged(response, replies.required_headers(response), value), "ETag")
    return tag is not None and tag not in told


def unanswerable(contract: Contract) -> tuple[Unchecked, ...]:
    """The operations that the service can only answer with a 500, because no value conforming can be found."""
    found = []
    for operation in contract.operations:
        response = _success(operation)
        media_type = replies.json_among(response.content) if response else None
        if media_type is not None and synthesis.example(media_type) is ABSENT:
            found.append(Unchecked(what=operation.name, reason="no value conforming to its answer's schema was found"))
    return tuple(found)


def _success(operation: Operation) -> Response | None:
    """The documented response for success: the lowest 2xx, a range, then `default`."""
    found = [response for response in operation.responses if response.status.startswith("2")]
    return min(found, key=lambda response: response.status, default=response_for(operation, HTTPStatus.OK))


def _value(
    contract: Contract, memory: sqlite3.Connection, admitted: Admitted, place: str, media_type: MediaType
) -> Json:
    value = synthesis.example(media_type)
    if value is ABSENT:
        return ABSENT
    schema = media_type.schema or {}
    method = admitted.operation.method
    kept = store.read(memory, place) if method in {"GET", "PUT", "PATCH"} else ABSENT
    named = {
        name: admitted.parameters["path", name] for name in admitted.places if ("path", name) in admitted.parameters
    }
    sent = admitted.value if method in _WRITES and isinstance(admitted.value, dict) else {}
    if method == "PUT":
        value, kept = _replaced(admitted.operation, schema, value, sent), _unwritten(admitted.operation, kept)
    unsaid = _defaults(admitted.operation) if method in {"POST", "PUT"} else {}
    for changes in (kept if isinstance(kept, dict) else {}, named, {**unsaid, **sent}):
        value = replies.fitted(schema, value, changes)
    if method == "POST" and (identity := _identity(contract, admitted.operation)):
        return _created(memory, place, schema, value, "" if identity in sent else identity)
    if method in _WRITES and isinstance(value, dict):
        store.write(memory, place, value)
    if method != "GET" or isinstance(kept, dict) or admitted.operation.path.rstrip("/").endswith("}"):
        return value
    listed = _listed(memory, place, schema, value)
    return pages.asked(admitted.operation, media_type, listed, admitted.parameters)


def _writable(operation: Operation) -> set[str]:
    content = operation.body.content if operation.body is not None else ()
    return {name for item in content for name, part in replies.members(item.schema).items() if part is not False}


def _defaults(operation: Operation) -> dict[str, Json]:
    """The defaults of the properties that a request may leave out."""
    content = operation.body.content[:1] if operation.body is not None else ()
    parts = [pair for item in content for pair in replies.members(item.schema).items()]
    return {name: part["default"] for name, part in parts if isinstance(part, Mapping) and "default" in part}


def _replaced(operation: Operation, schema: Schema, value: Json, sent: Mapping[str, Json]) -> Json:
    """`value`, an example, without what a `PUT` could say and does not, as far as the rest conforms."""
    if not isinstance(value, dict):
        return value
    with_default = replies.with_keyword(schema, lambda part: "default" in part)
    gone = _writable(operation) - sent.keys() - set(replies.required(schema)) - set(with_default)
    less = {name: item for name, item in value.items() if name not in gone}
    return less if validation.is_valid(schema, less) else value


def _unwritten(operation: Operation, kept: Json) -> Json:
    """What of a thing that is `kept` no request may write, so that it outlives a `PUT`."""
    names = _writable(operation)
    return {name: item for name, item in kept.items() if name not in names} if isinstance(kept, dict) else kept


def _identity(contract: Contract, operation: Operation) -> str:
    """The property that names what `operation` makes: the path parameter of a member of the collection.

    It is `id` where something is made and no path says how it is named, `""` where nothing is.
    """
    base = operation.path.rstrip("/")
    for other in contract.operations:
        prefix, _, name = other.path.rstrip("/").rpartition("/{")
        if prefix == base and name.endswith("}") and "/" not in name:
            return name[:-1]
    return "id" if any(response.status == "201" for response in operation.responses) else ""


def _created(memory: sqlite3.Connection, place: str, schema: Schema, value: Json, identity: str) -> Json:
    """`value` kept as a new member of the collection at `place`, under a fresh `identity` where one is named."""
    number = store.count(memory) + 1
    while store.read(memory, f"{place}/{number}") is not ABSENT:
        number += 1  # a thing was put there by name
    if not isinstance(value, dict):
        return value
    name = identity if identity in value else "id"
    for key in (*_counted(value.get(name), number), str(number), number):
        value = replies.fitted(schema, value, {name: key}) if identity and name in value else value
    store.write(memory, f"{place}/{quote(str(value.get(name, number)), safe='~')}", value)
    return value


def _located(contract: Contract, admitted: Admitted, place: str, value: Json, headers: Headers) -> Headers:
    """`headers`, the place of what was made in `Location` where that is promised."""
    name = _identity(contract, admitted.operation) if admitted.operation.method == "POST" else ""
    if not name or not isinstance(value, dict):
        return headers
    there = f"{place}/{quote(str(value.get(name, value.get('id'))), safe='~')}"
    response = _success(admitted.operation)
    rules = [item.schema for item in response.headers if item.name.lower() == "location"] if response else []
    if not all(validation.is_valid(rule, there) for rule in rules):
        there = urljoin(next(iter(admitted.operation.servers), "http://localhost/"), there)
    return tuple((key, there if key.lower() == "location" else text) for key, text in headers)


def _counted(like: Json, number: int) -> tuple[str, ...]:
    """Texts of the form of `like`, each `number` with another: its letters and digits counted on from the right."""
    if not isinstance(like, str):
        return ()
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", like):
        return (f"{like[:24]}{number:012x}",)
    made, rest = "", number
    for char in reversed(like):
        first = next((start for start, end in ("09", "AZ", "az") if start <= char <= end), "")
        size = 10 if first == "0" else 26
        made = (chr(ord(first) + rest % size) if first else char) + made
        rest = rest // size if first else rest
    return () if rest else (made,)


def _listed(memory: sqlite3.Connection, place: str, schema: Schema, value: Json) -> Json:
    """A list answer with what was created below `place` in it, the newest of it where all would be too much."""
    if not isinstance(value, list | dict) or not (members := store.children(memory, place)):
        return value
    for put in [_whole] if isinstance(value, list) else _inside(value):
        fitting = _newest(members, partial(_fits, schema, put))
        if fitting:
            return put(fitting)
    return value


def _fits(schema: Schema, put: Callable[[list[Json]], Json], members: list[Json]) -> bool:
    return validation.is_valid(schema, put(members))


def _newest(members: list[Json], fits: Callable[[list[Json]], bool]) -> list[Json]:
    """The most of the last `members` that fit together."""
    least, most = 0, len(members)
    count = most
    while least < most:
        least, most = (count, most) if fits(members[-count:]) else (least, count - 1)
        count = (least + most + 1) // 2
    return members[-least:] if least else []


def _whole(members: list[Json]) -> Json:
    return members


def _inside(value: Mapping[str, Json]) -> list[Callable[[list[Json]], Json]]:
    return [partial(_put, value, name) for name, item in value.items() if isinstance(item, list)]


def _put(value: Mapping[str, Json], name: str, members: list[Json]) -> Json:
    return {**value, name: members}
