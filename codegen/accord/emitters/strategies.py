"""strategies.py: readable Hypothesis strategies, one for each schema and one for each operation's request."""

from collections.abc import Iterable, Mapping
from typing import Any

from accord.contract import Contract, Operation
from accord.document import Json
from accord.emitters import Emitted, Emitter
from accord.generating import calls
from accord.generating.modelling import own
from accord.source import function_name, identifier, literal, prose
from accord.strategies.nodes import (
    Anything,
    Array,
    Constants,
    Either,
    Held,
    Late,
    Named,
    Node,
    Numbers,
    Object,
    Text,
    node,
)
from accord.strategies.recursion import recursive

_HEAD = '''
from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.strategies import anything, arrays, from_schema, held, integers, invalid, numbers, objects, text


@functools.cache
def _schemas() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("schemas.json").read_text(encoding="utf-8"))
    return found


@functools.cache
def schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema 2020-12 of a definition of the contract, self-contained."""
    return {"$ref": f"#/$defs/{name}", "$defs": _schemas()["definitions"]}


@functools.cache
def body_schema(method: str) -> Mapping[str, Any]:
    """The JSON Schema 2020-12 of the request body of a method of the client, self-contained."""
    return {**_schemas()["bodies"][method], "$defs": _schemas()["definitions"]}


def _held(drawn: SearchStrategy[Any], whole: Mapping[str, Any]) -> SearchStrategy[Any]:
    return held(drawn, {**whole, "$defs": _schemas()["definitions"]})
'''

_TAKEN = frozenset(
    {"st", "json", "functools", "Path", "Any", "Mapping", "anything", "arrays", "from_schema", "held", "integers"}
    | {"invalid", "numbers", "objects", "text", "schema", "body_schema", "annotations", "bool", "dict", "found"}
    | {"float", "int", "list", "str", "value"}
)


def _emit(contract: Contract, package: str) -> Emitted:
    methods = calls.methods(contract)
    requests = {f"{method}{kind}" for method in methods.values() for kind in ("_request", "_invalid_request")}
    names: dict[str, str] = {}
    for name in sorted(contract.definitions):
        wanted = function_name(name, _TAKEN | requests)
        names[name] = identifier(f"{wanted} {name}") if wanted in names.values() else wanted
    loops = recursive(contract.definitions)
    blocks = [_definition(contract, name, names, loops) for name in sorted(names)]
    for operation in sorted(contract.operations, key=lambda item: item.name):
        blocks += _operation(contract, operation, methods[operation.name], names)
    title = prose(contract.title or package)
    said = f"Hypothesis strategies of {title}: valid values of each schema, and requests, valid and with one fault."
    head = f'"""{said}"""\n'
    return Emitted(text="\n\n".join([head + _HEAD, *blocks]) + "\n", count=len(names))


def _definition(contract: Contract, name: str, names: Mapping[str, str], loops: Iterable[str]) -> str:
    schema = contract.definitions[name]
    said = prose(str(schema.get("description", ""))) if isinstance(schema, Mapping) else ""
    if name in loops:
        body = f"from_schema(schema({literal(name)}))  # it holds itself: its depth has to be bounded"
    else:
        body = _source(node(schema, contract.definitions), names)
    return _function(names[name], said or f"Valid values of {prose(name)}.", body)


def _function(name: str, said: str, body: str) -> str:
    return f'@functools.cache\ndef {name}() -> SearchStrategy[Any]:\n    """{said}"""\n    return {body}\n'


def _operation(contract: Contract, operation: Operation, method: str, names: Mapping[str, str]) -> list[str]:
    required: dict[str, str] = {}
    optional: dict[str, str] = {}
    for argument, parameter in calls.arguments(operation).items():
        drawn = _source(node(own(parameter.schema), contract.definitions), names)
        (required if parameter.required else optional)[argument] = drawn
    media_type = calls.body(operation)
    if media_type is not None:
        drawn = _source(node(own(media_type.schema), contract.definitions), names)
        (required if operation.body and operation.body.required else optional)["body"] = drawn
    valid = _fields(required, optional)
    blocks = [_function(f"{method}_request", f"Arguments of `Client.{method}` that conform.", valid)]
    if media_type is not None:
        wrong = f"invalid(body_schema({literal(method)}))"
        bodiless = {name: text for name, text in required.items() if name != "body"}
        optional.pop("body", None)
        broken = _fields(
            {**bodiless, "body": f"{wrong}.map(lambda found: found.value).filter(lambda value: value is not None)"},
            optional,
        )
        said = f"Arguments of `Client.{method}` whose body has exactly one fault."
        blocks.append(_function(f"{method}_invalid_request", said, broken))
    return blocks


def _fields(required: Mapping[str, str], optional: Mapping[str, str]) -> str:
    inner = _mapping(required)
    return (
        f"st.fixed_dictionaries({inner}, optional={_mapping(optional)})"
        if optional
        else f"st.fixed_dictionaries({inner})"
    )


def _mapping(members: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{literal(name)}: {text}" for name, text in sorted(members.items())) + "}"


def _source(item: Node, names: Mapping[str, str]) -> str:
    """`item` as the expression that builds its strategy."""
    match item:
        case Named():
            written = f"{names[item.name]}()"
        case Late():
            written = f'from_schema({{**{literal(_plain(item.schema))}, "$defs": _schemas()["definitions"]}})'
        case Constants() | Numbers() | Text():
            written = _scalar(item)
        case Either():
            options = ", ".join(_source(option, names) for option in item.options)
            written = f"st.one_of({options})" if options else "st.nothing()"
        case Held():
            written = f"_held({_source(item.node, names)}, {literal(_plain(item.schema))})"
        case Array():
            written = _array(item, names)
        case Object():
            written = _object(item, names)
        case Anything():
            written = "anything()"
    return written


def _scalar(item: Constants | Numbers | Text) -> str:
    if isinstance(item, Constants):
        return _constants(item.values)
    if isinstance(item, Numbers):
        return _numbers(item)
    least = item.minimum or None
    return _call("text", minimum=least, maximum=item.maximum, pattern=item.pattern, format=item.format)


def _constants(values: tuple[Json, ...]) -> str:
    if values == (None,):
        return "st.none()"
    if set(map(repr, values)) == {"False", "True"}:
        return "st.booleans()"
    return f"st.sampled_from({literal(list(map(_plain, values)))})" if values else "st.nothing()"


def _numbers(item: Numbers) -> str:
    if item.fractions:
        said = {"minimum": item.minimum, "maximum": item.maximum, "above": item.above, "below": item.below}
        return _call("numbers", **said, multiple_of=item.multiple_of)
    if item.above is None and item.below is None:
        return _call("integers", minimum=item.minimum, maximum=item.maximum, multiple_of=item.multiple_of)
    said = {"minimum": item.minimum, "maximum": item.maximum, "above": item.above, "below": item.below}
    return _call("numbers", **said, multiple_of=item.multiple_of, fractions=literal(value=False))


def _array(item: Array, names: Mapping[str, str]) -> str:
    said: dict[str, Any] = {"minimum": item.minimum or None, "maximum": item.maximum, "unique": item.unique}
    parts = ["" if item.items is None else _source(item.items, names)]
    if item.prefix:
        parts.append(f"prefix=({', '.join(_source(inner, names) for inner in item.prefix)},)")
    if item.contains is not None:
        parts.append(f"contains={_source(item.contains, names)}")
        said |= {"fewest": None if item.fewest == 1 else item.fewest, "most": item.most}
    return f"arrays({', '.join(part for part in [*parts, _call('', **said)[1:-1]] if part)})"


def _object(item: Object, names: Mapping[str, str]) -> str:
    parts = [
        f"{key}={_mapping({name: _source(inner, names) for name, inner in members.items()})}"
        for key, members in (("required", item.required), ("optional", item.optional), ("patterns", item.patterns))
        if members
    ]
    if not item.is_closed:
        parts.append(f"rest={_source(item.rest or Anything(), names)}")
    if item.names is not None:
        parts.append(f"named={_source(item.names, names)}")
    needs = {name: list(brought) for name, brought in sorted(item.needs.items())}
    said = {
        "minimum": item.minimum or None,
        "maximum": item.maximum,
        "needs": needs,
        "forbidden": sorted(item.forbidden),
    }
    return f"objects({', '.join(part for part in [*parts, _call('', **said)[1:-1]] if part)})"


def _call(function: str, **said: Any) -> str:
    """A call with those arguments that say anything."""
    kept = {
        key: value
        for key, value in said.items()
        if value is not None and value is not False and value not in (0, [], {})
    }
    return f"{function}({', '.join(f'{key}={literal(value)}' for key, value in kept.items())})"


def _plain(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


EMITTER = Emitter(file="strategies.py", version=2, emit=_emit)
