"""What a service takes of what its contract allows, learned by asking where most of what conforms is refused.

A published contract often says less than the service wants: no property is required, no text has a pattern. What is
learned here narrows the requests that are made, never what is held against the service.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType

from accord import synthesis
from accord.answering.admission import STRICT, Incoming, Refused, admit
from accord.contract import Contract, MediaType, Operation, Parameter, Schema
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.fuzzing import records
from accord.fuzzing.conditions import is_condition
from accord.fuzzing.fitting import Place, candidates, fitted, forms
from accord.fuzzing.hints import Shown, is_given
from accord.strategies.drafts import Draft, case, key_of, reads_as, survives, written
from accord.validity import validation

TRIES = 96
"""So many requests look for one that is taken."""

MOST = 300
"""So many more look for what may be left out, added or changed in it."""

PLAIN = 3
"""So many selections are tried with other values too."""

FEW = 6
"""Of so many names every selection is tried."""

_LEARNED = frozenset(
    {"readOnly", "required", "enum", "type", "format", "pattern", "uniqueItems", "oneOf", "anyOf"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
)
"""Keywords that what was learned may break, and what the contract says may not."""

Ask = Callable[[Case], bool | None]
"""Send a case: whether it was taken, None where that says nothing of what it holds."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a request that may be filled, a property of the body or a parameter; the likeliest value first."""

    key: _Key
    values: tuple[Json, ...]
    required: bool
    place: Place

    @property
    def schema(self) -> Schema:
        """What may be there."""
        found: Schema = self.place.schema
        return found


@dataclass(slots=True, kw_only=True)
class _Practice:
    """The search in one operation: what fills each slot in a request that was taken, and what was asked."""

    operation: Operation
    medium: MediaType | None
    slots: Mapping[_Key, Slot]
    ask: Ask
    left: int = TRIES
    base: dict[_Key, Json] = field(default_factory=dict)
    added: dict[_Key, Json] = field(default_factory=dict)

    def taken(self, filled: Mapping[_Key, Json]) -> bool | None:
        """Whether the service takes a request of what is `filled`; None where nothing is known."""
        self.left -= 1
        made = _case(self.operation, self.medium, filled)
        return None if made is None or self.left < 0 else self.ask(made)


def practised(
    operation: Operation,
    values: Mapping[str, Json],
    ask: Ask,
    shown: Shown = MappingProxyType({}),
    seen: Iterable[Mapping[str, Json]] = (),
) -> Operation | None:
    """`operation` with as much as is taken of what it allows; None where nothing is, or nothing can be left out.

    `values` are those to use by their names, `shown` those that answers showed, `seen` whole objects in answers.
    """
    medium = next(iter(operation.body.content), None) if operation.body is not None else None
    seen = list(seen)
    kinds = records.kinds(medium.schema or {}, seen) if medium is not None else []
    if medium is not None and kinds:
        each = (practised(_holding(operation, medium, kind), values, ask, shown, seen) for kind in kinds)
        found = [item.body.content[0].schema or {} for item in each if item is not None and item.body is not None]
        return _holding(operation, medium, records.united(found)) if found else None
    slots = {slot.key: slot for slot in _slots(operation, medium, values, shown)}
    search = _Practice(operation=operation, medium=medium, slots=slots, ask=ask)
    if not _begun(search, seen):
        return None
    search.left = MOST
    needed, refused = _roles(search)
    fitting = {key: _fitting(search, slot) for key, slot in slots.items() if key not in refused}
    return _written(operation, medium, needed, refused, fitting)


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


def _slots(operation: Operation, medium: MediaType | None, values: Mapping[str, Json], shown: Shown) -> Iterator[Slot]:
    def place(name: str, part: Json, around: Schema, seen: Shown) -> Place:
        definitions = around.get("$defs", {})
        return Place(name=name, schema=part, definitions=definitions, shown=seen, ask=lambda _value: None)

    def known(here: Place) -> tuple[Json, ...]:
        return (values[here.name],) if here.name in values else tuple(candidates(here))

    for item in operation.parameters:
        if item.location in {"query", "header"}:
            here = place(item.name, item.schema, item.schema, {})
            found = tuple(value for value in known(here) if survives(item, value))
            needed = item.required or is_condition(item)
            yield Slot(key=key_of(item), values=found, required=needed, place=here)
    schema = medium.schema if medium is not None and medium.schema else {}
    own = records.target(schema)
    for name, part in own.get("properties", {}).items():
        if part is not False:
            here = place(name, part, schema, shown)
            needed = name in own.get("required", ())
            yield Slot(key=("body", name), values=known(here), required=needed, place=here)


def _case(operation: Operation, medium: MediaType | None, filled: Mapping[_Key, Json]) -> Case | None:
    """A request of what is `filled`; None where it cannot be written, or does not conform."""
    values = {key: value for key, value in filled.items() if key[0] != "body"}
    for item in operation.parameters:
        if item.location in {"path", "cookie"} and (item.required or item.location == "path"):
            values[key_of(item)] = _known(item)
    draft = Draft(operation=operation, values=values)
    if medium is not None:
        body = {name: value for (location, name), value in filled.items() if location == "body"}
        if not validation.is_valid(medium.schema or {}, body) or reads_as(medium, body) != body:
            return None
        content_type, text = written(medium, body)
        draft = replace(draft, content_type=content_type, body=text)
    return None if ABSENT in values.values() else case(draft)


def _known(item: Parameter) -> Json:
    options = (*item.examples, synthesis.plausible(item.schema))
    return next((value for value in options if value is not ABSENT and survives(item, value)), ABSENT)


def _begun(search: _Practice, seen: list[Mapping[str, Json]]) -> bool:
    """Look for a request that is taken."""
    tried: list[Mapping[_Key, Json]] = []
    for filled in (*_sent_back(search.slots, seen), *_filled(search.slots)):
        if search.left <= 0:
            break
        if filled in tried:
            continue
        tried.append(filled)
        if search.taken(filled):
            search.base = dict(filled)
            return True
    return False


def _sent_back(slots: Mapping[_Key, Slot], seen: list[Mapping[str, Json]]) -> Iterator[Mapping[_Key, Json]]:
    """What objects in answers have of a body: a service is likely to take what it shows."""
    own = {name: slot.place for (location, name), slot in slots.items() if location == "body"}
    must = {key: slot.values[0] for key, slot in slots.items() if slot.required and slot.values}
    for known in records.known(seen, {name: place.is_valid for name, place in own.items()}):
        yield {**must, **{("body", name): value for name, value in known.items()}}


def _filled(slots: Mapping[_Key, Slot]) -> Iterator[Mapping[_Key, Json]]:
    for at, names in enumerate(_selections(slots)):
        for turn in range(2 if at < PLAIN else 1):
            yield {
                key: slot.values[min(turn, len(slot.values) - 1)]
                for key, slot in slots.items()
                if key in names and slot.values
            }


def _selections(slots: Mapping[_Key, Slot]) -> Iterator[frozenset[_Key]]:
    """Which slots to fill: what a client sends, all, what must be; then every selection of few, and some of many."""
    must = frozenset(key for key, slot in slots.items() if slot.required)
    free = [key for key in slots if key not in must]
    likely = [key for key in free if key[0] == "body" and not is_given(key[1])]
    yield must | frozenset(likely)
    yield must | frozenset(free)
    yield must
    yield from (must | frozenset(likely) - {key} for key in likely)
    yield from (must | {key} for key in likely)
    if len(free) <= FEW:
        for flags in product((True, False), repeat=len(free)):
            yield must | frozenset(key for key, flag in zip(free, flags, strict=True) if flag)
        return
    chance = random.Random(len(free))  # noqa: S311  the same on each run
    for turn in range(2 * TRIES):
        share = (0.5, 0.75, 0.3)[turn % 3]
        yield must | frozenset(key for key in free if chance.random() < (share if key in likely else 0.1))


def _roles(search: _Practice) -> tuple[set[_Key], set[_Key]]:
    """What may not be left out of a request that is taken, and what may not be added."""
    needed, refused = set(), set()
    for key, slot in search.slots.items():
        if key in search.base:
            rest = {other: value for other, value in search.base.items() if other != key}
            if slot.required or search.taken(rest) is False:
                needed.add(key)
            continue
        tried = (*slot.values[:3], *(forms(slot.schema) if key[0] == "body" else ()))
        value = next((value for value in tried if search.taken({**search.base, key: value}) is not False), ABSENT)
        if value is ABSENT:
            refused.add(key)
        else:
            search.added[key] = value
    return needed, refused


def _fitting(search: _Practice, slot: Slot) -> Schema:
    """The schema of a slot without those of its values that are refused."""
    place = replace(slot.place, ask=lambda value: search.taken({**search.base, slot.key: value}))
    found: Schema = fitted(place, search.base.get(slot.key, search.added.get(slot.key, ABSENT)))
    return found


def _written(
    operation: Operation,
    medium: MediaType | None,
    needed: set[_Key],
    refused: set[_Key],
    fitting: Mapping[_Key, Schema],
) -> Operation:
    """`operation` with its parameters and the schema of its body as they were learned."""
    kept = tuple(
        replace(item, schema=fitting.get(key_of(item), item.schema), required=item.required or key_of(item) in needed)
        for item in operation.parameters
        if key_of(item) not in refused
    )
    changed = replace(operation, parameters=kept)
    body = operation.body
    if body is None or medium is None or not medium.schema:
        return changed
    own = records.target(medium.schema)
    parts = {name: fitting.get(("body", name), part) for name, part in own.get("properties", {}).items()}
    learned = {
        **own,
        "properties": {name: part if ("body", name) not in refused else False for name, part in parts.items()},
        "required": sorted({*own.get("required", ()), *(name for location, name in needed if location == "body")}),
    }
    schema = {**learned, "$defs": medium.schema.get("$defs", {})}
    content = tuple(replace(item, schema=schema) if item.schema is medium.schema else item for item in body.content)
    return replace(changed, body=replace(body, content=content))
