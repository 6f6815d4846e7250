"""The step of a number changed.

A coarser step breaks who writes requests, a finer one who reads responses: `multipleOf` 1 → 0.5.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "multipleOf")


RULE = Rule(schemas=_examine)
