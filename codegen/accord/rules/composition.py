"""What a schema is composed of changed.

A branch of `anyOf` or `oneOf` that goes, or one more of `allOf`, narrows; the reverse widens.
"""

from collections.abc import Iterator

from accord.document import Json
from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    for keyword, more in (("allOf", Effect.NARROWS), ("anyOf", Effect.WIDENS), ("oneOf", Effect.WIDENS)):
        before, after = pair.before.get(keyword), pair.after.get(keyword)
        if before == after or (before and after and len(before) == len(after)):
            continue
        grew = len(after or ()) > len(before or ())
        if keyword != "allOf" and (before is None or after is None):
            grew = before is not None
        less = Effect.WIDENS if more is Effect.NARROWS else Effect.NARROWS
        words = f"`{keyword}` had {_counted(before)} and has {len(after or ()) or 'none'}"
        yield Change(effect=more if grew else less, message=words, pointer=pair.pointer)


def _counted(branches: list[Json] | None) -> str:
    count = len(branches or ())
    return f"{count or 'no'} branch{'es' if count > 1 else ''}"


RULE = Rule(schemas=_examine)
