"""The requests of a plan that have exactly one fault: key, method, path, media type, framing, values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, zip_longest
from types import MappingProxyType
from typing import Any

from accord.contract import MediaType, Parameter, Schema, is_json, media_type_for
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.messages import encoding
from accord.schemas import kinds
from accord.schemas.shapes import children, top
from accord.strategies import framing, nearest, strangers
from accord.strategies.arranging import Arrangement
from accord.strategies.drafts import UNWRITABLE, Draft, Meant, case, key_of, read_back, reads_as, suited, written
from accord.strategies.invalid import Invalid, as_pinned, with_fault
from accord.strategies.keys import wrong_keys
from accord.strategies.partitions import assembled
from accord.strategies.parts import Parts
from accord.strategies.valid_steps import Stage
from accord.validity import validation

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FOREIGN = ("text/plain", "application/json", "application/xml", "application/octet-stream", "text/html", "image/x+json")
_NO_TYPES = ("json", "application", "application/json/x", "*/*")
_BODILESS: Mapping[str, Any] = MappingProxyType({"content_type": "", "body": b""})
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0*)?")
_ELSEWHERE = 5
_EARLY_KEYS = 6
_BARE_KEYS = 2
_EARLY_FRAMING = 6


def wrong(known: Parts, made: Arrangement) -> Iterator[Stage]:
    """Every stage of invalid cases that another operation with the same parts has as well."""
    if not made.rows:
        return
    draft = known.draft(made.rows[0])
    bare = known.bare()
    keys = [] if bare is None else list(islice(key_cases(known.draft(bare)), _BARE_KEYS))
    yield "keys", _EARLY_KEYS, [*key_cases(draft), *keys]
    yield "media-type", 2, list(media_type_cases(draft))
    yield "framing", _EARLY_FRAMING, list(_framing(known, made, draft))
    told = [cases for cases in _parameters(known, draft) if cases]
    ids = [cases for cases in told if cases[0].part == "path"]
    others = [cases for cases in told if cases[0].part != "path"]
    for stage, turns in (("ids", ids), ("parameters", others), ("body", [*filter(None, _bodies(known, made, draft))])):
        cases = [item for turn in zip_longest(*turns) for item in turn if item is not None]
        yield stage, len(turns), cases
    bodies = [known.body(row)[1] for row in made.rows]
    strange = [*_answered(known, made, draft), *strangers.cases(known, bodies, draft)]
    yield "body", len(strange), strange
    yield "body", 0, list(_other_media(known, made, draft))


def astray(draft: Draft, declared: Iterable[str] | None, paths: Iterable[str] | None) -> Iterator[Stage]:
    """The stages of what is sent to the wrong method or path; `declared` and `paths` as in `plan`."""
    yield "method", 1, list(method_cases(draft, declared))
    yield "path", 1, list(_paths(draft, paths))


def key_cases(draft: Draft) -> Iterator[Case]:
    """`draft` with every wrong key."""
    for key in wrong_keys(draft.operation):
        told = Meant(fault=key.fault, part="security", description=key.description)
        yield case(replace(draft, given=key.given), told)


def method_cases(draft: Draft, declared: Iterable[str] | None) -> Iterator[Case]:
    """`draft` with every method that is not `declared`; none where it is not known which are."""
    taken = set(METHODS) if declared is None else {draft.operation.method, *declared}
    for method in METHODS:
        if method in taken or (method == "GET" and "HEAD" in taken):
            continue
        told = Meant(fault="method", part="method", description=f"the method {method} is not documented here")
        bare = method in {"GET", "TRACE"}
        yield case(replace(draft, method=method, **(_BODILESS if bare else {})), told)


def _paths(draft: Draft, paths: Iterable[str] | None) -> Iterator[Case]:
    template = draft.operation.path
    if paths is None or len(template) == 1 or _slash(template) in set(paths):
        return
    told = "has a slash more at its end" if template[-1:] != "/" else "lacks the slash at its end"
    meant = Meant(fault="path", part="path", description=f"the path {told}")
    yield case(replace(draft, path=_slash(case(draft).request.url.partition("?")[0])), meant)


def _slash(path: str) -> str:
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def media_type_cases(draft: Draft) -> Iterator[Case]:
    """`draft` without its body, and with its body under every other media type, or none."""
    body = draft.operation.body
    if body is None:
        return
    if body.required:
        told = Meant(fault="required", part="body", description="the body is missing")
        yield case(replace(draft, **_BODILESS), told)
    if not draft.content_type:
        return
    for name in (*FOREIGN, *_NO_TYPES):
        if media_type_for(body.content, name) is None:
            told = Meant(
                fault="media-type", part="media-type", description=f"the media type `{name}` is not documented"
            )
            yield case(replace(draft, content_type=name), told)
    told = Meant(fault="media-type", part="media-type", description="no media type is named", doubtful=True)
    yield case(replace(draft, content_type=""), told)
    for more in ("; charset=utf-16", "; charset=nonsense", "; version=1", ";"):
        told = Meant(
            fault="media-type", part="media-type", description=f"the media type goes on with `{more}`", doubtful=True
        )
        yield case(replace(draft, content_type=draft.content_type + more), told)


def _framing(known: Parts, made: Arrangement, draft: Draft) -> Iterator[Case]:
    for at, medium in enumerate(known.media):
        for value in _bodies_in(known, made, at)[:1]:
            yield from framing_cases(draft, medium, value)


def framing_cases(draft: Draft, medium: MediaType, value: Json) -> Iterator[Case]:
    """`draft` with bytes for its body that are almost `value` in `medium`, and are not."""
    value = _free_texts_first(medium, value)
    content_type, body = written(medium, value)
    if is_json(medium.name):
        shapes: Iterable[framing.Framing] = (*framing.malformed(value), *framing.contested(value))
    elif medium.name.startswith(encoding.MULTIPART):
        shapes = framing.broken_parts(body)
    elif medium.name.startswith(encoding.FORM) and isinstance(value, dict) and value:
        shapes = framing.broken_forms(next(iter(value)), body)
    else:
        shapes = ()
    for shape in shapes:
        told = Meant(fault=shape.fault, part="body", description=shape.description, doubtful=shape.doubtful)
        yield case(replace(draft, content_type=content_type, body=shape.body), told)


def _free_texts_first(medium: MediaType, value: Json) -> Json:
    """`value`, an object, its freest texts in front: what spoils one of them spoils nothing else."""
    if not isinstance(value, dict):
        return value
    schema = medium.schema or {}
    odd = {name: {**value, name: f"{part}\ufffd"} for name, part in value.items() if isinstance(part, str)}
    free = {name: value[name] for name, other in odd.items() if validation.is_valid(schema, other)}
    return {**free, **value}


def _bodies_in(known: Parts, made: Arrangement, at: int) -> list[Json]:
    """The different values that rows of media type number `at` have, the row's order kept."""
    found = [value for row in made.rows for medium, value in [known.body(row)] if medium is known.media[at]]
    return [value for value in found if value is not ABSENT]


def _bodies(known: Parts, made: Arrangement, draft: Draft) -> Iterator[list[Case]]:
    """By fault, the cases of the body in the first media type."""
    if known.media:
        yield from _in_media(known, made, draft, 0, None)


def _answered(known: Parts, made: Arrangement, draft: Draft) -> Iterator[Case]:
    """Names that only answers have, sent in a request with values that an answer may have."""
    medium = next(iter(known.media), None)
    bases = _bodies_in(known, made, 0) if medium is not None and is_json(medium.name) else []
    base = next((value for value in bases if isinstance(value, dict)), None)
    if medium is None or not medium.schema or base is None:
        return
    declared = kinds.properties(medium.schema, medium.schema.get("$defs", {}))
    for name, value in strangers.of_answers(known.operation):
        spoilt = {**base, name: value}
        if name in declared or validation.is_valid(medium.schema, spoilt):
            continue
        barred = any(rule is False for rule in children(top(medium.schema).found, name))
        keyword, pointer = ("readOnly", f"/{name}") if barred else ("additionalProperties", "")
        text = f"`/{name}` is what only answers hold"
        yield with_body(medium, draft, Invalid(value=spoilt, keyword=keyword, pointer=pointer, description=text))


def _other_media(known: Parts, made: Arrangement, draft: Draft) -> Iterator[Case]:
    """A few cases of each fault in each of the other media types, one of each first."""
    for at in range(1, len(known.media)):
        turns = zip_longest(*_in_media(known, made, draft, at, _ELSEWHERE))
        yield from (found for turn in turns for found in turn if found is not None)


def _in_media(known: Parts, made: Arrangement, draft: Draft, at: int, most: int | None) -> Iterator[list[Case]]:
    """By fault, up to `most` cases of the body in media type number `at`."""
    medium = known.media[at]
    bases = _bodies_in(known, made, at)
    if not medium.schema or not bases:
        return
    pinned = suited(medium.schema, known.pinned)
    for fault, values in nearest.spoilt(nearest.neighbours(medium.schema, bases)):
        found = (as_pinned(medium.schema, pinned, with_fault(fault, value)) for value in values)
        shown = (item for item in found if is_json(medium.name) or shows(medium, item.value))
        yield [with_body(medium, draft, item) for item in islice(shown, most)]


def shows(medium: MediaType, value: Json) -> bool:
    """Whether an invalid `value` is still one after writing and reading: a form can say text alone."""
    read = reads_as(medium, value)
    return read is not UNWRITABLE and _breaks(medium.schema or {}, read)


def with_body(medium: MediaType, draft: Draft, found: Invalid) -> Case:
    """`draft` with an invalid value for its body."""
    content_type, body = written(medium, found.value)
    keyword = "readOnly" if found.keyword == "false" else found.keyword
    meant = Meant(fault=keyword, part="body", pointer=found.pointer, description=found.description)
    return case(replace(draft, content_type=content_type, body=body), meant)


def _parameters(known: Parts, draft: Draft) -> Iterator[list[Case]]:
    """By fault, the cases of each parameter."""
    unknown = Meant(
        fault="undeclared", part="query", description="the query holds a name that is not declared", doubtful=True
    )
    yield [case(replace(draft, more_query="undeclared=1"), unknown)]
    for item, place in known.parameters:
        key, told = key_of(item), f"the {item.location} parameter `{item.name}`"
        if item.required and item.location != "path":
            left = {other: value for other, value in draft.values.items() if other != key}
            meant = meant_of(item, "required", f"{told} is missing")
            yield [case(replace(draft, values=left), meant)]
        values = [value for level in place.levels if (value := assembled(level)) is not ABSENT]
        if place.schema is False or not values:
            continue
        for fault, bad in nearest.spoilt(nearest.neighbours(item.schema, values)):
            refused = [value for value in bad if is_refused(item, value)]
            meant = meant_of(item, fault.keyword, f"{told} breaks `{fault.keyword}`")
            yield [case(replace(draft, values={**draft.values, key: value}), meant) for value in refused]
        if item.location == "query":
            yield list(_queries(item, draft))


def meant_of(item: Parameter, fault: str, description: str) -> Meant:
    """What a case is with a fault in one parameter."""
    return Meant(fault=fault, part=item.location, pointer=f"/{item.name}", description=description)


def is_refused(parameter: Parameter, value: Json) -> bool:
    """Whether `value`, written as `parameter`, is read as one that its schema refuses, by every reader there is."""
    read = read_back(parameter, value)
    return read is not UNWRITABLE and not _is_overlooked(parameter, value) and _breaks(parameter.schema, read)


def _breaks(schema: Schema, read: Json) -> bool:
    """Whether `schema` refuses what was read from text, also where readers see a number and accord sees none."""
    if validation.is_valid(schema, read):
        return False
    return read == (whole := _whole(read)) or not validation.is_valid(schema, whole)


def _is_overlooked(parameter: Parameter, value: Json) -> bool:
    """Whether a reader of `parameter` sees nothing of its own: what is no object has no pairs by names of members."""
    by_member = parameter.location == "query" and (parameter.style == "deepObject" or parameter.explode)
    allowed = kinds.kinds(parameter.schema, parameter.schema.get("$defs", {}))
    return by_member and allowed <= {"object", "null"} and not (isinstance(value, Mapping) and value)


def _whole(read: Json) -> Json:
    """`read` with texts such as `1.0` and `007` as the integers that a reader may take them for."""
    if isinstance(read, list):
        return [_whole(part) for part in read]
    if isinstance(read, dict):
        return {name: _whole(part) for name, part in read.items()}
    return int(read.partition(".")[0]) if isinstance(read, str) and _WHOLE.fullmatch(read) else read


def _queries(item: Parameter, draft: Draft) -> Iterator[Case]:
    """What is no percent-encoded UTF-8 in the place of a parameter, and the same parameter twice."""
    left = {other: value for other, value in draft.values.items() if other != key_of(item)}
    text = "string" in kinds.kinds(item.schema, item.schema.get("$defs", {}))
    told = meant_of(item, "malformed-query", f"the query parameter `{item.name}` holds a byte that is not UTF-8")
    name = framing.quoted(item.name)
    yield case(replace(draft, values=left, more_query=f"{name}=%FF"), replace(told, doubtful=text))
    if key_of(item) in draft.values and item.style == "form":
        pair = next(
            (part for part in case(draft).request.url.partition("?")[2].split("&") if part.startswith(f"{name}=")), ""
        )
        twice = meant_of(item, "duplicate-keys", f"the query parameter `{item.name}` is there twice")
        if pair:
            yield case(replace(draft, more_query=pair), replace(twice, doubtful=True))
