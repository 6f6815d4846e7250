"""A value's JSON type changed.

A type that is gone breaks who writes requests, a new one who reads responses: `integer` → `number`.
"""

from collections.abc import Iterator

from accord.rules import Change, Effect, Rule, Schemas


def _examine(pair: Schemas) -> Iterator[Change]:
    before, after = _types(pair.before.get("type")), _types(pair.after.get("type"))
    if before == after:
        return
    words = f"its type was {_told(before)} and is {_told(after)}"
    gone, new = before - _allowed(after), after - _allowed(before)
    if gone or (after and not before):
        yield Change(effect=Effect.NARROWS, message=words, pointer=pair.pointer)
    if new or (before and not after):
        yield Change(effect=Effect.WIDENS, message=words, pointer=pair.pointer)


def _types(value: object) -> frozenset[str]:
    return (
        frozenset([value]) if isinstance(value, str) else frozenset(value) if isinstance(value, list) else frozenset()
    )


def _allowed(types: frozenset[str]) -> frozenset[str]:
    if not types:
        return frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
    return types | {"integer"} if "number" in types else types


def _told(types: frozenset[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(types)) or "any"


RULE = Rule(schemas=_examine)
