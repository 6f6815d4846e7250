"""A request body may be written in other media types.

One that is gone breaks who writes it. Whether parts of a form that are said to be written otherwise are refused as they
were is not told by a document.
"""

from collections.abc import Iterator

from accord.contract import media_type_for
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None or pair.before.body is None or pair.after.body is None:
        return
    before, after = pair.before.body.content, pair.after.body.content
    gone, new = ("is no longer sent", "is sent now") if pair.turned else ("is no longer taken", "is taken now")
    for item in before:
        if media_type_for(after, item.name) is None:
            words = f"request body: `{item.name}` {gone}"
            yield Change(effect=Effect.NARROWS, message=words, pointer=item.pointer, media_type=item.name, gone=True)
    for item in after:
        if media_type_for(before, item.name) is None:
            words = f"request body: `{item.name}` {new}"
            yield Change(effect=Effect.WIDENS, message=words, pointer=item.pointer, media_type=item.name)
    for item in before:
        now = next((other for other in after if other.name == item.name), item)
        if now.encoding != item.encoding:
            words = f"request body: the parts of `{item.name}` are written another way"
            reason = "whether they are still taken as they were is not in the contract"
            effect = Effect.WIDENS if pair.turned else Effect.NARROWS
            yield Change(
                effect=effect,
                message=words,
                pointer=now.pointer,
                media_type=item.name,
                proved=False,
                reason=reason,
            )


RULE = Rule(operations=_examine)
