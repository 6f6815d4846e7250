"""Whether items may repeat changed.

`uniqueItems` newly true breaks who writes requests, dropped who reads responses.
"""

import json
from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("uniqueItems"), pair.after.get("uniqueItems")
    if before == after:
        return
    effects = (
        {Effect.WIDENS} if after is None else {Effect.NARROWS} if before is None else {Effect.NARROWS, Effect.WIDENS}
    )
    words = f"`uniqueItems` was {_told(before)} and is {_told(after)}"
    yield from (Change(effect=effect, message=words, pointer=pair.pointer) for effect in sorted(effects))


def _told(value: object) -> str:
    return "not set" if value is None else json.dumps(value)


RULE = Rule(schemas=_examine)
