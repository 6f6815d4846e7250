"""Sequences of requests that belong together: one asked again, and the life of a thing that operations make."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeAlias

from accord import synthesis
from accord.contract import Operation, Parameter
from accord.document import Json, at
from accord.exchange import Case, Exchange
from accord.findings import ABSENT
from accord.messages import parameters
from accord.messages.encoding import DecodeError, parse_json
from accord.strategies.drafts import key_of, read_back
from accord.validity import validation

Places: TypeAlias = Mapping[str, Json]
"""Values of path parameters by name."""

Cases: TypeAlias = Callable[[Operation], tuple[Case, ...]]
"""The valid cases of an operation."""

HEAVY = 4096
"""Bodies of so many bytes are left to single requests."""

LIVES = 3
"""So many things are made, each with another body, where an operation makes them."""

_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a sequence: `case` makes it from the exchanges before; None where they do not allow it."""

    operation: Operation
    case: Callable[[tuple[Exchange, ...]], Case | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """Requests that are sent one after the other, each judged with those before it."""

    name: str
    steps: tuple[Step, ...]


def again(operation: Operation, cases: Cases) -> Iterator[Sequence]:
    """The plainest request thrice, the fullest, and both once more, and the barest object around the fullest.

    Nothing but what is stored may leave a trace.
    """
    valid = _by_weight(cases(operation))
    if not valid:
        return
    plain, full = valid[0], valid[-1]
    bare = next((case for case in valid if isinstance(_value(case.request.body), dict)), plain)
    around = () if bare in {plain, full} else (bare, full, bare)
    order = (plain,) * 3 if plain == full else (plain, plain, plain, full, plain, full, *around)
    steps = tuple(Step(operation=operation, case=lambda _earlier, case=case: case) for case in order)  # type: ignore[misc]
    yield Sequence(name=f"{operation.name} again", steps=steps)


def lives(chosen: tuple[Operation, ...], values: Places, cases: Cases) -> Iterator[Sequence]:
    """Make, read, change, read, delete, read: for each path that can be read, as far as operations connect.

    The one that makes is a POST to the path above, or one whose answer has a link here; without one, what is there is
    changed in place. `values` are known values of path parameters.
    """
    for read in chosen:
        if read.method != "GET":
            continue
        writers = {item.method: item for item in chosen if item.path == read.path}
        maker = next((item for item in chosen if item.method == "POST" and _leads(item, read)), None)
        if maker is None and not writers.keys() & {"PUT", "PATCH"}:
            continue
        fixed = {item.name: _known(item, values) for item in read.parameters if item.location == "path"}
        if any(value is ABSENT for value in fixed.values()):
            continue
        for number in range(LIVES if maker is not None else 1):
            steps = _life(read, writers, maker, fixed, cases, number)
            yield Sequence(name=f"{read.path} life {number + 1}", steps=tuple(steps))


def _life(
    read: Operation,
    writers: Mapping[str, Operation],
    maker: Operation | None,
    fixed: Places,
    cases: Cases,
    number: int,
) -> Iterator[Step]:
    def step(operation: Operation, turn: int) -> Step:
        def made(earlier: tuple[Exchange, ...]) -> Case | None:
            found = _by_weight(cases(operation))
            places = _places(read, maker, earlier, fixed) if maker is not None and earlier else fixed
            return placed(operation, found[-1 - turn % len(found)], places) if found and places is not None else None

        return Step(operation=operation, case=made)

    if maker is not None:
        yield step(maker, number)
    if maker is not None or "PUT" not in writers:
        yield step(read, -1)
    again = 1 if maker is not None else 2  # what cannot be made anew is changed a second time
    for turn, method in enumerate(("PUT", "PATCH") * again, start=number + 1):
        if method in writers:
            yield from (step(writers[method], turn), step(read, -1))
    if "DELETE" in writers:
        yield from (step(writers["DELETE"], 0), step(read, -1))


def _by_weight(cases: tuple[Case, ...]) -> list[Case]:
    """`cases` that differ, those in JSON last; then by how much they say, the longer of two equals first."""
    light = [case for case in dict.fromkeys(cases) if len(case.request.body) < HEAVY]
    return sorted(light, key=_weight)


def _weight(case: Case) -> tuple[bool, int, int, str]:
    request = case.request
    value = _value(request.body) if request.body else {}
    count = len(value) if isinstance(value, dict) else 0
    return (
        isinstance(value, dict),
        count + request.url.count("=") + len(request.headers),
        -len(request.body),
        request.url,
    )


def _value(body: bytes) -> Json:
    """`body` as JSON, ABSENT where it is none."""
    try:
        return parse_json(body)
    except DecodeError:
        return ABSENT


def placed(operation: Operation, case: Case, places: Places) -> Case | None:
    """`case` with `places` in its path; None where one cannot stand there."""
    path = tuple(item for item in operation.parameters if item.location == "path")
    if not path:
        return case
    values = {key_of(item): places.get(item.name, ABSENT) for item in path}
    if any(not _fits(item, values[key_of(item)]) for item in path):
        return None
    encoded = parameters.encode_parameters(replace(operation, parameters=path), values)
    query = case.request.url.partition("?")[2]
    url = f"{encoded.path}?{query}" if query else encoded.path
    return replace(case, request=replace(case.request, url=url))


def _fits(parameter: Parameter, value: Json) -> bool:
    """Whether `value` is one of `parameter` by its schema, and is read back as it was written."""
    return value is not ABSENT and validation.is_valid(parameter.schema, value) and read_back(parameter, value) == value


def _known(parameter: Parameter, values: Places) -> Json:
    if parameter.name in values:
        return values[parameter.name]
    fitting = (
        value for value in (*parameter.examples, synthesis.plausible(parameter.schema)) if _fits(parameter, value)
    )
    return next(fitting, ABSENT)


def _leads(maker: Operation, read: Operation) -> bool:
    """Whether `maker` makes what `read` reads: one path segment above, or by a link of an answer of success."""
    above, _, last = read.path.rstrip("/").rpartition("/")
    return (maker.path.rstrip("/") == above and last.startswith("{")) or bool(_link(maker, read))


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


def _places(read: Operation, maker: Operation, earlier: tuple[Exchange, ...], fixed: Places) -> Places | None:
    """The path values of the thing that the first exchange made; None when it made none, or its id does not fit."""
    response = earlier[0].response
    if response is None or response.status not in _SUCCESS:
        return None
    value = _value(response.body)
    link = _link(maker, read)
    inherited = {item.name for item in maker.parameters if item.location == "path"}
    found: dict[str, Json] = {}
    for item in read.parameters:
        if item.location != "path":
            continue
        known = [fixed[item.name]] if item.name in inherited else _named(item.name, value)
        options = _linked(link[item.name], value) if item.name in link else known
        found[item.name] = next((option for option in options if _fits(item, option)), ABSENT)
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
    yield from (item for key, item in value.items() if _letters(key) == wanted)
    if wanted.endswith("id"):
        yield from (value[key] for key in ("id", "uuid", "_id") if key in value)


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
