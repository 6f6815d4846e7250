"""Members of an enum came or went.

A member that is gone breaks who writes requests, a new one who reads responses: `bird` is gone.
"""

import json
from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("enum"), pair.after.get("enum")
    if before == after:
        return
    if before is None or after is None:
        effect, words = (Effect.NARROWS, "is now") if before is None else (Effect.WIDENS, "is no longer")
        yield Change(effect=effect, message=f"{words} limited to an enum", pointer=pair.pointer)
        return
    for effect, some, others, words in (
        (Effect.NARROWS, before, after, "left"),
        (Effect.WIDENS, after, before, "joined"),
    ):
        known = {json.dumps(member, sort_keys=True) for member in others}
        found = [text for text in (json.dumps(member, sort_keys=True) for member in some) if text not in known]
        if found:
            yield Change(effect=effect, message=f"{', '.join(found)} {words} the enum", pointer=pair.pointer)


RULE = Rule(schemas=_examine)
