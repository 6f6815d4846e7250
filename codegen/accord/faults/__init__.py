"""Faults: what the embedded service can do wrong, one file each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from accord.contract import Operation, Schema
from accord.document import Json
from accord.findings import ABSENT
from accord.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a fault may look at: the request as it was read, the schema of the planned reply, and its own memory.

    `refused` says that the reply refuses the request; `memory` lives as long as the service.
    """

    operation: Operation
    value: Json = ABSENT
    schema: Schema | None = None
    refused: bool = False
    memory: dict[str, Json] = field(default_factory=dict)


def _unchanged(_situation: Situation, reply: Reply) -> Reply:
    return reply


def _never(_situation: Situation) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing a service does wrong, and the name of the check that is meant to catch it.

    `alter` changes a reply; `overlooks` names parts of a request that are not looked at (security, body, undeclared);
    `refuses` turns a conforming request away; `fits` says of an operation whether the fault can show there at all.
    """

    check: str
    alter: Callable[[Situation, Reply], Reply] = _unchanged
    overlooks: frozenset[str] = frozenset()
    refuses: Callable[[Situation], bool] = _never
    fits: Callable[[Operation], bool] = lambda operation: bool(operation.responses)
