"""What the service calls: webhooks and callbacks, found where a document describes them, and named like operations."""

from collections.abc import Iterator

from accord.schemas.dialect import Lowering
from accord.schemas.navigation import Node, child

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DEEPEST = 2

Place = tuple[str, str, Node, Node]
"""The path of an operation, its method in lower case, its Path Item and its Operation Object."""


def places(state: Lowering, root: Node) -> Iterator[Place]:
    """Everything that the service calls."""
    paths = child(state, root, "paths")
    for path in (path for path in paths.data if not path.startswith("x-")):
        item = child(state, paths, path)
        for method in (method for method in METHODS if method in item.data):
            yield from callbacks(state, f"{method.upper()} {path}", child(state, item, method))
    yield from webhooks(state, root)


def webhooks(state: Lowering, root: Node) -> Iterator[Place]:
    """The operations of `webhooks` (OpenAPI 3.1 section 4.8.1), and what they are called back by."""
    hooks = child(state, root, "webhooks")
    for name in hooks.data:
        yield from _operations(state, f"webhook {name}", child(state, hooks, name), 0)


def callbacks(state: Lowering, owner: str, node: Node, depth: int = 0) -> Iterator[Place]:
    """The operations of the Callback Objects of `node`, the operation that is named `owner` (section 4.8.18)."""
    if "callbacks" not in node.data or depth == _DEEPEST:
        return
    named = child(state, node, "callbacks")
    for name in named.data:
        callback = child(state, named, name)
        for address in (key for key in callback.data if not key.startswith("x-")):
            path = f"callback {name} {address} of {owner}"
            yield from _operations(state, path, child(state, callback, address), depth + 1)


def _operations(state: Lowering, path: str, item: Node, depth: int) -> Iterator[Place]:
    for method in (method for method in METHODS if method in item.data):
        node = child(state, item, method)
        yield path, method, item, node
        yield from callbacks(state, f"{method.upper()} {path}", node, depth)
