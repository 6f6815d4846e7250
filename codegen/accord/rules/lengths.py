"""A text's length limits moved.

A tighter limit breaks who writes requests, a wider one who reads responses: `maxLength` 13 → 11.
"""

import json
from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    for keyword, sign in (("minLength", 1), ("maxLength", -1)):
        before, after = pair.before.get(keyword), pair.after.get(keyword)
        if before == after:
            continue
        narrows = before is None or (after is not None and sign * after > sign * before)
        words = f"`{keyword}` was {_told(before)} and is {_told(after)}"
        yield Change(effect=Effect.NARROWS if narrows else Effect.WIDENS, message=words, pointer=pair.pointer)


def _told(limit: float | None) -> str:
    return "not set" if limit is None else json.dumps(limit)


RULE = Rule(schemas=_examine)
