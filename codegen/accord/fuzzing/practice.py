"""What a service takes of what its contract allows, learned by asking where most of what conforms is refused.

A published contract often says less than the service wants: no property is required, no text has a pattern. What is
learned here narrows the requests that are made, never what is held against the service.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from accord.answering.admission import STRICT, Incoming, Refused, admit
from accord.contract import Contract, MediaType, Operation, Schema
from accord.document import Json
from accord.exchange import Case
from accord.fuzzing import records
from accord.fuzzing.filling import Key, slots
from accord.fuzzing.hints import Shown
from accord.fuzzing.probing import MOST, Ask, Probe, Said, fitting, is_begun, roles
from accord.strategies.drafts import key_of

_LEARNED = frozenset(
    {"readOnly", "required", "dependentRequired", "propertyNames", "enum", "type", "format", "pattern", "uniqueItems"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
    | {"oneOf", "anyOf", "multipleOf"}
)
"""Keywords that what was learned may break, and what the contract says may not."""


def practised(
    operation: Operation,
    values: Mapping[str, Json],
    ask: Ask,
    shown: Shown = MappingProxyType({}),
    seen: Iterable[Mapping[str, Json]] = (),
    said: Said = bytes,
) -> Operation | None:
    """`operation` with as much as is taken of what it allows; None where nothing is, or nothing can be left out.

    `values` are those to use by their names, `shown` those that answers showed, `seen` whole objects in answers;
    `said` is what the last refusal said.
    """
    medium = next(iter(operation.body.content), None) if operation.body is not None else None
    seen = list(seen)
    kinds = records.kinds(medium.schema or {}, seen) if medium is not None else []
    if medium is not None and kinds:
        each = (practised(_holding(operation, medium, kind), values, ask, shown, seen, said) for kind in kinds)
        found = [item for item in each if item is not None and item.body is not None]
        schemas = [item.body.content[0].schema or {} for item in found if item.body is not None]
        if not found:
            return None
        return _holding(replace(operation, parameters=found[0].parameters), medium, records.united(schemas))
    told = {**shown, **{name: (value, *shown.get(name, ())) for name, value in values.items()}}
    known = {slot.key: slot for slot in slots(operation, medium, values, told)}
    search = Probe(operation=operation, medium=medium, slots=known, ask=ask, said=said)
    if not is_begun(search, seen):
        return None
    search.left = MOST
    needed, refused = roles(search)
    fitted = {key: fitting(search, slot) for key, slot in known.items() if key not in refused}
    return _written(search, needed, refused, fitted)


def _holding(operation: Operation, medium: MediaType, schema: Schema) -> Operation:
    """`operation` with nothing in its body but what is valid under `schema`."""
    if operation.body is None:
        return operation
    content = tuple(replace(item, schema=schema) if item is medium else item for item in operation.body.content)
    return replace(operation, body=replace(operation.body, content=content))


def is_own(contract: Contract, operation: Operation, made: Case) -> bool:
    """Whether `made`, of what was learned of `operation`, is by the contract what it means to be: right or wrong."""
    if not made.valid and made.fault not in _LEARNED:
        return True
    return conforms(contract, operation, made) is made.valid


def conforms(contract: Contract, operation: Operation, made: Case) -> bool:
    """Whether `made`, a request of `operation`, is one of those that `contract` allows, whoever sends it."""
    path, _, query = made.request.url.partition("?")
    request = Incoming(
        method=operation.method, path=path, query=query, headers=made.request.headers, body=made.request.body
    )
    leniency = replace(STRICT, overlooks=frozenset({"security"}))
    return not isinstance(admit(contract, request, {}, leniency), Refused)


def _written(search: Probe, needed: set[Key], refused: set[Key], fitted: Mapping[Key, Schema]) -> Operation:
    """The operation with its parameters and the schema of its body as they were learned."""
    operation, medium = search.operation, search.medium
    kept = tuple(
        replace(item, schema=fitted.get(key_of(item), item.schema), required=item.required or key_of(item) in needed)
        for item in operation.parameters
        if key_of(item) not in refused
    )
    changed = replace(operation, parameters=kept)
    body = operation.body
    if body is None or medium is None or not medium.schema:
        return changed
    own = records.target(medium.schema)
    parts = {name: fitted.get(("body", name), part) for name, part in own.get("properties", {}).items()}
    learned = {
        **own,
        "properties": {name: part if ("body", name) not in refused else False for name, part in parts.items()},
        "required": sorted({*own.get("required", ()), *(name for location, name in needed if location == "body")}),
    }
    if pairs := _pairs(search, own):
        learned["dependentRequired"] = pairs
    schema = {**learned, "$defs": medium.schema.get("$defs", {})}
    content = tuple(replace(item, schema=schema) if item.schema is medium.schema else item for item in body.content)
    return replace(changed, body=replace(body, content=content))


def _pairs(search: Probe, own: Schema) -> Mapping[str, list[str]]:
    """Which properties need which others beside them."""
    found: dict[str, list[str]] = dict(own.get("dependentRequired", {}))
    for (location, name), around in search.around.items():
        added = {other for place, other in around.keys() - search.base.keys() if place == "body"}
        if location == "body" and added:
            found[name] = sorted({*found.get(name, ()), *added})
    return found
