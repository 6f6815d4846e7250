"""The single reductions of a request: less of it, or a plainer value in it, as valid or as invalid as before.

The list is: an optional parameter, property or item left out, or all of them, or half of them; a required one, or a
value that stays, in a plainer form (no text, half of a text, one character less, zeros for its characters, 0, 1, half
of a number, false, nothing in a list or object); no body where none is wanted; JSON instead of another media type.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import unquote_plus

from accord import synthesis
from accord.contract import MediaType, Operation, Parameter, Schema, is_json, media_type_for
from accord.document import Json, split, walk
from accord.exchange import Case, header
from accord.findings import ABSENT
from accord.messages import encoding, parameters
from accord.messages.answers import definitions, starred
from accord.messages.routing import match_path
from accord.schemas import shapes
from accord.strategies.drafts import read_back, reads_as
from accord.validity import validation

Faults: TypeAlias = frozenset[tuple[str, str]]

SHORT = 8
"""Texts of at most so many characters also lose one at a time."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """One way to make a case smaller, named by what it does and where, and the case that comes of it."""

    name: str
    case: Case


def reductions(operation: Operation, case: Case) -> Iterator[Reduction]:
    """Every single reduction of `case`, big steps first."""
    yield from _fewer_parameters(operation, case)
    yield from _other_body(operation, case)
    yield from _smaller_body(operation, case)
    yield from _plainer_parameters(operation, case)


def _fewer_parameters(operation: Operation, case: Case) -> Iterator[Reduction]:
    """Optional parameters of query and header left out: all, then each; the one that holds the fault stays."""
    kept = split(case.pointer)[:1]
    optional = [
        item
        for item in operation.parameters
        if not item.required
        and item.location in {"query", "header"}
        and not (case.part == item.location and kept == (item.name,))
    ]
    there = [item.name for item in optional if _without(case, [(item.location, item.name)]) != case]
    if len(there) > 1:
        yield Reduction("leave out all parameters", _without(case, [(item.location, item.name) for item in optional]))
    for item in optional:
        if item.name in there:
            name = f"leave out {item.location} {item.name}"
            yield Reduction(name, _without(case, [(item.location, item.name)]))


def _without(case: Case, places: Sequence[tuple[str, str]]) -> Case:
    path, mark, query = case.request.url.partition("?")
    lost = {name for location, name in places if location == "query"}
    gone = {name.lower() for location, name in places if location == "header"}
    pairs = [pair for pair in query.split("&") if not _is_of(pair, lost)]
    headers = tuple(item for item in case.request.headers if item[0].lower() not in gone)
    url = f"{path}{mark}{'&'.join(pairs)}" if pairs and mark else path
    return replace(case, request=replace(case.request, url=url, headers=headers))


def _is_of(pair: str, names: Iterable[str]) -> bool:
    written = unquote_plus(pair.partition("=")[0])
    return any(written == name or written.startswith(f"{name}[") for name in names)


def _medium(operation: Operation, case: Case) -> MediaType | None:
    if operation.body is None or not case.request.body:
        return None
    return media_type_for(operation.body.content, header(case.request.headers, "Content-Type") or "")


def _value(operation: Operation, case: Case) -> Json:
    """The value of the body; ABSENT where it has none that can be read."""
    medium, written = _medium(operation, case), header(case.request.headers, "Content-Type") or ""
    if medium is None:
        return ABSENT
    try:
        return (
            encoding.parse_json(case.request.body)
            if is_json(written)
            else encoding.decode_body(medium, written, case.request.body)
        )
    except encoding.DecodeError:
        return ABSENT


def with_body(case: Case, content_type: str, body: bytes) -> Case:
    """`case` with another body, and the media type that it is written in."""
    others = tuple(item for item in case.request.headers if item[0].lower() != "content-type")
    headers = (*others, ("Content-Type", content_type)) if content_type else others
    return replace(case, request=replace(case.request, headers=headers, body=body))


def _other_body(operation: Operation, case: Case) -> Iterator[Reduction]:
    """No body, and the same value as JSON."""
    medium, value = _medium(operation, case), _value(operation, case)
    if operation.body is None or medium is None:
        return
    if not operation.body.required and case.part not in {"body", "media-type"}:
        yield Reduction("leave out the body", with_body(case, "", b""))
    if is_json(medium.name) or value is ABSENT:
        return
    faults = _faults(medium.schema or {}, value)
    for other in operation.body.content:
        if is_json(other.name) and bool(faults) != case.valid and _faults(other.schema or {}, value) == faults:
            yield Reduction("write the body as JSON", with_body(case, other.name, encoding.to_json(value)))
            return


def _smaller_body(operation: Operation, case: Case) -> Iterator[Reduction]:
    medium, value = _medium(operation, case), _value(operation, case)
    if medium is None or medium.schema is None or value is ABSENT:
        return
    faults = _faults(medium.schema, value)
    if bool(faults) == (case.valid or case.part != "body"):
        return
    written = header(case.request.headers, "Content-Type") or ""
    for name, smaller in smaller_values(medium.schema, value):
        if _faults(medium.schema, smaller) != faults:
            continue
        if is_json(written):
            yield Reduction(name, with_body(case, written, encoding.to_json(smaller)))
        elif reads_as(medium, smaller) == smaller:
            body, content_type = encoding.encode_body(medium, smaller)
            yield Reduction(name, with_body(case, content_type, body))


def _faults(schema: Schema, value: Json) -> Faults:
    return frozenset((item.keyword, starred(item.pointer, value)) for item in validation.violations(schema, value))


def smaller_values(schema: Schema, value: Json) -> Iterator[tuple[str, Json]]:
    """Every single reduction of a JSON value by the name of what it does, outer parts and big steps first.

    Nothing says that what comes is valid.
    """
    for pointer, part in sorted(walk(value), key=lambda item: item[0].count("/")):
        rules = rules_at(schema, split(pointer), value)
        for name, smaller in _of_part(part, rules, schema):
            whole = put(value, split(pointer), smaller)
            if simplicity(whole) < simplicity(value):
                yield f"{name} at {pointer}", whole


def simplicity(value: Json) -> tuple[int, str]:
    """Values in order of the length of their JSON, then its text."""
    text = json.dumps(value, sort_keys=True, default=str)
    return len(text), text


def rules_at(schema: Schema, tokens: tuple[str, ...], value: Json) -> tuple[Schema, ...]:
    """Every subschema that speaks of the part of `value` at `tokens`."""
    named = definitions(schema)
    found = shapes.branches(schema, named)
    for token in tokens:
        step: str | int = int(token) if isinstance(value, list) else token
        value = value[step]
        found = tuple(branch for rule in shapes.children(found, step) for branch in shapes.branches(rule, named))
    return found


def _of_part(part: Json, rules: tuple[Schema, ...], schema: Schema) -> Iterator[tuple[str, Json]]:
    if isinstance(part, dict):
        yield from _of_object(part, rules, schema)
    elif isinstance(part, list):
        for name, group in _groups(list(range(len(part)))):
            yield f"leave out {name}", [item for at, item in enumerate(part) if at not in group]
    else:
        yield from ((f"make it plainer ({at})", item) for at, item in enumerate(_plainer(part, rules)))


def _of_object(part: dict[str, Json], rules: tuple[Schema, ...], schema: Schema) -> Iterator[tuple[str, Json]]:
    wanted = {name for rule in rules for name in rule.get("required", ())}
    for name, group in _groups(list(part)):
        less: dict[str, Json] = {}
        for key, inner in part.items():
            if key not in group:
                less[key] = inner
            elif key in wanted:
                less[key] = _plainest(inner, shapes.children(rules, key), schema)
        yield f"leave out {name}", less


def _groups(parts: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    """All of `parts`, ever smaller shares of them, each alone."""
    size = len(parts)
    while size > 1:
        for start in range(0, len(parts), size):
            yield f"{start} to {start + size} of {len(parts)}", parts[start : start + size]
        size = (size + 1) // 2
    yield from ((json.dumps(part), [part]) for part in parts)


def _plainest(value: Json, rules: Sequence[Json], schema: Schema) -> Json:
    """The plainest valid value in the place of `value`; itself where none of a few plain ones is."""
    whole = {"allOf": list(rules), "$defs": definitions(schema)}
    options = ["", 0, False, [], {}, *_members(rules)]
    fitting = [item for item in options if validation.is_valid(whole, item) and simplicity(item) < simplicity(value)]
    if fitting:
        return min(fitting, key=simplicity)
    made = synthesis.plausible(whole)
    return made if made is not ABSENT and simplicity(made) < simplicity(value) else value


def _members(rules: Sequence[Json]) -> list[Json]:
    return [item for rule in rules if isinstance(rule, dict) for item in rule.get("enum", ())[:1]]


def _plainer(value: Json, rules: Sequence[Json]) -> Iterator[Json]:
    yield from _members(rules)
    if isinstance(value, str) and value:
        half = len(value) // 2
        yield from ("", value[:half], value[half:], "0" * len(value))
        if len(value) <= SHORT:
            yield from (value[:-1], value[1:])
    elif isinstance(value, bool):
        yield False
    elif isinstance(value, int | float) and value:
        whole = int(value) if abs(value) < float("inf") else 0
        yield from (0, 1, whole, whole // 2 if whole > 0 else -(-whole // 2))


def _plainer_parameters(operation: Operation, case: Case) -> Iterator[Reduction]:
    """Parameters of path and query in a plainer form, one at a time, where all of the request conforms."""
    path, _, query = case.request.url.partition("?")
    places = match_path(operation.path, path)
    if not case.valid or places is None:
        return
    for item in operation.parameters:
        alone = replace(operation, parameters=(item,))
        if item.location not in {"path", "query"}:
            continue
        try:
            read = parameters.decode_parameters(alone, places, query, ())
        except encoding.DecodeError:
            continue
        value = read.get((item.location, item.name), ABSENT)
        for name, smaller in smaller_values(item.schema, value) if value is not ABSENT else ():
            if not validation.is_valid(item.schema, smaller) or read_back(item, smaller) != smaller:
                continue
            written = parameters.encode_parameters(alone, {(item.location, item.name): smaller})
            yield Reduction(f"{name} of {item.location} {item.name}", with_parameter(case, item, written, places))


def with_parameter(case: Case, item: Parameter, written: parameters.Encoded, places: Mapping[str, str]) -> Case:
    """`case` with the parameter `item` as it is `written`; `places` are the texts that stand in its path."""
    path, _, query = case.request.url.partition("?")
    if item.location == "query":
        pairs = [pair for pair in query.split("&") if pair and not _is_of(pair, {item.name})]
        pairs += [written.query] if written.query else []
        query = "&".join(pairs)
    else:
        path = written.path
        for name, text in places.items():
            path = path.replace("{" + name + "}", text)
    return replace(case, request=replace(case.request, url=f"{path}?{query}" if query else path))


def put(value: Json, tokens: tuple[str, ...], part: Json) -> Json:
    """`value` with `part` at `tokens`."""
    if not tokens:
        return part
    if isinstance(value, dict):
        return {**value, tokens[0]: put(value[tokens[0]], tokens[1:], part)}
    index = int(tokens[0])
    return [*value[:index], put(value[index], tokens[1:], part), *value[index + 1 :]]
