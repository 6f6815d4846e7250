"""Whether other properties are allowed changed.

Closing breaks who writes requests, opening who reads responses: `additionalProperties` false → true.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = (side.get("additionalProperties", True) for side in (pair.before, pair.after))
    if before == after or (isinstance(before, dict) and isinstance(after, dict)):
        return
    narrows = after is False or before is True
    words = "other properties were closed" if after is False else "other properties are held to something else"
    if before is False:
        words = "other properties were opened"
    yield Change(effect=Effect.NARROWS if narrows else Effect.WIDENS, message=words, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
