"""A parameter became required, or optional.

Newly required breaks who sends without it.
"""

from collections.abc import Iterator

from accord.revisions.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in pairs(pair.before, pair.after):
        if before is not None and after is not None and before.required != after.required:
            effect = Effect.NARROWS if after.required else Effect.WIDENS
            words = f"{after.location} parameter `{after.name}` became {'required' if after.required else 'optional'}"
            yield Change(effect=effect, message=words, pointer=after.pointer)


RULE = Rule(operations=_examine)
