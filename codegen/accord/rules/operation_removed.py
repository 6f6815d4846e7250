"""An operation is gone.

Whoever calls it breaks, deprecated or not.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.after is None and pair.before is not None:
        yield Change(effect=Effect.NARROWS, message="is gone", pointer=pair.before.pointer)


RULE = Rule(operations=_examine)
