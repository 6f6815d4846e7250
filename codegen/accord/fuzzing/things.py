"""Things to ask for: where a path wants an id, that of a thing which an operation made, else of one that is listed."""

from collections.abc import Iterable
from dataclasses import replace

from accord import synthesis
from accord.contract import Operation
from accord.document import Json
from accord.exchange import SUCCESS
from accord.findings import ABSENT
from accord.fuzzing import connecting, making, preparing
from accord.fuzzing.asking import Search
from accord.fuzzing.connecting import Origin, Things
from accord.fuzzing.making import Take

ROUNDS = 3
"""What can only be made where another thing is waits for that one, so often."""


def foreseen(operations: tuple[Operation, ...], told: Iterable[str]) -> list[Operation]:
    """`operations` aimed at what `find` may find, a plausible value for each id that is not `told`; nothing is sent."""
    known = Things()
    for operation in operations:
        for path, item in making.prefixes(operation):
            if item.name not in told and path not in known.ids and any(_sources(operations, path)):
                known.ids[path] = synthesis.plausible(item.schema)
    return [making.aimed(known, operation) for operation in operations]


def find(state: Search, operations: tuple[Operation, ...], take: Take) -> None:
    """Look for a thing behind each path of `operations`: make it, else take the first of a list."""
    wanted = {path: item for operation in operations for path, item in making.prefixes(operation)}
    told = {name for name, _ in state.limits.values}.union(*(visit.values for visit in state.visits.values()))
    missing = [
        path for path in sorted(wanted, key=len) if wanted[path].name not in told and path not in state.things.origins
    ]
    for _ in range(ROUNDS):
        before = len(missing)
        missing = [path for path in missing if not _found(state, operations, path, take)]
        if not missing or len(missing) == before:
            return


def restore(state: Search, operations: tuple[Operation, ...], take: Take) -> None:
    """Look anew for what was taken away, and for all that lies below it or names it."""
    things = state.things
    lost, things.lost = things.lost, set()
    names = {path.rpartition("{")[2] for path in lost}
    for path in list(things.ids):
        if any(f"{{{name}" in path for name in names):
            del things.ids[path]
            things.origins.pop(path, None)
            things.fresh.pop(path, None)
    if lost:
        things.ready.clear()
        find(state, operations, take)


def _found(state: Search, operations: tuple[Operation, ...], path: str, take: Take) -> bool:
    read = read_at(operations, path)
    makers, listing = _sources(operations, path)
    return any(_made(state, maker, read, take) for maker in makers) or any(
        _listed(state, item, read, take) for item in listing
    )


def _sources(operations: tuple[Operation, ...], path: str) -> tuple[list[Operation], list[Operation]]:
    """The operations that make what is at `path`, and those that list it."""
    read = read_at(operations, path)
    makers = [item for item in operations if item.method == "POST" and connecting.leads(item, read)]
    makers += [item for item in operations if item.method == "PUT" and item.path == path]
    return makers, [item for item in operations if item.method == "GET" and connecting.is_above(item, read)]


def read_at(operations: tuple[Operation, ...], path: str) -> Operation:
    """The operation that reads what is at `path`; another one, as if it were there, where none does."""
    there = [item for item in operations if item.path == path]
    found = next((item for item in there if item.method == "GET"), next(iter(there), None))
    below = next(item for item in operations if item.path.startswith(path))
    parameters = tuple(item for at, item in making.prefixes(below) if path.startswith(at))
    return found or replace(below, path=path, operation_id="", parameters=parameters, pointer="")


def _made(state: Search, maker: Operation, read: Operation, take: Take) -> bool:
    for case in making.candidates(state, maker):
        exchange = making.sent(state, maker, preparing.prepared(state, maker, case, take), take)
        if making.keep(state.things, Origin(maker=maker, case=case, read=read), exchange):
            return True
    return False


def _listed(state: Search, listing: Operation, read: Operation, take: Take) -> bool:
    """Take the first thing of a list whose id fits."""
    path, item = list(making.prefixes(read))[-1]
    for case in making.candidates(state, listing)[:1]:
        exchange = making.sent(state, listing, case, take)
        if exchange.response is None or exchange.response.status not in SUCCESS:
            continue
        for member in _members(exchange.response.body):
            value = connecting.identity(item, member)
            if value is not ABSENT:
                state.things.ids[path] = value
                return True
    return False


def _members(body: bytes) -> list[Json]:
    value = connecting.value_of(body)
    lists = [value, *(value.values() if isinstance(value, dict) else ())]
    return next((found for found in lists if isinstance(found, list) and found), [])
