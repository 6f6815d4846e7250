"""Properties came or went.

One that goes narrows where others are refused, one that comes may be read wrongly; the witness decides.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("properties", {}), pair.after.get("properties", {})
    for some, others, words, closed in (
        (before, after, "is gone", pair.after.get("additionalProperties") is False),
        (after, before, "is new", pair.before.get("additionalProperties") is False),
    ):
        names = [f"`{name}`" for name in some if name not in others]
        gone = words == "is gone"
        effect = (Effect.NARROWS if gone else Effect.WIDENS) if closed else (Effect.WIDENS if gone else Effect.NARROWS)
        if names:
            yield Change(effect=effect, message=f"property {', '.join(names)} {words}", pointer=pair.pointer)
    for name in before.keys() & after.keys():
        if (before[name] is False) != (after[name] is False):
            closed = after[name] is False
            words = f"property `{name}` is {'no longer' if closed else 'now'} allowed"
            yield Change(effect=Effect.NARROWS if closed else Effect.WIDENS, message=words, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
