"""Properties came or went.

One that goes narrows where others are refused, one that comes may be read wrongly; the witness decides.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("properties", {}), pair.after.get("properties", {})
    for some, others, gone, closed in (
        (before, after, True, pair.after.get("additionalProperties") is False),
        (after, before, False, pair.before.get("additionalProperties") is False),
    ):
        names = [f"`{name}`" for name in some if name not in others]
        effect = (Effect.NARROWS if gone else Effect.WIDENS) if closed else (Effect.WIDENS if gone else Effect.NARROWS)
        if names:
            several = len(names) > 1
            subject = f"{'properties' if several else 'property'} {', '.join(names)}"
            told = f"{subject} {'are' if several else 'is'} {'gone' if gone else 'new'}"
            yield Change(effect=effect, message=told, pointer=pair.pointer)
    for name in before.keys() & after.keys():
        if (before[name] is False) != (after[name] is False):
            closed = after[name] is False
            words = f"property `{name}` is {'no longer' if closed else 'now'} allowed"
            yield Change(effect=Effect.NARROWS if closed else Effect.WIDENS, message=words, pointer=pair.pointer)


RULE = Rule(schemas=_examine)
