"""The values that a document names for the places of a request that was taken, and pairs that no bound tells apart."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.contract import MediaType, Operation, Schema, essence, is_json, media_type_for
from accord.document import Json, join, split, walk
from accord.exchange import Case, header
from accord.findings import ABSENT
from accord.fuzzing import twins
from accord.fuzzing.connecting import value_of
from accord.messages import encoding, parameters
from accord.messages.answers import starred
from accord.messages.routing import match_path
from accord.strategies.drafts import reads_as
from accord.validity import validation
from accord.validity.asserting import identity
from accord.weighing import reducing

REFUSALS = frozenset({400, 415, 422})
"""Statuses that speak of what was sent."""

CHARSET = "; charset=utf-8"
"""What a media type of JSON may say beside (RFC 8259, section 11: it means nothing)."""

LONGEST = 4096
"""Texts of a bound up to here are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A value that the document names for one place of a request: the request with it, one without, and what names it.

    In a body `tokens` lead to it, where the request that was taken has another one `instead`, its twin where no
    `keyword` names it.
    """

    case: Case
    taken: Case
    pointer: str
    value: Json
    keyword: str
    tokens: tuple[str, ...] = ()
    instead: Json = ABSENT


def is_written_in_json(case: Case) -> bool:
    """Whether the body of `case` says that it is JSON."""
    return is_json(header(case.request.headers, "Content-Type") or "")


def statements(operation: Operation, taken: list[Case]) -> list[Statement]:
    """What `operation` names, each in place of something in the first of the requests `taken` that may hold it."""
    return [
        *(each for case in taken[:1] for each in _of_body(operation, case)),
        *_of_media_types(operation, taken),
        *(each for case in taken[:1] for each in _of_query(operation, case)),
    ]


def _body(operation: Operation, taken: Case) -> tuple[str, Schema | None, Json]:
    """The media type of a request, the schema of its body and what it is; no schema where nothing can be said of it."""
    written = header(taken.request.headers, "Content-Type") or ""
    medium = media_type_for(operation.body.content, written) if operation.body is not None else None
    value = value_of(taken.request.body) if taken.request.body else ABSENT
    return written, None if medium is None or value is ABSENT else medium.schema, value


def _of_body(operation: Operation, taken: Case) -> Iterator[Statement]:
    written, schema, value = _body(operation, taken)
    if schema is None:
        return
    told = set()
    for tokens, part, keyword, named in _parts_named(schema, value):
        whole, place = reducing.put(value, tokens, named), starred(join("", *tokens), value)
        if (place, identity(named)) in told or not validation.is_valid(schema, whole):
            continue
        told.add((place, identity(named)))
        yield Statement(
            case=reducing.with_body(taken, written, encoding.to_json(whole)),
            taken=taken,
            pointer=join("", "body", *split(place)),
            value=named,
            keyword=keyword,
            tokens=tokens,
            instead=part,
        )


def twins_of(operation: Operation, taken: Case) -> Iterator[Statement]:
    """Requests like `taken` with a value that nothing tells apart from one that may be taken in the same place."""
    written, schema, value = _body(operation, taken)
    if schema is None:
        return
    if ";" not in written:
        case = reducing.with_body(taken, written + CHARSET, taken.request.body)
        yield Statement(
            case=case, taken=taken, pointer="/media-type", value=written + CHARSET, keyword="", instead=written
        )
    for tokens, plain, twin in twins.pairs(schema, value):
        first, second = (
            reducing.with_body(taken, written, encoding.to_json(reducing.put(value, tokens, part)))
            for part in (plain, twin)
        )
        pointer = join("", "body", *split(starred(join("", *tokens), value)))
        yield Statement(case=second, taken=first, pointer=pointer, value=twin, keyword="", tokens=tokens, instead=plain)


def _parts_named(schema: Schema, value: Json) -> Iterator[tuple[tuple[str, ...], Json, str, Json]]:
    """Where a part of `value` could have another value that the schema names: its tokens, itself, keyword, value."""
    for pointer, part in walk(value):
        tokens = split(pointer)
        for rule in reducing.rules_at(schema, tokens, value) if tokens else ():
            other = (item for item in _named(rule, part) if identity(item[1]) != identity(part))
            yield from ((tokens, part, keyword, named) for keyword, named in other)


def _named(rule: Schema, part: Json) -> Iterator[tuple[str, Json]]:
    """The values that `rule` names, with the keyword that does; those of a text's length are made of `part`."""
    kind = rule.get("type", ())
    kinds = (kind,) if isinstance(kind, str) else kind
    yield from (("enum", member) for member in rule.get("enum", ()))
    yield from ((keyword, rule[keyword]) for keyword in ("const", "default", "example") if keyword in rule)
    yield from (("examples", value) for value in rule.get("examples", ()) if isinstance(rule["examples"], list))
    yield from (("type", None) for name in kinds if name == "null")
    yield from (("type", value) for value in (True, False) if "boolean" in kinds)
    yield from ((keyword, rule[keyword]) for keyword in ("minimum", "maximum") if keyword in rule)
    if isinstance(part, str) and "maxLength" in rule and rule["maxLength"] <= LONGEST:
        yield "maxLength", (part or "a").ljust(rule["maxLength"], (part or "a")[-1])
    if isinstance(part, str) and rule.get("minLength"):
        yield "minLength", part[: rule["minLength"]]


def _of_media_types(operation: Operation, taken: list[Case]) -> Iterator[Statement]:
    for medium in operation.body.content if operation.body is not None else ():
        if is_json(medium.name) or not encoding.can_encode(medium):
            continue
        for case in taken:
            value = value_of(case.request.body) if case.request.body else ABSENT
            if value is ABSENT or not _survives(medium, value):
                continue
            body, content_type = encoding.encode_body(medium, value)
            changed = reducing.with_body(case, content_type, body)
            yield Statement(
                case=changed, taken=case, pointer="/media-type", value=essence(medium.name), keyword="content"
            )
            break


def _survives(medium: MediaType, value: Json) -> bool:
    return medium.schema is not None and validation.is_valid(medium.schema, value) and reads_as(medium, value) == value


def _of_query(operation: Operation, taken: Case) -> Iterator[Statement]:
    found = match_path(operation.path, taken.request.url.partition("?")[0])
    for item in operation.parameters if found is not None else ():
        if item.location != "query" or found is None:
            continue
        alone = replace(operation, parameters=(item,))
        for keyword, named in (*_named(item.schema, ""), *(("example", value) for value in item.examples)):
            if not validation.is_valid(item.schema, named):
                continue
            written = parameters.encode_parameters(alone, {(item.location, item.name): named})
            case = reducing.with_parameter(taken, item, written, found)
            yield Statement(case=case, taken=taken, pointer=join("", "query", item.name), value=named, keyword=keyword)
