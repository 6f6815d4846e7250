"""An operation was deprecated, or its sunset moved.

Nobody breaks yet.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    told = []
    if pair.before.deprecated != pair.after.deprecated:
        told.append("was deprecated" if pair.after.deprecated else "is no longer deprecated")
    before, after = (side.extensions.get("x-sunset") for side in (pair.before, pair.after))
    if before != after:
        told.append(f"its sunset was {before or 'not set'} and is {after or 'not set'}")
    if told:
        yield Change(effect=Effect.NEITHER, message="; ".join(told), pointer=pair.after.pointer)


RULE = Rule(operations=_examine)
