"""A request body is wanted, required, or no longer taken.

Newly required breaks who sends none; taken no longer is not proved to break.
"""

from collections.abc import Iterator, Mapping

from accord.contract import Operation
from accord.document import Json
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    pointer = pair.after.pointer
    had, has = ("requestBody" in raw for raw in (pair.raw_before, pair.raw_after))
    before, after = (_required(*side) for side in ((pair.before, pair.raw_before), (pair.after, pair.raw_after)))
    if after and not before:
        yield Change(effect=Effect.NARROWS, message="the request body became required", pointer=pointer)
    elif before and has and not after:
        yield Change(effect=Effect.WIDENS, message="the request body became optional", pointer=pointer)
    elif has and not had:
        effect = Effect.NEITHER if pair.turned else Effect.WIDENS
        yield Change(effect=effect, message="takes a request body now", pointer=pointer)
    elif had and not has and pair.turned:
        effect = Effect.WIDENS if before else Effect.NEITHER
        yield Change(effect=effect, message="has no request body any more", pointer=pointer)
    elif had and not has:
        reason = "whether a body that is sent all the same is refused is not in the contract"
        words = "takes no request body any more"
        yield Change(effect=Effect.NARROWS, message=words, pointer=pointer, proved=False, reason=reason)


def _required(operation: Operation, raw: Mapping[str, Json]) -> bool:
    if operation.body is not None:
        return operation.body.required
    body = raw.get("requestBody")
    return isinstance(body, dict) and body.get("required") is True


RULE = Rule(operations=_examine)
