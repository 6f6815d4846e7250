"""Faults: what the embedded service can do wrong, one file each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accord.answering.admission import STRICT, Incoming, Leniency
from accord.answering.replies import Reply
from accord.contract import Operation, Schema
from accord.document import Json
from accord.findings import ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a fault may look at: the request as it was read, the schema of the planned reply, and its own memory.

    `parameters` are by location and name; `refused` says that the reply refuses the request; `memory` lives as long as
    the service.
    """

    operation: Operation
    incoming: Incoming
    parameters: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    value: Json = ABSENT
    schema: Schema | None = None
    refused: bool = False
    memory: dict[str, Json] = field(default_factory=dict)


def _unchanged(_situation: Situation, reply: Reply) -> Reply:
    return reply


def _never(_situation: Situation) -> bool:
    return False


def _as_it_came(_found: tuple[Operation, ...], incoming: Incoming, _keys: Mapping[str, str]) -> Incoming:
    return incoming


def _as_sent(situation: Situation) -> Json:
    return situation.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing a service does wrong, and the name of the check that is meant to catch it.

    In the order in which a request meets them: `misreads` makes another request of it, given the operations on its path
    and the keys that are wanted; `leniency` is what is let through; `refuses` turns a conforming request away; `keeps`
    is what becomes of the body's value; `loses` says that what was answered is not kept; `alter` changes the reply.
    `fits` says of an operation whether the fault can show there at all.
    """

    check: str
    misreads: Callable[[tuple[Operation, ...], Incoming, Mapping[str, str]], Incoming] = _as_it_came
    leniency: Leniency = STRICT
    refuses: Callable[[Situation], bool] = _never
    keeps: Callable[[Situation], Json] = _as_sent
    loses: Callable[[Situation], bool] = _never
    alter: Callable[[Situation, Reply], Reply] = _unchanged
    fits: Callable[[Operation], bool] = lambda operation: bool(operation.responses)
