"""The credentials that an operation wants changed.

Whoever calls it with the credentials of before is refused.
"""

from collections.abc import Iterator

from accord.contract import Operation, SecurityScheme
from accord.document import Json
from accord.rules import Change, Effect, Operations, Rule


def _examine(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    pointer = pair.after.pointer
    if pair.turned:
        yield from _sent(pair, pointer)
        return
    before, after = (_ways(side) for side in (pair.before, pair.after))
    if before == after:
        yield from _scopes(pair, pointer)
        return
    if all(any(other <= way for other in after) for way in before):
        yield Change(effect=Effect.WIDENS, message="takes more kinds of credentials", pointer=pointer)
    elif all(before):
        reason = "whether callers have the other credentials too is not in the contract"
        yield Change(
            effect=Effect.NARROWS,
            message=f"wants other credentials: {_said(pair.after)}, before {_said(pair.before)}",
            pointer=pointer,
            proved=False,
            reason=reason,
        )
    else:
        yield Change(
            effect=Effect.NARROWS,
            message="wants credentials now",
            pointer=pointer,
            proved=pair.wanted_before is not None,
            reason="the baseline said nothing of credentials",
        )


def _sent(pair: Operations, pointer: str) -> Iterator[Change]:
    """What a webhook says of the credentials that the service sends, where it speaks of them itself."""
    if pair.raw_before.get("security") != pair.raw_after.get("security"):
        reason = "whether who is called looks at the credentials is not in the contract"
        words = "is sent with other credentials"
        yield Change(effect=Effect.WIDENS, message=words, pointer=pointer, proved=False, reason=reason)


def _said(operation: Operation) -> str:
    """The ways to authenticate, by the names that the document gives them."""
    ways = (" with ".join(map(_scheme, way)) or "none" for way in operation.security)
    return " or ".join(ways) or "none"


def _scheme(item: SecurityScheme) -> str:
    detail = f" `{item.parameter}`" if item.parameter else f" {item.scheme}" if item.scheme else ""
    return f"`{item.name}` ({item.type}{detail})"


def _ways(operation: Operation) -> frozenset[frozenset[tuple[str, str, str, str]]]:
    found = frozenset(
        frozenset((item.type, item.location, item.parameter, item.scheme) for item in way) for way in operation.security
    )
    return found or frozenset({frozenset()})


def _scopes(pair: Operations, pointer: str) -> Iterator[Change]:
    before, after = _named(pair.wanted_before), _named(pair.wanted_after)
    for some, others, effect, words in (
        (after, before, Effect.NARROWS, "is wanted now"),
        (before, after, Effect.WIDENS, "is no longer wanted"),
    ):
        for scope in sorted(some - others):
            reason = "whether callers have the scope is not in the contract"
            yield Change(
                effect=effect, message=f"scope `{scope}` {words}", pointer=pointer, proved=False, reason=reason
            )


def _named(wanted: Json) -> frozenset[str]:
    """The scopes that every way of `wanted` asks for together."""
    ways = [way for way in wanted if isinstance(way, dict)] if isinstance(wanted, list) else []
    lists = [scopes for way in ways for scopes in way.values() if isinstance(scopes, list)]
    return frozenset(str(scope) for scopes in lists for scope in scopes)


RULE = Rule(operations=_examine)
