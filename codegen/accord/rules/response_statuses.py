"""A status came or went.

A status of failure that is gone breaks nobody, nor does one more. Whoever waits for a success that is gone waits in
vain: where no documented success is left, what comes instead is for a person to judge.
"""

from collections.abc import Iterator

from accord.contract import Direction, Operation
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    before, after = (_statuses(side) for side in (pair.before, pair.after))
    successes = [status for status in before if status.startswith("2")]
    lost = successes and not any(status in after or "2XX" in after or "default" in after for status in successes)
    wide, narrow = (Effect.NARROWS, Effect.NEITHER) if pair.turned else (Effect.WIDENS, Effect.NARROWS)
    for response in pair.before.responses:
        if response.status not in after:
            yield Change(
                effect=wide if lost and response.status in successes else narrow,
                message=f"response {response.status} is gone",
                pointer=response.pointer,
                direction=Direction.RESPONSE,
                status=response.status,
                proved=False,
                gone=True,
                reason="no success that was documented is left, and what comes instead is not said"
                if not pair.turned
                else "whether another success is taken in its place is not said",
            )
    for response in pair.after.responses:
        if response.status not in before:
            yield Change(
                effect=Effect.NEITHER,
                message=f"response {response.status} is new",
                pointer=response.pointer,
                direction=Direction.RESPONSE,
                status=response.status,
            )


def _statuses(operation: Operation) -> tuple[str, ...]:
    return tuple(response.status for response in operation.responses)


RULE = Rule(operations=_examine)
