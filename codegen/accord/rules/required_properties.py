"""A property became required, or no longer is.

Newly required breaks who writes requests, dropped who reads responses: `id` left `required`.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = list(pair.before.get("required", ())), list(pair.after.get("required", ()))
    new = [f"`{name}`" for name in after if name not in before]
    gone = [f"`{name}`" for name in before if name not in after]
    if new:
        yield Change(effect=Effect.NARROWS, message=f"{', '.join(new)} became required", pointer=pair.pointer)
    if gone:
        words = "`required` was dropped: " if not after else ""
        yield Change(effect=Effect.WIDENS, message=f"{words}{', '.join(gone)} no longer required", pointer=pair.pointer)


RULE = Rule(schemas=_examine)
