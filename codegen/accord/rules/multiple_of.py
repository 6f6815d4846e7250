"""The step of a number changed.

A coarser step breaks who writes requests, a finer one who reads responses: `multipleOf` 1 → 0.5.
"""

import json
from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("multipleOf"), pair.after.get("multipleOf")
    if before == after:
        return
    effects = (
        {Effect.WIDENS} if after is None else {Effect.NARROWS} if before is None else {Effect.NARROWS, Effect.WIDENS}
    )
    words = f"`multipleOf` was {_told(before)} and is {_told(after)}"
    yield from (Change(effect=effect, message=words, pointer=pair.pointer) for effect in sorted(effects))


def _told(value: object) -> str:
    return "not set" if value is None else json.dumps(value)


RULE = Rule(schemas=_examine)
