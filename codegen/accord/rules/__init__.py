"""Rules: what changed between two contracts, and whether it narrows or widens. Every other file here declares a `RULE`.

A rule explains; it does not judge. Direction decides who breaks, and a witness proves it.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from accord.collection import Declared, collect
from accord.contract import Direction, Operation
from accord.document import Json
from accord.schemas.keywords import LISTS, SINGLES


class Effect(StrEnum):
    """How a change moves the set of values that are valid."""

    NARROWS = "narrows"
    WIDENS = "widens"
    NEITHER = "neither"


BREAKS: Mapping[Direction, Effect] = MappingProxyType(
    {Direction.REQUEST: Effect.NARROWS, Direction.RESPONSE: Effect.WIDENS}
)
"""Who wrote the value kept the baseline (a request) or reads it with the baseline (a response): what breaks them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed: its effect, a sentence, and the pointer of the part it happened to.

    `direction` is the side of the exchange it belongs to, as the document has it: for a webhook, which the service
    sends, it is turned round later. `proved` says that the change itself proves the break, `reason` why it does not.
    What is `gone` stands at its pointer in the baseline.
    """

    effect: Effect
    message: str
    pointer: str = ""
    direction: Direction = Direction.REQUEST
    status: str = ""
    media_type: str = ""
    proved: bool = True
    reason: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """Two schema objects that stand at the same place, `$ref`s not followed."""

    before: Mapping[str, Json]
    after: Mapping[str, Json]
    pointer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """One operation in both contracts; None where a contract does not have it.

    `raw_before` and `raw_after` are the Operation Objects as written, `wanted_before` and `wanted_after` the security
    requirements that hold for it, None where nothing is said of any.
    """

    before: Operation | None
    after: Operation | None
    raw_before: Mapping[str, Json]
    raw_after: Mapping[str, Json]
    wanted_before: Json = None
    wanted_after: Json = None

    @property
    def turned(self) -> bool:
        """Whether the service sends the request: it is a webhook or a callback."""
        operation = self.after or self.before
        return operation is not None and operation.turned


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to look for in two schemas at the same place, or in two operations."""

    schemas: Callable[[Schemas], Iterator[Change]] | None = None
    operations: Callable[[Operations], Iterator[Change]] | None = None


@functools.cache
def declared() -> Mapping[str, Declared[Rule]]:
    """Every rule by its name."""
    return collect("accord.rules", "RULE", Rule)


def stated(pair: Schemas, keyword: str, *, sure: bool = True) -> Iterator[Change]:
    """What a keyword tells that came, went or says something else; what stands below it in both is told there.

    A new one narrows and one that is gone widens, where that is `sure`; any other change may do either.
    """
    before, after = (side.get(keyword, _ABSENT) for side in (pair.before, pair.after))
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return
    lists = isinstance(before, list) and isinstance(after, list) and len(before) == len(after)
    if keyword in _DESCENDED and (lists or (isinstance(before, dict) and isinstance(after, dict))):
        return
    effects = [Effect.NARROWS, Effect.WIDENS]
    if sure and (before is _ABSENT or after is _ABSENT):
        effects = [Effect.NARROWS if before is _ABSENT else Effect.WIDENS]
    words = f"`{keyword}` was {_told(before)} and is {_told(after)}"
    yield from (Change(effect=effect, message=words, pointer=pair.pointer) for effect in effects)


_ABSENT = object()
_DESCENDED = (SINGLES | LISTS) - {"not"}
_LONGEST = 80


def _told(value: object) -> str:
    text = "not set" if value is _ABSENT else json.dumps(value, default=dict)
    text = text.replace("#/$defs/", "")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def schema_changes(pair: Schemas) -> Iterator[tuple[str, Change]]:
    """What every rule says of two schemas at the same place."""
    for name, rule in declared().items():
        if rule.value.schemas is not None:
            yield from ((name, change) for change in rule.value.schemas(pair))


def operation_changes(pair: Operations) -> Iterator[tuple[str, Change]]:
    """What every rule says of one operation."""
    for name, rule in declared().items():
        if rule.value.operations is not None:
            yield from ((name, change) for change in rule.value.operations(pair))
