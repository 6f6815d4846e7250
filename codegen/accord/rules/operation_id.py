"""An operation's id changed.

No message changes; generated names do.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before and pair.after and pair.before.operation_id != pair.after.operation_id:
        words = f"`operationId` was `{pair.before.operation_id}` and is `{pair.after.operation_id}`"
        yield Change(effect=Effect.NEITHER, message=words, pointer=pair.after.pointer)


RULE = Rule(operations=_examine)
