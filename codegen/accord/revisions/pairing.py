"""Two revisions side by side: operations with parameter names ignored, parameters, responses, schemas at one place."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import unquote

import msgspec

from accord.contract import Operation, Parameter, Response
from accord.document import Document, Json, escape, join, unescape
from accord.schemas.keywords import IN_PLACE, LISTS, MAPS, SINGLES

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REFERENCE = re.compile(r'"\$ref":"((?:[^"\\]|\\.)*)"')
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One document, told apart by text: its operations by method and path (names of parameters left out)."""

    operations: Mapping[Key, str]
    names: Mapping[Key, str]
    raw: Mapping[Key, Mapping[str, Json]]
    components: Mapping[str, str]
    rest: str
    closed: bool
    security: Json = None
    webhooks: str = ""


def revision(document: Document) -> Revision:
    """`document` as texts to compare; `closed` says that every `$ref` leads to one of its own components."""
    data = document.data if isinstance(document.data, dict) else {}
    operations: dict[Key, str] = {}
    names: dict[Key, str] = {}
    raw: dict[Key, Mapping[str, Json]] = {}
    for path, item in _mapping(data.get("paths")).items():
        shared = {key: value for key, value in _mapping(item).items() if key not in METHODS}
        beside = _text(shared) if shared else ""
        for method in METHODS:
            if method in _mapping(item):
                key = (method.upper(), _PLACEHOLDER.sub("{}", path))
                operations[key] = _text(item[method]) + beside
                names[key] = f"{method.upper()} {path}"
                raw[key] = _mapping(item[method])
    sections = {name: _mapping(part) for name, part in _mapping(data.get("components")).items()}
    components = {f"{name}/{escape(key)}": _text(part) for name in sections for key, part in sections[name].items()}
    version = str(data.get("openapi", ""))[:3]
    rest = _text([version, data.get("security"), data.get("servers"), sections.get("securitySchemes")])
    texts = (*operations.values(), *components.values())
    return Revision(
        operations=operations,
        names=names,
        raw=raw,
        components=components,
        rest=rest,
        security=data.get("security"),
        webhooks=_text(data.get("webhooks")),
        closed=all(text.count('"$ref":"') == text.count('"$ref":"#/components/') for text in texts)
        and not any("$ref" in _mapping(item) for item in _mapping(data.get("paths")).values()),
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    try:
        return msgspec.json.encode(value, order="sorted").decode()
    except (UnicodeEncodeError, OverflowError, TypeError):
        return json.dumps(value, sort_keys=True, separators=(",", ":"))


def changed(before: Revision, after: Revision) -> frozenset[Key]:
    """The operations that differ, in their own text or in a component they reach; those of one side alone included."""
    every = before.operations.keys() | after.operations.keys()
    if before.rest != after.rest or not (before.closed and after.closed):
        return frozenset(every)
    differing = {
        name
        for name in before.components.keys() | after.components.keys()
        if before.components.get(name) != after.components.get(name)
    }
    tainted = _reaching(before.components, differing) | _reaching(after.components, differing)
    return frozenset(
        key
        for key in every
        if before.operations.get(key) != after.operations.get(key) or _targets(before.operations[key]) & tainted
    )


def _targets(text: str) -> set[str]:
    found = (unquote(json.loads(f'"{target}"')) for target in _REFERENCE.findall(text))
    return {"/".join(target.split("/")[2:4]) for target in found}


def _reaching(components: Mapping[str, str], start: set[str]) -> set[str]:
    users: dict[str, set[str]] = {}
    for name, text in components.items():
        for target in _targets(text):
            users.setdefault(target, set()).add(name)
    found, stack = set(start), list(start)
    while stack:
        for user in users.get(stack.pop(), set()) - found:
            found.add(user)
            stack.append(user)
    return found


def parameters(
    before: Operation | None, after: Operation | None
) -> Iterator[tuple[Parameter | None, Parameter | None]]:
    """Parameters side by side: those of the path by position, others by location and name."""
    if before is None or after is None:
        return
    some, others = _by_place(before), _by_place(after)
    for key in some | others:
        yield some.get(key), others.get(key)


def _by_place(operation: Operation) -> dict[tuple[str, str], Parameter]:
    order = [name[1:-1] for name in _PLACEHOLDER.findall(operation.path)]
    found = {}
    for item in operation.parameters:
        name = item.name.lower() if item.location == "header" else item.name
        placed = item.location == "path" and item.name in order
        found[item.location, str(order.index(item.name)) if placed else name] = item
    return found


def responses(before: Operation | None, after: Operation | None) -> Iterator[tuple[Response, Response]]:
    """Responses that both operations document under the same status."""
    if before is not None and after is not None:
        others = {response.status: response for response in after.responses}
        for response in before.responses:
            if response.status in others:
                yield response, others[response.status]


def schemas(
    before: Json, after: Json, pointer: str = ""
) -> Iterator[tuple[str, Mapping[str, Json], Mapping[str, Json]]]:
    """Every pair of schema objects that stand at the same place, parents first; `$ref`s are not followed."""
    stack = [(pointer, before, after)]
    while stack:
        where, one, other = stack.pop()
        if one == other or not (isinstance(one, dict) and isinstance(other, dict)):
            continue
        yield where, one, other
        for key in one.keys() & other.keys():
            if key in SINGLES:
                stack.append((join(where, key), one[key], other[key]))
            elif key in MAPS:
                shared = [name for name in one[key] if name in other[key]]
                stack.extend((join(where, key, name), one[key][name], other[key][name]) for name in shared)
            elif key in IN_PLACE | LISTS:
                pairs = enumerate(zip_longest(one[key], other[key]))
                stack.extend((join(where, key, index), *pair) for index, pair in pairs)


def component(reference: str) -> str:
    """The name a `$ref` to a definition stands for."""
    return unescape(reference.removeprefix("#/$defs/"))
