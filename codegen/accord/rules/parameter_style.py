"""A parameter is written another way.

Whether the same bytes still read the same is not proved here.
"""

from collections.abc import Iterator

from accord.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in pairs(pair.before, pair.after):
        if before is None or after is None:
            continue
        some, others = ((side.style, side.explode, side.media_type) for side in (before, after))
        if some != others:
            words = f"{after.location} parameter `{after.name}` is written another way"
            yield Change(effect=Effect.NARROWS, message=words, pointer=after.pointer, proved=False)


RULE = Rule(operations=_examine)
