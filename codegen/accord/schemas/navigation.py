"""A walk through a document's objects: children by key, `$ref`s followed, what is no object named in the ledger."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from accord import fetching
from accord.document import Document, Json, at, join
from accord.errors import DocumentError
from accord.schemas import dialect
from accord.schemas.dialect import Lowering


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a document, with where it stands: `$ref`s already followed."""

    document: Document
    pointer: str
    data: Mapping[str, Json]


def child(state: Lowering, node: Node, key: str) -> Node:
    """The object at `key`, its `$ref` followed; an empty one where there is none."""
    return _follow(state, Node(node.document, join(node.pointer, key), node.data.get(key, {})))


def items(state: Lowering, node: Node, key: str) -> Iterator[Node]:
    """The objects of the list at `key`, their `$ref`s followed; none where there is no list."""
    value = node.data.get(key)
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        yield _follow(state, Node(node.document, join(node.pointer, key, index), entry))


def text(node: Node, key: str) -> str:
    """The text at `key`; a number or boolean as JSON, nothing as the empty text."""
    value = node.data.get(key, "")
    return value if isinstance(value, str) else ("" if value is None else json.dumps(value))


def where(state: Lowering, node: Node) -> str:
    """The pointer of `node`; one in another document than the first is written `uri#pointer`."""
    return node.pointer if node.document is state.library.root else f"{node.document.uri}#{node.pointer}"


def note(state: Lowering, node: Node, what: str, reason: str) -> None:
    """Write what cannot be held to into the ledger, with where it stands."""
    dialect.note(state, node.document, node.pointer, what, reason)


def _follow(state: Lowering, node: Node) -> Node:
    seen: set[tuple[str, str]] = set()
    while isinstance(node.data, dict) and isinstance(node.data.get("$ref"), str):
        if (node.document.uri, node.pointer) in seen:
            raise DocumentError(node.document.uri, "`$ref` leads back to itself", pointer=node.pointer)
        seen.add((node.document.uri, node.pointer))
        document, pointer = fetching.resolve(state.library, node.document, node.data["$ref"], pointer=node.pointer)
        node = Node(document, pointer, at(document.data, pointer))
    if isinstance(node.data, dict):
        return node
    note(state, node, "entry", "is no object, and is not checked")
    return Node(node.document, node.pointer, {})
