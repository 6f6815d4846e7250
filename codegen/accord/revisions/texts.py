"""One document as texts to compare: its operations, what the service calls included, and its components."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import msgspec

from accord import fetching
from accord.document import Document, Json, escape
from accord.schemas import dialect, incoming
from accord.schemas.incoming import METHODS, Place
from accord.schemas.navigation import Node, child

_REFERENCE = re.compile(r'"\$ref":"((?:[^"\\]|\\.)*)"')
_PLACEHOLDER = re.compile(r"\{[^{}$]*\}")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One document, told apart by text: its operations by method and path (names of parameters left out).

    `called` are the keys of webhooks and callbacks, each with the key of the operation that it is a callback of.
    """

    operations: Mapping[Key, str]
    names: Mapping[Key, str]
    pointers: Mapping[Key, str]
    raw: Mapping[Key, Mapping[str, Json]]
    called: Mapping[Key, Key]
    components: Mapping[str, str]
    rest: str
    closed: bool
    security: Json = None


def revision(document: Document) -> Revision:
    """`document` as texts to compare; `closed` says that every `$ref` leads to one of its own components."""
    data = document.data if isinstance(document.data, dict) else {}
    operations: dict[Key, str] = {}
    names: dict[Key, str] = {}
    pointers: dict[Key, str] = {}
    raw: dict[Key, Mapping[str, Json]] = {}
    called: dict[Key, Key] = {}
    beside: dict[int, str] = {}
    for owner, (path, method, item, node) in _places(document, data):
        key = _key(method.upper(), path)
        if key in operations:  # two templates that differ in names alone, which OpenAPI forbids
            key = method.upper(), path
        if id(item.data) not in beside:
            shared = {name: value for name, value in item.data.items() if name not in METHODS}
            beside[id(item.data)] = _text(shared) if shared else ""
        operations[key] = _text(node.data) + beside[id(item.data)]
        names[key] = f"{method.upper()} {path}"
        pointers[key] = node.pointer if node.document is document else f"{node.document.uri}#{node.pointer}"
        raw[key] = node.data
        if owner is not None:
            called[key] = owner
    sections = {name: _mapping(part) for name, part in _mapping(data.get("components")).items()}
    components = {f"{name}/{escape(key)}": _text(part) for name in sections for key, part in sections[name].items()}
    version = str(data.get("openapi", ""))[:3]
    rest = _text([version, data.get("security"), data.get("servers"), sections.get("securitySchemes")])
    texts = (*operations.values(), *components.values())
    items = [*_mapping(data.get("paths")).values(), *_mapping(data.get("webhooks")).values()]
    return Revision(
        operations=operations,
        names=names,
        pointers=pointers,
        raw=raw,
        called=called,
        components=components,
        rest=rest,
        security=data.get("security"),
        closed=all(text.count('"$ref":"') == text.count('"$ref":"#/components/') for text in texts)
        and all(str(_mapping(item).get("$ref", _OWN)).startswith(_OWN) for item in items),
    )


_OWN = "#/components/"


def _places(document: Document, data: Mapping[str, Json]) -> Iterator[tuple[Key | None, Place]]:
    """Every operation, with None, and what the service calls, with its owner."""
    state = dialect.lowering(fetching.library(document), "3.1")
    paths = Node(document, "/paths", _mapping(data.get("paths")))
    for path in (path for path in paths.data if not path.startswith("x-")):
        item = child(state, paths, path)
        for method in METHODS:
            if method in item.data:
                node = child(state, item, method)
                yield None, (path, method, item, node)
                owner = _key(method.upper(), path)
                yield from ((owner, place) for place in incoming.callbacks(state, f"{method.upper()} {path}", node))
    yield from ((("", ""), place) for place in incoming.webhooks(state, Node(document, "", data)))


def _key(method: str, path: str) -> Key:
    return method, _PLACEHOLDER.sub("{}", path)


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
    tainted = reaching(before.components, differing) | reaching(after.components, differing)
    return frozenset(
        key
        for key in every
        if before.operations.get(key) != after.operations.get(key) or targets(before.operations[key]) & tainted
    )


def reached(side: Revision, keys: Iterable[Key]) -> frozenset[str]:
    """The components that the operations of `keys` use, in however many steps."""
    found: set[str] = set()
    stack = [target for key in keys for target in targets(side.operations.get(key, ""))]
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(targets(side.components.get(name, "")))
    return frozenset(found & side.components.keys())


def targets(text: str) -> set[str]:
    """The components that `text` refers to, as `schemas/Run`."""
    found = (unquote(json.loads(f'"{target}"')) for target in _REFERENCE.findall(text))
    return {"/".join(target.split("/")[2:4]) for target in found}


def reaching(components: Mapping[str, str], start: set[str]) -> set[str]:
    """`start` and every component that refers to one of them, in however many steps."""
    users: dict[str, set[str]] = {}
    for name, text in components.items():
        for target in targets(text):
            users.setdefault(target, set()).add(name)
    found, stack = set(start), list(start)
    while stack:
        for user in users.get(stack.pop(), set()) - found:
            found.add(user)
            stack.append(user)
    return found
