"""Whole requests: valid ones, and ones with exactly one fault."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord import encoding, validation
from accord.contract import MediaType, Operation, Parameter, is_json, media_type_for
from accord.credentials import is_protected
from accord.document import Json
from accord.driving import drive
from accord.exchange import Case
from accord.strategies.drafts import UNWRITABLE, Draft, body_values, case, drafts, key_of, read_back, reads_as, written
from accord.strategies.invalid import Invalid, broken, faults, one_of_many

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_FOREIGN = ("text/plain", "application/xml", "application/octet-stream", "text/html", "application/json+unknown")


def valid_cases(operation: Operation, *, values: Mapping[str, Json] | None = None) -> SearchStrategy[Case]:
    """Requests that conform in every part; `values` pins parameters and top-level body properties by name.

    Empty when a required part cannot be written (a body in a media type accord cannot write, say).
    """
    return drafts(operation, values or {}).map(lambda draft: case(draft, valid=True))


def invalid_cases(
    operation: Operation, *, values: Mapping[str, Json] | None = None, declared: Iterable[str] | None = None
) -> SearchStrategy[Case]:
    """Requests with exactly one fault, in any part; `declared` are the methods of the same path, where known.

    Without `declared` no other method is tried.
    """
    pinned = values or {}
    valid = drafts(operation, pinned)
    if valid.is_empty:
        return st.nothing()
    found = [
        *_body_faults(operation, valid),
        *_framing_faults(operation, valid),
        *_parameter_faults(operation, valid, pinned),
        *_key_faults(operation, valid),
        *_method_faults(operation, valid, declared),
    ]
    return one_of_many(found)


def _body_faults(operation: Operation, valid: SearchStrategy[Draft]) -> Iterator[SearchStrategy[Case]]:
    for media_type in operation.body.content if operation.body else ():
        if not encoding.can_encode(media_type) or not media_type.schema:
            continue
        for fault in faults(media_type.schema):
            drawn = broken(media_type.schema, fault)
            if not is_json(media_type.name):
                drawn = drawn.filter(partial(_shows, media_type))
            yield st.builds(partial(_with_body, media_type), valid, drawn)


def _shows(media_type: MediaType, fault: Invalid) -> bool:
    """Whether the fault is still one after writing and reading: a form can say text alone."""
    read = reads_as(media_type, fault.value)
    return read is not UNWRITABLE and not validation.is_valid(media_type.schema or {}, read)


def _with_body(media_type: MediaType, draft: Draft, fault: Invalid) -> Case:
    content_type, body = written(media_type, fault.value)
    keyword = "readOnly" if fault.keyword == "false" else fault.keyword
    return case(
        replace(draft, content_type=content_type, body=body),
        valid=False,
        fault=keyword,
        part="body",
        pointer=fault.pointer,
        description=fault.description,
    )


def _framing_faults(operation: Operation, valid: SearchStrategy[Draft]) -> Iterator[SearchStrategy[Case]]:
    """Faults of the body as bytes: another media type, no body, what is no JSON."""
    if operation.body is None:
        return
    with_body = valid.filter(lambda draft: bool(draft.content_type))
    foreign = [name for name in _FOREIGN if media_type_for(operation.body.content, name) is None]
    if foreign and not with_body.is_empty:
        yield st.builds(_foreign, with_body, st.sampled_from(foreign))
    if operation.body.required:
        told = {"fault": "required", "part": "body", "description": "the body is missing"}
        yield valid.map(lambda draft: case(replace(draft, content_type="", body=b""), valid=False, **told))
    for media_type in operation.body.content:
        if is_json(media_type.name):
            bodies = body_values(media_type, {}).map(encoding.to_json)
            yield st.builds(partial(_malformed, media_type.name), valid, bodies, st.sampled_from(tuple(_MANGLED)))


def _foreign(draft: Draft, name: str) -> Case:
    told = f"the media type `{name}` is not documented"
    return case(replace(draft, content_type=name), valid=False, fault="media-type", part="media-type", description=told)


_MANGLED: Mapping[str, Callable[[bytes], bytes]] = {
    "is cut short": lambda body: body[:-1] if len(body) > 1 else b"{",
    "is followed by text": lambda body: body + b" x",
    "is no JSON": lambda _body: b"{",
    "holds NaN": lambda _body: b'{"a": NaN}',
    "is not UTF-8": lambda _body: b'{"a": "\xff"}',
}


def _malformed(name: str, draft: Draft, body: bytes, how: str) -> Case:
    mangled = _MANGLED[how](body)
    try:
        encoding.parse_json(mangled)
    except encoding.DecodeError:
        pass
    else:
        mangled = b"{"
    told = f"the body {how}"
    changed = replace(draft, content_type=name, body=mangled)
    return case(changed, valid=False, fault="malformed-json", part="body", description=told)


def _parameter_faults(
    operation: Operation, valid: SearchStrategy[Draft], pinned: Mapping[str, Json]
) -> Iterator[SearchStrategy[Case]]:
    for item in operation.parameters:
        told = {"part": item.location, "pointer": f"/{item.name}"}
        if item.required and item.location != "path":
            text = f"the {item.location} parameter `{item.name}` is missing"
            yield valid.map(partial(_less, item, {**told, "fault": "required", "description": text}))
        for fault in faults(item.schema) if item.name not in pinned else ():
            drawn = broken(item.schema, fault).map(lambda found: found.value).filter(partial(_is_refused, item))
            text = f"the {item.location} parameter `{item.name}` breaks `{fault.keyword}`"
            yield st.builds(partial(_other, item, {**told, "fault": fault.keyword, "description": text}), valid, drawn)


def _is_refused(parameter: Parameter, value: Json) -> bool:
    read = read_back(parameter, value)
    return read is not UNWRITABLE and not validation.is_valid(parameter.schema, read)


def _less(parameter: Parameter, told: Mapping[str, str], draft: Draft) -> Case:
    left = {key: value for key, value in draft.values.items() if key != key_of(parameter)}
    return case(replace(draft, values=left), valid=False, **told)


def _other(parameter: Parameter, told: Mapping[str, str], draft: Draft, value: Json) -> Case:
    return case(replace(draft, values={**draft.values, key_of(parameter): value}), valid=False, **told)


def _key_faults(operation: Operation, valid: SearchStrategy[Draft]) -> Iterator[SearchStrategy[Case]]:
    if not is_protected(operation):
        return
    missing = {"fault": "security-missing", "part": "security", "description": "the key is missing"}
    wrong = {"fault": "security-wrong", "part": "security", "description": "the key is wrong"}
    empty = {"fault": "security-empty", "part": "security", "description": "the key is empty"}
    yield valid.map(lambda draft: case(replace(draft, keyless=True), valid=False, **missing))
    yield valid.map(lambda draft: case(replace(draft, key="wrong"), valid=False, **wrong))
    yield valid.map(lambda draft: case(replace(draft, key=""), valid=False, **empty))


def _method_faults(
    operation: Operation, valid: SearchStrategy[Draft], declared: Iterable[str] | None
) -> Iterator[SearchStrategy[Case]]:
    known = {operation.method} if declared is None else set(declared)
    others = [method for method in _METHODS if method not in known and not (method == "GET" and "HEAD" in known)]
    if declared is not None and others:
        yield st.builds(_by_method, valid, st.sampled_from(others))


def _by_method(draft: Draft, method: str) -> Case:
    told = f"the method {method} is not documented here"
    bare = (
        replace(draft, method=method, content_type="", body=b"") if method == "GET" else replace(draft, method=method)
    )
    return case(bare, valid=False, fault="method", part="method", description=told)


def invalid_steps(operation: Operation, pinned: Mapping[str, Json], declared: Iterable[str] | None) -> tuple[Case, ...]:
    """A few invalid cases of each fault, the first of each before the second of any."""
    found: list[list[Case]] = []
    valid = drafts(operation, pinned)
    if valid.is_empty:
        return ()
    for strategy in (
        *_key_faults(operation, valid),
        *_method_faults(operation, valid, declared),
        *_framing_faults(operation, valid),
        *_parameter_faults(operation, valid, pinned),
        *_body_faults(operation, valid),
    ):
        found.append([])
        drive(strategy, partial(_kept, found[-1]), examples=2, seed=0)
    return tuple(case for turn in zip_longest(*found) for case in turn if case is not None)


def _kept(found: list[Case], case: Case) -> bool:
    found.append(case)
    return False
