"""A parameter is new.

A required one breaks who sends without it, an optional one nobody; one of the path was in the template already.
"""

from collections.abc import Iterator

from accord.revisions.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, parameter in pairs(pair.before, pair.after):
        if before is None and parameter is not None:
            required = parameter.required and parameter.location != "path"
            kind = (
                "described" if parameter.location == "path" else "new and required" if required else "new and optional"
            )
            words = f"{parameter.location} parameter `{parameter.name}` is {kind}"
            wide = Effect.NEITHER if pair.turned else Effect.WIDENS
            yield Change(effect=Effect.NARROWS if required else wide, message=words, pointer=parameter.pointer)


RULE = Rule(operations=_examine)
