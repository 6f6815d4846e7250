"""What a list has to hold somewhere, and how often, changed.

More that is wanted breaks who writes requests, less who reads responses: `minContains` 2 → 1.
"""

from collections.abc import Iterator

from accord.rules import Change, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "contains")
    yield from stated(pair, "minContains", sure=False)
    yield from stated(pair, "maxContains")


RULE = Rule(schemas=_examine)
