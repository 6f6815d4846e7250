"""What a service takes of what its contract allows, learned by asking where most of what conforms is refused.

A published contract often says less than the service wants: no property is required, no text has a pattern. What is
learned here narrows the requests that are made, never what is held against the service.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from accord import synthesis
from accord.answering.admission import STRICT, Incoming, Refused, admit
from accord.contract import Contract, MediaType, Operation, Parameter, Schema
from accord.document import Json, unescape
from accord.exchange import Case
from accord.findings import ABSENT
from accord.fuzzing.narrowing import edges, far, narrowed
from accord.strategies.drafts import Draft, case, key_of, reads_as, survives, written
from accord.strategies.partitions import assembled, choice
from accord.validity import validation
from accord.validity.asserting import identity

TRIES = 96
"""So many requests look for one that is taken."""

MOST = 300
"""So many more look for what may be left out, added or changed in it."""

MEMBERS = 24
"""So many values stand for what has parts, where some of its parts are refused."""

FEW = 6
"""Of so many names every selection is tried."""

ROUND = 10
"""A number that is whole, even, a multiple of five and in the bounds of most things."""

_GIVEN = ("id", "uuid", "_id", "href", "url", "self", "links", "_links", "etag", "version", "revision", "status")
_GIVEN_ENDS = ("_at", "At", "_by", "By", "_on", "On")

_LEARNED = frozenset(
    {"readOnly", "required", "enum", "type"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}
)
"""Keywords that what was learned may break, and what the contract says may not."""

Ask = Callable[[Case], bool | None]
"""Send a case: whether it was taken, None where that says nothing of what it holds."""

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a request that may be filled: a property of the body or a parameter; the plainest value first.

    `variants` are values whose parts are other ones, one at a time.
    """

    key: _Key
    values: tuple[Json, ...]
    required: bool
    schema: Schema
    variants: tuple[Json, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Practice:
    """The search in one operation: what fills each slot in a request that was taken, and what was asked."""

    operation: Operation
    medium: MediaType | None
    slots: Mapping[_Key, Slot]
    ask: Ask
    left: int = TRIES
    base: dict[_Key, Json] = field(default_factory=dict)

    def taken(self, filled: Mapping[_Key, Json]) -> bool | None:
        """Whether the service takes a request of what is `filled`; None where nothing is known."""
        self.left -= 1
        made = _case(self.operation, self.medium, filled)
        return None if made is None or self.left < 0 else self.ask(made)


def practised(operation: Operation, values: Mapping[str, Json], ask: Ask) -> Operation | None:
    """`operation` with as much as is taken of what it allows; None where nothing is, or nothing can be left out."""
    medium = next(iter(operation.body.content), None) if operation.body is not None else None
    slots = {slot.key: slot for slot in _slots(operation, medium, values)}
    search = _Practice(operation=operation, medium=medium, slots=slots, ask=ask)
    if len(slots) < 2 or not _begun(search):  # noqa: PLR2004  one thing alone is tried anyway
        return None
    search.left = MOST
    needed, refused = _roles(search)
    fitting = {key: _fitting(search, slot) for key, slot in slots.items() if key not in refused}
    return _written(operation, medium, needed, refused, fitting)


def is_own(contract: Contract, operation: Operation, made: Case) -> bool:
    """Whether what is wrong with `made` is wrong by the contract, not only by what was learned of `operation`."""
    if made.valid or made.fault not in _LEARNED:
        return True
    path, _, query = made.request.url.partition("?")
    request = Incoming(
        method=operation.method, path=path, query=query, headers=made.request.headers, body=made.request.body
    )
    leniency = replace(STRICT, overlooks=frozenset({"security"}))
    return isinstance(admit(contract, request, {}, leniency), Refused)


def _slots(operation: Operation, medium: MediaType | None, values: Mapping[str, Json]) -> Iterator[Slot]:
    for item in operation.parameters:
        if item.location in {"query", "header"}:
            found = tuple(
                value for value in _values(item.schema, item.schema, item.name, values) if survives(item, value)
            )
            yield Slot(key=key_of(item), values=found, required=item.required, schema=item.schema)
    schema = medium.schema if medium is not None and medium.schema else {}
    own = target(schema)
    for name, part in own.get("properties", {}).items():
        if part is not False:
            found = tuple(_values(part, schema, name, values))
            more = () if name in values else tuple(_variants(part, schema, found))
            needed = name in own.get("required", ())
            yield Slot(key=("body", name), values=found, required=needed, schema=part, variants=more)


def target(schema: Schema) -> Mapping[str, Json]:
    """The object schema that `schema` is, or names."""
    if isinstance(schema.get("$ref"), str):
        found = schema.get("$defs", {}).get(unescape(schema["$ref"].removeprefix("#/$defs/")))
        return found if isinstance(found, Mapping) else {}
    return schema


def _values(part: Json, around: Schema, name: str, known: Mapping[str, Json]) -> Iterator[Json]:
    """Values of a slot, the most plausible first."""
    if name in known:
        yield known[name]
        return
    definitions = around.get("$defs", {})
    whole = {**(part if isinstance(part, Mapping) else {}), "$defs": definitions}
    levels = [value for level in choice(part, definitions).levels if (value := assembled(level)) is not ABSENT]
    likely = synthesis.plausible(whole)
    told = bool(levels) and isinstance(part, Mapping) and not {"enum", "examples", "example", "const"}.isdisjoint(part)
    first = levels[:1] if told else [likely]
    if isinstance(likely, int) and not isinstance(likely, bool) and not told:
        first = [ROUND, likely]
    yielded = set()
    for value in (*first, *sorted(levels, key=lambda value: not value)):
        if value is not ABSENT and identity(value) not in yielded and validation.is_valid(whole, value):
            yielded.add(identity(value))
            yield value


def _variants(part: Json, around: Schema, known: tuple[Json, ...]) -> Iterator[Json]:
    """Objects and arrays like the plainest ones, each with another value of one of their parts."""
    definitions = around.get("$defs", {})
    whole = {**(part if isinstance(part, Mapping) else {}), "$defs": definitions}
    plain = set(map(identity, known))
    for level in choice(part, definitions).levels:
        for inner in (*level.members, *level.items[:1]):
            for other in inner.levels:
                value = assembled(other)
                if level.items:
                    made: Json = [] if value is ABSENT else [value, *assembled(level)[1:]]
                else:
                    made = {
                        name: item
                        for name, item in {**assembled(level), inner.name: value}.items()
                        if item is not ABSENT
                    }
                if identity(made) not in plain and validation.is_valid(whole, made):
                    yield made


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


def _begun(search: _Practice) -> bool:
    """Look for a request that is taken."""
    tried: list[Mapping[_Key, Json]] = []
    for names in _selections(search.slots):
        filled = {key: search.slots[key].values[0] for key in search.slots if key in names and search.slots[key].values}
        if filled in tried:
            continue
        tried.append(filled)
        if search.taken(filled):
            search.base = filled
            return True
        if search.left <= 0:
            break
    return False


def _selections(slots: Mapping[_Key, Slot]) -> Iterator[frozenset[_Key]]:
    """Which slots to fill: what a client sends, all, what must be; then every selection of few, and some of many."""
    must = frozenset(key for key, slot in slots.items() if slot.required)
    free = [key for key in slots if key not in must]
    likely = [key for key in free if key[0] == "body" and not _is_given(key[1])]
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


def _is_given(name: str) -> bool:
    """Whether a service is likely to give what has this name."""
    return name.lower() in _GIVEN or name.endswith(_GIVEN_ENDS)


def _roles(search: _Practice) -> tuple[set[_Key], set[_Key]]:
    """What may not be left out of a request that is taken, and what may not be added."""
    needed, refused = set(), set()
    for key, slot in search.slots.items():
        if key in search.base:
            rest = {other: value for other, value in search.base.items() if other != key}
            if slot.required or search.taken(rest) is False:
                needed.add(key)
        elif not slot.values or all(search.taken({**search.base, key: value}) is False for value in slot.values[:3]):
            refused.add(key)
    return needed, refused


def _fitting(search: _Practice, slot: Slot) -> Schema:
    """The schema of a slot without those of its values that are refused."""

    def is_taken(value: Json) -> bool:
        return search.taken({**search.base, slot.key: value}) is not False

    taken: list[Json] = []
    refused: list[Json] = []
    for value in (*slot.values, *slot.variants, *far(slot.schema)):
        (taken if is_taken(value) else refused).append(value)
    if any(value in refused for value in slot.variants):
        return {"enum": taken[:MEMBERS]} if taken else slot.schema
    for value in edges(slot.schema, taken, refused, is_taken):
        (taken if value[1] else refused).append(value[0])
    return narrowed(slot.schema, taken, refused)


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
    own = target(medium.schema)
    parts = {name: fitting.get(("body", name), part) for name, part in own.get("properties", {}).items()}
    learned = {
        **own,
        "properties": {name: part if ("body", name) not in refused else False for name, part in parts.items()},
        "required": sorted({*own.get("required", ()), *(name for location, name in needed if location == "body")}),
    }
    schema = {**learned, "$defs": medium.schema.get("$defs", {})}
    content = tuple(replace(item, schema=schema) if item.schema is medium.schema else item for item in body.content)
    return replace(changed, body=replace(body, content=content))
