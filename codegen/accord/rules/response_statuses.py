"""Responses are documented under other statuses.

RFC 9110 section 15 has every client read an unknown status as the first of its class: nobody breaks.
"""

from collections.abc import Iterator

from accord.contract import Direction
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    for some, others, effect, words in (
        (pair.before, pair.after, Effect.NARROWS, "gone"),
        (pair.after, pair.before, Effect.NEITHER, "new"),
    ):
        known = {response.status for response in others.responses}
        for response in some.responses:
            if response.status not in known:
                yield Change(
                    effect=effect,
                    message=f"response {response.status} is {words}",
                    pointer=response.pointer,
                    direction=Direction.RESPONSE,
                    status=response.status,
                )


RULE = Rule(operations=_examine)
