"""A few values of a strategy, always the same ones."""

import contextlib
from typing import Any

from hypothesis.strategies import SearchStrategy

from accord.document import Json
from accord.strategies.driving import drive
from accord.strategies.merging import key_of


class _EnoughError(BaseException):
    """As many values are found as were asked for."""


def few(strategy: SearchStrategy[Any], count: int) -> tuple[Json, ...]:
    """Up to `count` different JSON values of `strategy`, the simplest first; the same on every run."""
    found: dict[str, Json] = {}

    def visit(value: Json) -> bool:
        found.setdefault(key_of(value), value)
        if len(found) >= count:
            raise _EnoughError
        return False

    if strategy.is_empty:
        return ()
    with contextlib.suppress(_EnoughError):
        drive(strategy, visit, examples=2 * count + 4, seed=0)
    return tuple(found.values())
