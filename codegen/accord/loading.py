"""Source → Contract: fetching, the readers, the dialect."""

from collections.abc import Iterable

from accord import fetching
from accord.collection import collect
from accord.contract import Contract
from accord.document import Document
from accord.errors import DocumentError
from accord.readers import Reader


def load(source: str | Document, *, operations: Iterable[str] | None = None, remote_refs: bool = False) -> Contract:
    """The contract that `source` (a path, an `http(s)` URL, `REV:path`, or a Document) promises.

    `operations` limits it to those named `POST /path`, by operationId or by path, and to the schemas they reach.
    `remote_refs` lets a `$ref` reach a URL. Raises DocumentError, naming file, pointer and remedy, when no contract can
    be made of it, UnreachableError when its host does not answer.
    """
    document = source if isinstance(source, Document) else fetching.fetch(source)
    wanted = None if operations is None else frozenset(operations)
    for reader in collect("accord.readers", "READER", Reader).values():
        if reader.value.recognises(document):
            try:
                return reader.value.read(fetching.library(document, remote=remote_refs), wanted)
            except RecursionError:
                raise DocumentError(document.uri, "is nested too deep to be read as a contract") from None
    raise DocumentError(
        document.uri,
        "is no OpenAPI document: it has no `openapi` at its root",
        remedy="name one that starts with `openapi: 3.1.0`",
    )
