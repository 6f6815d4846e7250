"""What names of properties may be, or what holds of those that match a pattern, changed.

Fewer names break who writes requests, more who reads responses: `propertyNames` at most 3 characters.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    yield from stated(pair, "propertyNames")
    yield from stated(pair, "unevaluatedProperties")
    before, after = pair.before.get("patternProperties", {}), pair.after.get("patternProperties", {})
    for pattern in before | after:
        if pattern not in before or pattern not in after:
            words = "is new" if pattern in after else "is gone"
            for effect in (Effect.NARROWS, Effect.WIDENS):
                message = f"what holds of names like `{pattern}` {words}"
                yield Change(effect=effect, message=message, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
