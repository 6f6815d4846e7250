"""Unseen: what a contract documents of answers and a profile does not show.

These are properties, members of enums, branches of unions, and statuses.
A property counts once, where it is written, however many operations lead to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accord.contract import Contract, Schema, locate, response_for
from accord.document import Json, join, unescape
from accord.messages import answers
from accord.profiling.profile import Place, Profile
from accord.schemas import shapes

_MAPS = ("properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("items", "additionalProperties", "if", "then", "else")


@dataclass(frozen=True, slots=True, order=True)
class Unseen:
    """One thing that is documented and was not seen: what it is, where it is written, which member or branch."""

    what: str
    uri: str
    pointer: str
    detail: str = ""


@dataclass(slots=True)
class Cover:
    """How many documented response properties there are and were seen.

    `unseen` is what was not, of operations that answered and of schemas that were met; the others stand for all theirs.
    """

    seen: int = 0
    total: int = 0
    unseen: list[Unseen] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """The share that was seen; 100 where nothing is documented."""
        return 100 * self.seen / self.total if self.total else 100.0


@dataclass(slots=True)
class _Sight:
    """What was seen of schemas, by identity: names of properties, members of enums, branches of unions."""

    names: dict[int, set[str]] = field(default_factory=dict)
    members: dict[int, set[str]] = field(default_factory=dict)
    full: set[int] = field(default_factory=set)
    branches: dict[int, set[int]] = field(default_factory=dict)


def covered(contract: Contract, profile: Profile) -> Cover:
    """How much of what `contract` documents of answers `profile` shows."""
    sight, found = _Sight(), Cover()
    by_name = {operation.name: operation for operation in contract.operations}
    for body, place in profile.bodies.items():
        operation = by_name.get(body.operation)
        schema = None if operation is None else answers.schema_for(operation, body.status, body.media_type)
        if schema is not None:
            _look(sight, place, (schema,), contract.definitions)
    for owner, pointer, schema in _written(contract):
        for what, inner, detail, is_seen in _told(sight, schema):
            if what == "property":
                found.total += 1
                found.seen += is_seen
            if not is_seen and id(schema) in sight.names:
                uri, where = locate(contract, owner, pointer + inner)
                found.unseen.append(Unseen(what, uri, where, detail))
    found.unseen += _answers(contract, profile)
    found.unseen.sort()
    return found


def members(contract: Contract) -> frozenset[str]:
    """Every text that an enum or a const of an answer's schema lists."""
    written = [schema for _, _, schema in _written(contract)]
    listed = [member for schema in written for member in (*schema.get("enum", ()), schema.get("const"))]
    return frozenset(member for member in listed if isinstance(member, str))


def tags(contract: Contract) -> frozenset[tuple[str, str]]:
    """Names of properties of answers with the one text that a schema lets each have: they tell branches apart."""
    found: set[tuple[str, str]] = set()
    for _, _, schema in _written(contract):
        for name, rule in schema.get("properties", {}).items():
            only = rule.get("enum", [rule.get("const")]) if isinstance(rule, Mapping) else []
            found.update((name, text) for text in only if len(only) == 1 and isinstance(text, str))
    return frozenset(found)


def names(contract: Contract) -> frozenset[str]:
    """Every name of a property that a schema of a body documents."""
    seen: set[int] = set()
    bodies = [operation.body for operation in contract.operations if operation.body is not None]
    media = [medium for body in bodies for medium in body.content if medium.schema is not None]
    asked = [
        schema for medium in media for _, _, schema in _inside(contract, seen, medium.pointer, medium.schema or {})
    ]
    answered = [schema for _, _, schema in _written(contract)]
    return frozenset(name for schema in (*asked, *answered) for name in schema.get("properties", ()))


def _answers(contract: Contract, profile: Profile) -> Iterator[Unseen]:
    """Operations that never answered, and statuses that the others did not answer with."""
    for operation in contract.operations:
        answered = [body.status for body in profile.counts if body.operation == operation.name]
        if not answered:
            yield Unseen("operation", *locate(contract, operation.pointer), operation.name)
            continue
        seen = [response_for(operation, status) for status in answered]
        for response in operation.responses:
            if all(response is not item for item in seen):
                uri, pointer = locate(contract, response.pointer or operation.pointer)
                yield Unseen("status", uri, pointer, f"{operation.name} {response.status}")


def _look(sight: _Sight, place: Place, rules: tuple[Json, ...], definitions: Mapping[str, Json]) -> None:
    """Note what one place shows of the schemas of its values, and all below."""
    found = [branch for rule in rules for branch in shapes.branches(rule, definitions)]
    if not found:
        return
    for branch in found:
        sight.names.setdefault(id(branch), set()).update(place.names)
        if place.texts is None or place.rest is not None:
            sight.full.add(id(branch))
        sight.members.setdefault(id(branch), set()).update(map(_token, (*(place.texts or ()), *(place.numbers or ()))))
        taken = sight.branches.setdefault(id(branch), set())
        taken.update(at for at, rule in enumerate(_union(branch)) if _is_taken(place, rule, definitions))
    for name, inner in place.names.items():
        _look(sight, inner, shapes.children(found, name), definitions)
    if place.items is not None:
        _look(sight, place.items, shapes.items(found), definitions)


def _is_taken(place: Place, rule: Json, definitions: Mapping[str, Json]) -> bool:
    """Whether a value took branch `rule`: one of its name was counted, or types tell the branches apart."""
    if place.branches:
        return any(shapes.called(rule) == name for name in place.branches)
    kinds = _kinds(rule, definitions)
    return not kinds or any(place.types[kind] for kind in kinds)


def _kinds(rule: Json, definitions: Mapping[str, Json]) -> frozenset[str]:
    found = shapes.branches(rule, definitions)
    null = {"null"} if any("null" in _listed(branch.get("type", ())) for branch in found) else set()
    return shapes.types(found) | null


def _listed(kind: Json) -> list[Json]:
    return [kind] if isinstance(kind, str) else list(kind)


def _token(value: Json) -> str:
    return value if isinstance(value, str) else repr(float(value))


def _union(schema: Schema) -> list[Json]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _told(sight: _Sight, schema: Schema) -> Iterator[tuple[str, str, str, bool]]:
    """Each thing that a schema documents itself, where in it, and whether it was seen."""
    names, members = sight.names.get(id(schema), set()), sight.members.get(id(schema), set())
    full = id(schema) in sight.full
    for name, rule in schema.get("properties", {}).items():
        if rule is not False:
            yield "property", join("/properties", name), "", name in names
    if id(schema) not in sight.names:
        return
    for member in schema.get("enum", ()):
        if isinstance(member, str | int | float) and not isinstance(member, bool):
            yield "member", "/enum", str(member), full or _token(member) in members
    for at, rule in enumerate(_union(schema)):
        yield "branch", "", shapes.called(rule) or str(at), at in sight.branches.get(id(schema), set())


def _written(contract: Contract) -> Iterator[tuple[str, str, Schema]]:
    """Every schema that answers lead to, once: the owner and pointer for `locate`, and the schema."""
    seen: set[int] = set()
    for operation in contract.operations:
        for response in operation.responses:
            for medium in response.content:
                if medium.schema is not None:
                    yield from _inside(contract, seen, medium.pointer, medium.schema)


def _inside(contract: Contract, seen: set[int], owner: str, top: Schema) -> Iterator[tuple[str, str, Schema]]:
    stack: list[tuple[str, Json]] = [("/schema", top)]
    while stack:
        pointer, schema = stack.pop()
        if not isinstance(schema, Mapping) or id(schema) in seen:
            continue
        seen.add(id(schema))
        yield owner, pointer, schema
        if isinstance(schema.get("$ref"), str):
            name = unescape(schema["$ref"].removeprefix("#/$defs/"))
            stack.append((join("/$defs", name), contract.definitions.get(name, {})))
        for keyword in _MAPS:
            stack += [(join(pointer, keyword, name), rule) for name, rule in schema.get(keyword, {}).items()]
        for keyword in _LISTS:
            stack += [(join(pointer, keyword, str(at)), rule) for at, rule in enumerate(schema.get(keyword, ()))]
        stack += [(join(pointer, keyword), schema[keyword]) for keyword in _SINGLES if keyword in schema]
