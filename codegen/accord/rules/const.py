"""The one value allowed changed.

A new `const` breaks who writes requests, a dropped one who reads responses: `"active"` → none.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "const")


RULE = Rule(schemas=_examine)
