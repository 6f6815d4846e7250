"""A response header is promised or no longer.

One that was required and is not breaks who reads it.
"""

from collections.abc import Iterator

from accord.contract import Direction
from accord.revisions.pairing import responses
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in responses(pair.before, pair.after):
        some, others = ({item.name.lower(): item for item in side.headers} for side in (before, after))
        for name, item in (some | others).items():
            had, has = (name in side and side[name].required for side in (some, others))
            if had == has and (name in some) == (name in others):
                continue
            words = "is gone" if name not in others else "is new" if name not in some else "is no longer required"
            words = "became required" if has and name in some else words
            effect = Effect.WIDENS if had and not has else Effect.NARROWS if has else Effect.NEITHER
            yield Change(
                effect=effect,
                message=f"response {after.status}: header `{item.name}` {words}",
                pointer=item.pointer,
                direction=Direction.RESPONSE,
                status=after.status,
                gone=name not in others,
            )


RULE = Rule(operations=_examine)
