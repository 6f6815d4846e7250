"""An operation is gone.

Whoever calls it breaks, deprecated or not. Whether somebody waits to be called by a webhook or a
callback is not told by a document.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.after is None and pair.before is not None:
        yield Change(
            effect=Effect.WIDENS if pair.turned else Effect.NARROWS,
            message="is gone",
            pointer=pair.before.pointer,
            proved=not pair.turned,
            gone=True,
            reason="whether somebody waits to be called is not in the contract",
        )


RULE = Rule(operations=_examine)
