"""How operations connect: the ids that a path takes from the answer of what made the thing, by link or by name."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from accord import synthesis
from accord.contract import Operation, Parameter, Schema
from accord.document import Json, at
from accord.exchange import SUCCESS, Case, Exchange, header, path_of
from accord.filters import names_another
from accord.findings import ABSENT
from accord.fuzzing import hints
from accord.messages import parameters, routing
from accord.messages.encoding import DecodeError, parse_json
from accord.strategies.drafts import key_of, read_back
from accord.strategies.partitions import assembled, choice
from accord.validity import validation

Places: TypeAlias = Mapping[str, Json]
"""Values of path parameters by name."""

LOOKS = 24
"""So many answers of an operation are looked at for values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How a thing is made: the request that did, and the operation that reads it."""

    maker: Operation
    case: Case
    read: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What an operation wants before it takes anything: a thing at `path` of its own, which `fills` were sent to.

    The property `name` of its body says which; its path does where that is empty.
    """

    path: str
    name: str
    fills: tuple[tuple[Operation, Case], ...]


@dataclass(slots=True)
class Things:
    """What is known to be there, by the path up to its id, and how it is made.

    `forms` are schemas of ids by path, as they were learned; `tried` names the operations that were to be learned of.
    `practised` are operations with what a service takes of what they allow. `taken` names operations that found it,
    `spent` those that use it up; `renewals` counts what was made anew for them, `fresh` is what nobody has used yet.
    `lost` are the paths of what was there and was taken away.
    `unmet` counts by operation the requests that failed because of a condition in a header.
    `recipes` has by operation what is done before each of its requests, `ready` the thing for which that was done and
    which nobody has used yet.
    `shown` has by name the values of properties in answers, of which `looked` counts those looked at by operation;
    `records` are the objects in them that differ in what they have.
    """

    ids: dict[str, Json] = field(default_factory=dict)
    forms: dict[str, Schema] = field(default_factory=dict)
    practised: dict[str, Operation] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    origins: dict[str, Origin] = field(default_factory=dict)
    fresh: dict[str, Json] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    renewals: dict[str, int] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    unmet: Counter[str] = field(default_factory=Counter)
    recipes: dict[str, Recipe] = field(default_factory=dict)
    ready: dict[str, Json] = field(default_factory=dict)
    shown: dict[str, tuple[Json, ...]] = field(default_factory=dict)
    records: dict[frozenset[str], Mapping[str, Json]] = field(default_factory=dict)
    looked: Counter[str] = field(default_factory=Counter)

    @property
    def named(self) -> Places:
        """The ids by names that tell what they are of, such as `orderId` but not `id`."""
        found = {path.rpartition("{")[2][:-1]: value for path, value in self.ids.items()}
        return {name: value for name, value in found.items() if names_another(name)}


def look(things: Things, operation: Operation, exchange: Exchange) -> None:
    """Keep what the first answers of an operation show."""
    response = exchange.response
    if response is None or response.status not in SUCCESS or things.looked[operation.name] >= LOOKS:
        return
    things.looked[operation.name] += 1
    value = value_of(response.body)
    hints.show(things.shown, value)
    for record in hints.records(value):
        things.records.setdefault(frozenset(record), record)


def value_of(body: bytes) -> Json:
    """`body` as JSON, ABSENT where it is none."""
    try:
        return parse_json(body)
    except DecodeError:
        return ABSENT


def placed(operation: Operation, case: Case, values: Places) -> Case | None:
    """`case` with `values` in its path; None where one cannot stand there."""
    path = tuple(item for item in operation.parameters if item.location == "path")
    if not path:
        return case
    chosen = {key_of(item): values.get(item.name, ABSENT) for item in path}
    if any(not fits(item, chosen[key_of(item)]) for item in path):
        return None
    encoded = parameters.encode_parameters(replace(operation, parameters=path), chosen)
    query = case.request.url.partition("?")[2]
    url = f"{encoded.path}?{query}" if query else encoded.path
    return replace(case, request=replace(case.request, url=url))


def written_in(operation: Operation, url: str) -> Places:
    """What the path of `url` says of the path parameters of `operation`."""
    texts = routing.match_path(operation.path, url.partition("?")[0]) or {}
    read = parameters.decode_parameters(operation, texts, "", ())
    return {name: read["path", name] for name in texts if ("path", name) in read}


def located(read: Operation, exchange: Exchange) -> Places:
    """What the `Location` of an answer says of the path parameters of `read`, where it is a place of that."""
    text = header(exchange.response.headers, "Location") if exchange.response is not None else None
    parts = path_of(text or "").rstrip("/").split("/")
    return written_in(read, "/".join(["", *parts[-read.path.rstrip("/").count("/") :]]))


def fits(parameter: Parameter, value: Json) -> bool:
    """Whether `value` is one of `parameter` by its schema, and is read back as it was written."""
    return value is not ABSENT and validation.is_valid(parameter.schema, value) and read_back(parameter, value) == value


def known(parameter: Parameter, values: Places) -> Json:
    """A value that is known for a path parameter: given, an example, or a plausible one; ABSENT where none fits."""
    if parameter.name in values:
        return values[parameter.name]
    fitting = (
        value for value in (*parameter.examples, synthesis.plausible(parameter.schema)) if fits(parameter, value)
    )
    return next(fitting, ABSENT)


def elsewhere(read: Operation, values: Places) -> Places:
    """`values` with another one for the last path parameter of `read`; the same where there is none."""
    last = next((item for item in reversed(read.parameters) if item.location == "path"), None)
    if last is None:
        return values
    levels = choice(last.schema, last.schema.get("$defs", {})).levels
    others = (value for level in levels if fits(last, value := assembled(level)) and value != values[last.name])
    return {**values, last.name: next(others, values[last.name])}


def leads(maker: Operation, read: Operation) -> bool:
    """Whether `maker` makes what `read` reads: one path segment above, or by a link of an answer of success."""
    return is_above(maker, read) or bool(_link(maker, read))


def is_above(operation: Operation, read: Operation) -> bool:
    """Whether the path of `operation` is that of `read` without its last segment, a parameter."""
    above, _, last = read.path.rstrip("/").rpartition("/")
    return operation.path.rstrip("/") == above and last.startswith("{")


def _link(maker: Operation, read: Operation) -> Mapping[str, Json]:
    """The parameters of the link from an answer of success of `maker` to `read`."""
    links = (link for answer in maker.responses if answer.status.startswith("2") for link in answer.links.values())
    for link in links:
        if not isinstance(link, Mapping) or not isinstance(link.get("parameters"), Mapping):
            continue
        if (link.get("operationId") or None) == read.operation_id or _refers(link.get("operationRef"), read):
            parameters_of_link: Mapping[str, Json] = link["parameters"]
            return parameters_of_link
    return {}


def _refers(reference: Json, operation: Operation) -> bool:
    return isinstance(reference, str) and reference.partition("#")[2] == operation.pointer.rpartition("#")[2]


def places(read: Operation, maker: Operation, earlier: tuple[Exchange, ...], fixed: Places) -> Places | None:
    """The path values of the thing that the first exchange made; None when it made none, or its id does not fit."""
    response = earlier[0].response
    if response is None or response.status not in SUCCESS:
        return None
    value = value_of(response.body)
    link = _link(maker, read)
    inherited = {item.name for item in maker.parameters if item.location == "path"}
    found: dict[str, Json] = {}
    for item in read.parameters:
        if item.location != "path":
            continue
        known = [fixed[item.name]] if item.name in inherited else _named(item.name, value)
        options = _linked(link[item.name], value) if item.name in link else known
        found[item.name] = next((option for option in options if fits(item, option)), ABSENT)
    return None if ABSENT in found.values() else found


def _linked(expression: Json, value: Json) -> Iterator[Json]:
    """What a runtime expression of OpenAPI (section 4.8.20.4) says of the answer's body."""
    text = str(expression)
    if text.startswith("$response.body#"):
        with suppress(KeyError):
            yield at(value, text.removeprefix("$response.body#"))


def _named(name: str, value: Json) -> Iterator[Json]:
    """The property that can be meant by the path parameter `name`: of that name, or `id`."""
    if not isinstance(value, dict):
        return
    wanted = _letters(name)
    meant = [item for key, item in value.items() if _letters(key) == wanted]
    if wanted.endswith("id"):
        meant += [value[key] for key in ("id", "uuid", "_id") if key in value]
    for item in meant:
        yield item
        if isinstance(item, int) and not isinstance(item, bool):
            yield str(item)


def identity(parameter: Parameter, value: Json) -> Json:
    """What of `value` can stand in a path as `parameter`; ABSENT where nothing can."""
    return next((option for option in _named(parameter.name, value) if fits(parameter, option)), ABSENT)


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
