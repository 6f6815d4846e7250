"""A value's format changed.

A new format breaks who writes requests, a dropped one who reads responses: `uuid` → none.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "format")


RULE = Rule(schemas=_examine)
