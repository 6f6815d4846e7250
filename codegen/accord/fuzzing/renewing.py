"""Things used up: what an operation takes once, it gets anew for its next request, with what that needs beforehand."""

from collections.abc import Mapping

from accord.contract import Operation
from accord.document import Json
from accord.exchange import SUCCESS, Case, Exchange
from accord.findings import ABSENT
from accord.fuzzing import connecting, making, preparing
from accord.fuzzing.asking import Search
from accord.fuzzing.conditions import UNMET, unconditional
from accord.fuzzing.connecting import Things
from accord.fuzzing.making import Take

TOLD = 3
"""So often a condition fails until it is left out."""

RENEWALS = 200
"""So many things are made anew for one operation that uses them up."""

SPENT = frozenset({404, 409, 410})
"""What says that a thing, which was there before, cannot be used a second time."""


def heed(things: Things, operation: Operation, exchange: Exchange) -> list[Case]:
    """Learn from an answer whether `operation` uses up the things that it names: taken once, it is refused again.

    What was refused for that may be sent to another thing.
    """
    case, response = exchange.case, exchange.response
    if case is None or response is None or not _is_meant(operation, case):
        return []
    things.unmet[operation.name] += response.status == UNMET
    if response.status in SUCCESS or response.status in SPENT:
        things.ready.pop(operation.name, None)
    path = _made_at(things, operation)
    if path in things.fresh and exchange.request.url == _url(things, operation, case, things.fresh):
        if response.status in SUCCESS or response.status in SPENT:
            del things.fresh[path]
    elif exchange.request.url == _url(things, operation, case, {}):
        if response.status in SUCCESS:
            things.taken.add(operation.name)
            things.lost.update(_taken_away(things, operation))
        elif response.status in SPENT and operation.name in things.taken:
            things.spent.add(operation.name)
            return [case]
    return []


def renewed(state: Search, operation: Operation, case: Case, take: Take) -> Case:
    """`case`, to a thing that nobody has used yet where `operation` uses things up, on no condition that none meets."""
    things = state.things
    if things.unmet[operation.name] >= TOLD:
        case = unconditional(operation, case)
    path = _made_at(things, operation)
    if not _is_meant(operation, case):
        return case
    if operation.name in things.recipes:
        return preparing.prepared(state, operation, case, take)
    if operation.name not in things.spent or not path:
        return case
    if case.request.url != _url(things, operation, case, {}):
        return case  # it is sent elsewhere on purpose
    count = things.renewals.get(operation.name, 0)
    if path not in things.fresh and count < RENEWALS:
        things.renewals[operation.name] = count + 1
        fresh = preparing.another(state, path, take)
        if fresh is not ABSENT:
            things.fresh[path] = fresh
    return connecting.placed(operation, case, making.around(things, operation, things.fresh)) or case


def apart(state: Search, operation: Operation, take: Take) -> Mapping[str, Json] | None:
    """Where `operation` finds a thing that was made for it alone, or once more; None where none can be made."""
    things, path = state.things, _made_at(state.things, operation)
    if not path:
        return None
    fresh = preparing.another(state, path, take)
    return None if fresh is ABSENT else making.around(things, operation, {path: fresh})


def _is_meant(operation: Operation, case: Case) -> bool:
    """Whether `case` could use something up: it conforms, or would if its body did."""
    return operation.method != "GET" and (case.valid or case.part == "body")


def _made_at(things: Things, operation: Operation) -> str:
    """The path of the innermost thing that `operation` names and that was made; empty where none was."""
    return next((path for path, _ in reversed(list(making.prefixes(operation))) if path in things.origins), "")


def _url(things: Things, operation: Operation, case: Case, others: Mapping[str, Json]) -> str:
    """Where `case` goes if it is sent to the things that are there, `others` in their place."""
    there = connecting.placed(operation, case, making.around(things, operation, others))
    return "" if there is None else there.request.url


def _taken_away(things: Things, operation: Operation) -> set[str]:
    """The path of the thing that `operation` takes away, where it does and one was there."""
    path = next(reversed([path for path, _ in making.prefixes(operation)]), "")
    return {path} if operation.method == "DELETE" and operation.path == path and path in things.ids else set()
