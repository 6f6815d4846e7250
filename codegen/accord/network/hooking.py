"""Hooks: a project's own Python callables, which prepare an operation before it is fuzzed and clean up behind it."""

import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accord.contract import Operation
from accord.document import Json
from accord.errors import ConfigError
from accord.exchange import Exchange, Request
from accord.messages.encoding import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a hook gets: the operation, and `send`, which asks the service with the caller's headers.

    `values` are those that `setup` returned, real ids by the name of a parameter or property; `exchanges` are the
    answers of success that the operation gave while it was fuzzed, for `cleanup` to undo.
    """

    operation: Operation
    ask: Callable[[Request], Exchange]
    values: dict[str, Json] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)

    def send(self, method: str, path: str, body: Json = None) -> Exchange:
        """The exchange that a request starts, `body` as JSON; trouble on the network is told in its `failure`."""
        written = () if body is None else (("Content-Type", "application/json"),)
        return self.ask(Request(method=method, url=path, headers=written, body=b"" if body is None else to_json(body)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """The callables of one operation. `setup` may return values; what either raises is told, and ends no run."""

    setup: Callable[[Visit], Mapping[str, Json] | None] | None = None
    cleanup: Callable[[Visit], object] | None = None


def from_table(table: Mapping[str, Mapping[str, str]], root: Path) -> dict[str, Hook]:
    """The hooks that a table of `module:function` by operation names; modules are looked for in `root` first.

    Raises ConfigError for one that cannot be imported.
    """
    return {
        name: Hook(**{moment: _callable(text, root) for moment, text in hook.items()}) for name, hook in table.items()
    }


def _callable(text: str, root: Path) -> Any:
    module, _, name = text.partition(":")
    sys.path.insert(0, str(root.resolve()))
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as problem:
        raise ConfigError(f"The hook `{text}` cannot be had: {problem}; name it as module:function.") from None
    finally:
        sys.path.remove(str(root.resolve()))
    if not callable(found):
        raise ConfigError(f"The hook `{text}` is no function: name one.")
    return found
