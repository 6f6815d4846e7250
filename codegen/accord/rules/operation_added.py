"""An operation is new.

Nobody breaks.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None and pair.after is not None:
        effect = Effect.NEITHER if pair.turned else Effect.WIDENS
        yield Change(effect=effect, message="is new", pointer=pair.after.pointer)


RULE = Rule(operations=_examine)
