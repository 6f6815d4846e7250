"""What holds only where something else does changed.

A new condition breaks who writes requests, one that is gone who reads responses: `if` card `then` number required.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas, stated


def _examine(pair: Schemas) -> Iterator[Change]:
    for keyword in ("if", "then", "else"):
        yield from stated(pair, keyword, sure=False)
    yield from stated(pair, "dependentRequired")
    before, after = pair.before.get("dependentSchemas", {}), pair.after.get("dependentSchemas", {})
    for name in before | after:
        if name not in before or name not in after:
            effect, words = (Effect.NARROWS, "is new") if name in after else (Effect.WIDENS, "is gone")
            message = f"what holds where `{name}` is there {words}"
            yield Change(effect=effect, message=message, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
