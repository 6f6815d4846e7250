"""A parameter is new.

A required one breaks who sends without it, an optional one nobody.
"""

from collections.abc import Iterator

from accord.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, parameter in pairs(pair.before, pair.after):
        if before is None and parameter is not None:
            effect = Effect.NARROWS if parameter.required else Effect.WIDENS
            kind = "required" if parameter.required else "optional"
            words = f"{parameter.location} parameter `{parameter.name}` is new and {kind}"
            yield Change(effect=effect, message=words, pointer=parameter.pointer)


RULE = Rule(operations=_examine)
