"""What a schema refuses changed.

A new `not` breaks who writes requests, a dropped one who reads responses.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "not")


RULE = Rule(schemas=_examine)
