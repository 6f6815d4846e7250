"""A response may be written in other media types.

A client that says what it accepts gets what it reads; nobody is proved to break.
"""

from collections.abc import Iterator

from accord.contract import Direction
from accord.pairing import responses
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in responses(pair.before, pair.after):
        some, others = ({item.name: item for item in side.content} for side in (before, after))
        for name, item in (some | others).items():
            if (name in some) != (name in others):
                yield Change(
                    effect=Effect.NEITHER if name in others else Effect.NARROWS,
                    message=f"response {after.status}: `{name}` is {'new' if name in others else 'gone'}",
                    pointer=item.pointer,
                    direction=Direction.RESPONSE,
                    status=after.status,
                    media_type=name,
                )


RULE = Rule(operations=_examine)
