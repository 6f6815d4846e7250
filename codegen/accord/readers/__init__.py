"""Readers: Document → Contract, one file per kind of document."""

from collections.abc import Callable
from dataclasses import dataclass

from accord.contract import Contract
from accord.document import Document
from accord.fetching import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One kind of document: whether it recognises one, and what contract it reads from it.

    `read(library, wanted)` raises DocumentError for what no contract can be made of. `wanted` names operations (as
    `POST /path`, by operationId or by path); None means all, and then every component schema becomes a definition too.
    """

    recognises: Callable[[Document], bool]
    read: Callable[[Library, frozenset[str] | None], Contract]
