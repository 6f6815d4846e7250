"""Whether items may repeat changed.

`uniqueItems` newly true breaks who writes requests, dropped who reads responses.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "uniqueItems")


RULE = Rule(schemas=_examine)
