"""A parameter is gone.

Who still sends it is not refused: it is an undocumented one. Who reads a required one, as of a webhook, breaks.
"""

from collections.abc import Iterator

from accord.revisions.pairing import parameters as pairs
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for parameter, after in pairs(pair.before, pair.after):
        if after is None and parameter is not None:
            words = f"{parameter.location} parameter `{parameter.name}` is gone"
            promised = parameter.required or not pair.turned
            yield Change(
                effect=Effect.WIDENS if promised else Effect.NEITHER,
                message=words,
                pointer=parameter.pointer,
                gone=True,
            )


RULE = Rule(operations=_examine)
