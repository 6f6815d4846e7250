"""A response's media type came or went.

One more breaks nobody who asks for what he can read. Where none of the old ones is left, everybody gets what he cannot
read; where some are, whoever asks for the one that is gone.
"""

from collections.abc import Iterator

from accord.contract import Direction, MediaType, Response, media_type_for
from accord.revisions.pairing import responses
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    for before, after in responses(pair.before, pair.after):
        kept = [item for item in before.content if media_type_for(after.content, item.name) is not None]
        for item in before.content:
            if item not in kept:
                yield _gone(pair, after, item, replaced=bool(after.content) and not kept)
        for item in after.content:
            if media_type_for(before.content, item.name) is None:
                yield Change(
                    effect=Effect.NEITHER,
                    message=f"response {after.status}: `{item.name}` is new",
                    pointer=item.pointer,
                    direction=Direction.RESPONSE,
                    status=after.status,
                    media_type=item.name,
                )


def _gone(pair: Operations, after: Response, item: MediaType, *, replaced: bool) -> Change:
    instead = f", and only {', '.join(f'`{other.name}`' for other in after.content)} is left" if replaced else ""
    return Change(
        effect=Effect.NARROWS if pair.turned else Effect.WIDENS,
        message=f"response {after.status}: `{item.name}` is gone{instead}",
        pointer=item.pointer,
        direction=Direction.RESPONSE,
        status=after.status,
        media_type=item.name,
        proved=replaced or pair.turned,
        gone=True,
        reason="whether callers ask for it is not in the contract",
    )


RULE = Rule(operations=_examine)
