"""What operations take of which most is refused that conforms, learned before the rest of their plans is sent."""

from accord.contract import Operation
from accord.document import Json
from accord.exchange import SUCCESS, Case
from accord.fuzzing import connecting, making, naming, practice, renewing, things
from accord.fuzzing.asking import Search, values_of

REFUSALS = frozenset({400, 422})
"""What says that a request was refused for what it holds."""

MUCH, SHARE = 4, 3
"""So many that are refused, one of so many that are taken, are worth to be learned of."""


def learn(state: Search, operations: tuple[Operation, ...], take: making.Take) -> None:
    """Learn what operations take of which most was refused that conforms, and find things with what was learned.

    What was tried at an earlier time is not tried again.
    """
    known = state.things
    chosen = [operation for operation in operations if operation.name not in known.tried]
    named = _name(state, operations, take) if not known.tried else []
    for _ in range(things.ROUNDS):
        before = len(known.practised)
        for operation in chosen:
            if operation.name not in known.practised and is_refused(state, operation):
                known.tried.add(operation.name)
                found = _practised(state, operation, take)
                if found is not None:
                    known.practised[operation.name] = found
        if before == len(known.practised):
            break
        things.find(state, operations, take)
    for operation in named:
        known.practised.setdefault(operation.name, operation)


def _name(state: Search, operations: tuple[Operation, ...], take: making.Take) -> list[Operation]:
    """Learn ids that are taken as such where paths want some of which nothing is known; the operations that do."""
    named: list[Operation] = []
    told = {name for name, _ in state.limits.values}.union(*(visit.values for visit in state.visits.values()))
    for path, item in dict(pair for operation in operations for pair in making.prefixes(operation)).items():
        below = [operation for operation in operations if operation.path.startswith(path)]
        refused = [operation for operation in below if is_refused(state, operation)]
        read = next((operation for operation in refused if operation.method == "GET"), None)
        if read is None or path in state.things.ids or item.name in told:
            continue
        case = next(iter(making.candidates(state, read)), None)
        found = None if case is None else _taken_as_id(state, read, path, case, take)
        if found is not None:
            state.things.ids[path] = found
            named += refused
    return named


def _taken_as_id(state: Search, read: Operation, path: str, case: Case, take: making.Take) -> Json | None:
    def ask(value: Json) -> tuple[bool, bytes]:
        moved = connecting.placed(read, case, {**making.around(state.things, read, {}), item.name: value})
        response = None if moved is None else making.sent(state, read, moved, take).response
        if response is None:
            return False, b""
        return response.status in SUCCESS or response.status in renewing.SPENT, response.body

    item = next(item for prefix, item in making.prefixes(read) if prefix == path)
    found = naming.named(item, state.things.shown, tuple(state.things.records.values()), ask)
    if found is not None:
        state.things.forms[path] = naming.formed(item, found, ask)
    return found


def is_refused(state: Search, operation: Operation) -> bool:
    """Whether much of what conforms is refused for what it holds."""
    statuses = list(state.valid.get(operation.name, {}).values())
    refused, taken = (sum(status in kind for status in statuses) for kind in (REFUSALS, SUCCESS))
    return refused > taken if refused < MUCH else SHARE * refused > taken


def _practised(state: Search, operation: Operation, take: making.Take) -> Operation | None:
    last = [b""]

    def ask(case: Case) -> bool | None:
        response = making.sent(state, operation, case, take).response
        if response is None or not (response.status in SUCCESS or response.status in REFUSALS):
            return None
        last[0] = response.body
        return response.status in SUCCESS

    known = state.things
    records, values = tuple(known.records.values()), values_of(state, operation)
    return practice.practised(making.aimed(known, operation), values, ask, known.shown, records, lambda: last[0])
