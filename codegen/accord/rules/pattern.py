"""A text's pattern changed.

A new pattern breaks who writes requests, a dropped one who reads responses: `^a` → none.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "pattern")


RULE = Rule(schemas=_examine)
