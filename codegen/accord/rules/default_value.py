"""A default changed.

Nobody's value becomes invalid, but what an absent value means does: `default` 10 → 20.
"""

import json
from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    if ("default" in pair.before, pair.before.get("default")) != ("default" in pair.after, pair.after.get("default")):
        before, after = (
            json.dumps(side["default"]) if "default" in side else "not set" for side in (pair.before, pair.after)
        )
        words = f"its default was {before} and is {after}"
        yield Change(effect=Effect.NEITHER, message=words, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
