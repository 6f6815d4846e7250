"""A schema is another one by name.

Whether somebody breaks depends on what the names stand for; the witness decides.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = pair.before.get("$ref"), pair.after.get("$ref")
    if before != after:
        words = f"was {_told(before)} and is {_told(after)}"
        for effect in (Effect.NARROWS, Effect.WIDENS):
            yield Change(effect=effect, message=words, pointer=pair.pointer)


def _told(reference: str | None) -> str:
    return "written in place" if reference is None else f"`{reference.removeprefix('#/$defs/')}`"


RULE = Rule(schemas=_examine)
