"""Whole requests at random: valid ones, and ones with exactly one fault."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.contract import MediaType, Operation, Parameter, Schema, is_json
from accord.document import Json, join
from accord.exchange import Case
from accord.messages import encoding
from accord.schemas import kinds
from accord.strategies.drafts import Draft, body_values, case, drafts, is_form, key_of, suited
from accord.strategies.driving import given
from accord.strategies.fault import Fault
from accord.strategies.faulty import faults
from accord.strategies.invalid import Invalid, as_pinned, broken, one_of_many
from accord.strategies.invalid_steps import (
    framing_cases,
    is_refused,
    key_cases,
    meant_of,
    media_type_cases,
    method_cases,
    shows,
    with_body,
)
from accord.strategies.mixing import mixed


def valid_cases(operation: Operation, *, values: Mapping[str, Json] | None = None) -> SearchStrategy[Case]:
    """Requests that conform in every part; `values` pins parameters and top-level body properties by name.

    Half of them are drawn at random, half have the partitions and hostile values of a plan in other company. Empty when
    a required part cannot be written (a body in a media type accord cannot write, say).
    """
    pinned = values or {}
    return (drafts(operation, pinned) | mixed(operation, pinned)).map(case)


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
    methods = None if declared is None else tuple(declared)
    found = [
        *_body_faults(operation, valid, pinned),
        *_framing_faults(operation, valid, pinned),
        *_parameter_faults(operation, valid, pinned),
        *_some(valid, media_type_cases),
        *_some(valid, key_cases),
        *_some(valid, partial(method_cases, declared=methods)),
    ]
    return one_of_many(found)


def _some(valid: SearchStrategy[Draft], cases: Callable[[Draft], Iterable[Case]]) -> Iterator[SearchStrategy[Case]]:
    """One of the `cases` of each draft, where there are any."""
    yield valid.map(lambda draft: tuple(cases(draft))).filter(bool).flatmap(st.sampled_from)


def _body_faults(
    operation: Operation, valid: SearchStrategy[Draft], pinned: Mapping[str, Json]
) -> Iterator[SearchStrategy[Case]]:
    for media_type in operation.body.content if operation.body else ():
        if not encoding.can_encode(media_type) or not media_type.schema:
            continue
        told = suited(media_type.schema, pinned)
        texts = _texts(media_type)
        for fault in _sayable(media_type.schema, texts):
            drawn = broken(media_type.schema, fault).map(given(as_pinned, media_type.schema, told))
            if not is_json(media_type.name):
                drawn = drawn.filter(given(_shown, media_type))
            yield st.builds(given(with_body, media_type), valid, drawn)


def _sayable(schema: Schema, texts: Container[str]) -> Iterator[Fault]:
    """The faults of `schema` that can be written where all is text in the places `texts`: there no type is wrong."""
    return (fault for fault in faults(schema) if fault.keyword != "type" or fault.pointer not in texts)


def _texts(media_type: MediaType) -> set[str]:
    """Where a form, which is fields, has a text whatever is written."""
    if not is_form(media_type):
        return set()
    schema = media_type.schema or {}
    definitions = schema.get("$defs", {})
    declared = kinds.properties(schema, definitions)
    return {"", *(join("", name) for name, part in declared.items() if "string" in kinds.kinds(part, definitions))}


def _shown(media_type: MediaType, fault: Invalid) -> bool:
    return shows(media_type, fault.value)


def _framing_faults(
    operation: Operation, valid: SearchStrategy[Draft], pinned: Mapping[str, Json]
) -> Iterator[SearchStrategy[Case]]:
    for medium in operation.body.content if operation.body else ():
        if encoding.can_encode(medium):
            both: SearchStrategy[Any] = st.tuples(valid, body_values(medium, pinned))
            options = both.map(given(_framed, medium)).filter(bool)
            yield options.flatmap(st.sampled_from)


def _framed(medium: MediaType, drawn: tuple[Draft, Json]) -> tuple[Case, ...]:
    return tuple(framing_cases(drawn[0], medium, drawn[1]))


def _parameter_faults(
    operation: Operation, valid: SearchStrategy[Draft], pinned: Mapping[str, Json]
) -> Iterator[SearchStrategy[Case]]:
    for item in operation.parameters:
        if item.required and item.location != "path":
            yield valid.map(given(_less, item))
        is_text = not item.media_type and "string" in kinds.kinds(item.schema, item.schema.get("$defs", {}))
        for fault in _sayable(item.schema, {""} if is_text else ()) if item.name not in pinned else ():
            drawn = broken(item.schema, fault).filter(given(_is_refused, item))
            yield st.builds(given(_other, item), valid, drawn)


def _is_refused(parameter: Parameter, fault: Invalid) -> bool:
    return is_refused(parameter, fault.value)


def _less(parameter: Parameter, draft: Draft) -> Case:
    left = {key: value for key, value in draft.values.items() if key != key_of(parameter)}
    told = f"the {parameter.location} parameter `{parameter.name}` is missing"
    return case(replace(draft, values=left), meant_of(parameter, "required", told))


def _other(parameter: Parameter, draft: Draft, fault: Invalid) -> Case:
    told = f"the {parameter.location} parameter `{parameter.name}` breaks `{fault.keyword}`"
    changed = replace(draft, values={**draft.values, key_of(parameter): fault.value})
    return case(changed, meant_of(parameter, fault.keyword, told))
