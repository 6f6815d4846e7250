"""What items of a list are held to came or went.

New, it breaks who writes requests, gone, who reads responses: `items` integer → none.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "items")
    yield from stated(pair, "prefixItems", sure=False)
    yield from stated(pair, "unevaluatedItems")


RULE = Rule(schemas=_examine)
