"""An operation, a parameter or a part of a schema was deprecated, or its sunset moved.

Nobody breaks yet.
"""

from collections.abc import Iterator, Mapping

from accord.document import Json
from accord.revisions.pairing import parameters
from accord.rules import Change, Effect, Operations, Rule, Schemas


def _operations(pair: Operations) -> Iterator[Change]:
    if pair.before is None or pair.after is None:
        return
    told = _told(pair.raw_before, pair.raw_after)
    if told:
        yield Change(effect=Effect.NEITHER, message=told, pointer=pair.after.pointer)
    for before, after in parameters(pair.before, pair.after):
        if before is not None and after is not None and before.deprecated != after.deprecated:
            words = "was deprecated" if after.deprecated else "is no longer deprecated"
            message = f"{after.location} parameter `{after.name}` {words}"
            yield Change(effect=Effect.NEITHER, message=message, pointer=after.pointer)


def _schemas(pair: Schemas) -> Iterator[Change]:
    told = _told(pair.before, pair.after)
    if told:
        yield Change(effect=Effect.NEITHER, message=told, pointer=pair.pointer)


def _told(before: Mapping[str, Json], after: Mapping[str, Json]) -> str:
    told = []
    flags = (before.get("deprecated") is True, after.get("deprecated") is True)
    if flags[0] != flags[1]:
        told.append("was deprecated" if flags[1] else "is no longer deprecated")
    sunsets = (before.get("x-sunset"), after.get("x-sunset"))
    if sunsets[0] != sunsets[1]:
        told.append(f"its sunset was {sunsets[0] or 'not set'} and is {sunsets[1] or 'not set'}")
    return "; ".join(told)


RULE = Rule(schemas=_schemas, operations=_operations)
