"""An operation was deprecated, or its sunset moved.

Nobody breaks yet.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    if pair.before.deprecated != pair.after.deprecated:
        words = "was deprecated" if pair.after.deprecated else "is no longer deprecated"
        yield Change(effect=Effect.NEITHER, message=words, pointer=pair.after.pointer)
    before, after = (side.extensions.get("x-sunset") for side in (pair.before, pair.after))
    if before != after:
        words = f"its sunset was {before or 'not set'} and is {after or 'not set'}"
        yield Change(effect=Effect.NEITHER, message=words, pointer=pair.after.pointer)


RULE = Rule(operations=_examine)
