"""Where a fault can show: what an operation is sent and answers, and the parts of a value that a fault touches."""

from collections.abc import Callable, Iterator, Mapping

from accord.answering import replies
from accord.contract import Operation, Schema
from accord.document import Json
from accord.exchange import Headers
from accord.schemas import kinds

Fits = Callable[[Operation], bool]


def bodies(operation: Operation) -> tuple[Schema, ...]:
    """The schemas of the bodies that `operation` takes."""
    content = operation.body.content if operation.body else ()
    return tuple(media_type.schema for media_type in content if media_type.schema is not None)


def sent(operation: Operation, *names: str) -> tuple[str, ...]:
    """The properties of a body that hold one of the JSON types `names`, and no other but null."""
    return tuple(dict.fromkeys(name for schema in bodies(operation) for name in replies.of_kind(schema, *names)))


def answered(operation: Operation, *names: str) -> tuple[str, ...]:
    """The properties of an answer of success that hold one of the JSON types `names`, and no other but null."""
    return replies.of_kind(replies.success(operation), *names)


def echoed(operation: Operation, *names: str) -> tuple[str, ...]:
    """The properties that are both sent and answered as one of the JSON types `names`."""
    return tuple(name for name in sent(operation, *names) if name in answered(operation, *names))


def takes(*names: str) -> Fits:
    """Whether a body has a property of one of the JSON types `names`."""
    return lambda operation: bool(sent(operation, *names))


def answers(*names: str) -> Fits:
    """Whether an answer has a property of one of the JSON types `names`."""
    return lambda operation: bool(answered(operation, *names))


def echoes(*names: str) -> Fits:
    """Whether a property of one of the JSON types `names` is both sent and answered."""
    return lambda operation: bool(echoed(operation, *names))


def takes_keyword(*keywords: str) -> Fits:
    """Whether a property of a body has one of `keywords`."""
    return lambda operation: any(
        replies.with_keyword(schema, lambda part: not part.keys().isdisjoint(keywords)) for schema in bodies(operation)
    )


def takes_media_type(name: str) -> Fits:
    """Whether a body may be written in `name`."""
    return lambda operation: (
        operation.body is not None and any(media_type.name.startswith(name) for media_type in operation.body.content)
    )


def texts(value: Json) -> Iterator[str]:
    """Every text in `value`."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, dict | list):
            waiting.extend(here.values() if isinstance(here, dict) else here)


def numbers(value: Json) -> Iterator[int | float]:
    """Every number in `value`."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, int | float) and not isinstance(here, bool):
            yield here
        elif isinstance(here, dict | list):
            waiting.extend(here.values() if isinstance(here, dict) else here)


def plain_texts(operation: Operation) -> frozenset[str]:
    """The properties of a body that are text of any kind: neither enumerated, nor of a format or pattern."""
    bound = {"enum", "const", "format", "pattern"}
    found = set(echoed(operation, "string"))
    for schema in bodies(operation):
        found -= set(replies.with_keyword(schema, lambda part: bool(bound & part.keys())))
    return frozenset(found)


def with_plain_texts(operation: Operation, value: Json, change: Callable[[str], Json]) -> Json:
    """`value` with the plain texts at its top changed."""
    names = plain_texts(operation)
    if not isinstance(value, dict):
        return value
    return {name: change(item) if name in names and isinstance(item, str) else item for name, item in value.items()}


def places(schema: Schema | None, value: Json) -> Iterator[tuple[tuple[str | int, ...], Json, Mapping[str, Json]]]:
    """Every part of `value` that `schema` speaks of, through properties and items: its way, itself, its schema."""
    definitions = {} if schema is None else schema.get("$defs", {})
    stack: list[tuple[tuple[str | int, ...], Json, Json]] = [((), value, schema)]
    while stack:
        way, here, rule = stack.pop()
        whole = kinds.follow(rule, definitions)
        if not isinstance(whole, Mapping):
            continue
        yield way, here, whole
        if isinstance(here, dict):
            declared = kinds.properties(whole, definitions)
            stack.extend(((*way, name), item, declared[name]) for name, item in here.items() if name in declared)
        elif isinstance(here, list):
            stack.extend(((*way, index), item, kinds.items(whole, definitions)) for index, item in enumerate(here))


def put(value: Json, way: tuple[str | int, ...], part: Json) -> Json:
    """`value` with `part` at the end of `way`."""
    if not way:
        return part
    if isinstance(value, dict):
        return {**value, str(way[0]): put(value[way[0]], way[1:], part)}
    index = int(way[0])
    return [*value[:index], put(value[index], way[1:], part), *value[index + 1 :]]


def coerced(schema: Schema, value: Json, change: Callable[[Json, Mapping[str, Json], frozenset[str]], Json]) -> Json:
    """`value` with each of its parts as `change` makes it of the part, its schema and the JSON types that takes."""
    definitions = schema.get("$defs", {})
    for way, part, rule in tuple(places(schema, value)):
        if not isinstance(part, dict | list):
            made = change(part, rule, kinds.kinds(rule, definitions))
            value = value if made is part else put(value, way, made)
    return value


def names_places(operation: Operation) -> bool:
    """Whether `operation` makes things and is promised to name their places."""
    made = [response for response in operation.responses if response.status == "201"]
    return operation.method == "POST" and any(
        item.name.lower() == "location" and item.required for response in made for item in response.headers
    )


def moved(refused: bool, headers: Headers, change: Callable[[str], str]) -> Headers:  # noqa: FBT001  of a situation
    """`headers` with the place of a new thing changed."""
    if refused:
        return headers
    return tuple((name, change(text) if name.lower() == "location" else text) for name, text in headers)
