"""Things to ask for: where a path wants an id, that of a thing which an operation made, else of one that is listed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from accord import synthesis
from accord.checks import Judgement
from accord.contract import Operation, Parameter
from accord.document import Json
from accord.exchange import SUCCESS, Case, Exchange
from accord.findings import ABSENT
from accord.fuzzing import connecting, planning, practice
from accord.fuzzing.asking import Search, asked, values_of
from accord.fuzzing.connecting import Origin, Things
from accord.fuzzing.picking import by_weight

TRIES = 12
"""So many conforming requests are sent to make a thing, the lightest first."""

ROUNDS = 3
"""What can only be made where another thing is waits for that one, so often."""

RENEWALS = 200
"""So many things are made anew for one operation that uses them up."""

REFUSALS = frozenset({400, 422})
"""What says that a request was refused for what it holds."""

SPENT = frozenset({404, 409, 410})
"""What says that a thing, which was there before, cannot be used a second time."""

Take = Callable[[Operation, Exchange, Judgement], None]
"""What is done with each answer."""


def prefixes(operation: Operation) -> Iterator[tuple[str, Parameter]]:
    """Each path parameter with the path up to it, the outermost first."""
    found = []
    for item in operation.parameters:
        head, mark, _ = operation.path.partition(f"{{{item.name}}}")
        if item.location == "path" and mark and (head.endswith("/")):
            found.append((head + mark, item))
    yield from sorted(found, key=lambda pair: len(pair[0]))


def aimed(things: Things, operation: Operation) -> Operation:
    """`operation` as it was practised, with the ids of things that are there as the examples of its path parameters."""
    operation = things.practised.get(operation.name, operation)
    known = {item.name: things.ids[path] for path, item in prefixes(operation) if path in things.ids}
    if not known:
        return operation
    changed = tuple(
        replace(item, examples=(known[item.name],)) if item.location == "path" and item.name in known else item
        for item in operation.parameters
    )
    return replace(operation, parameters=changed)


def foreseen(operations: tuple[Operation, ...], told: Iterable[str]) -> list[Operation]:
    """`operations` aimed at what `find` may find, a plausible value for each id that is not `told`; nothing is sent."""
    known = Things()
    for operation in operations:
        for path, item in prefixes(operation):
            if item.name not in told and path not in known.ids and any(_sources(operations, path)):
                known.ids[path] = synthesis.plausible(item.schema)
    return [aimed(known, operation) for operation in operations]


def learn(state: Search, operations: tuple[Operation, ...], take: Take) -> None:
    """Learn what operations take of which most was refused that conforms, and find things with what was learned."""
    for _ in range(ROUNDS):
        before = len(state.things.practised)
        for operation in operations:
            if operation.name not in state.things.practised and is_refused(state, operation):
                found = _practised(state, operation, take)
                if found is not None:
                    state.things.practised[operation.name] = found
        if before == len(state.things.practised):
            return
        find(state, operations, take)


def is_refused(state: Search, operation: Operation) -> bool:
    """Whether more of what conforms is refused for what it holds than is taken."""
    statuses = list(state.valid.get(operation.name, {}).values())
    return sum(status in REFUSALS for status in statuses) > sum(status in SUCCESS for status in statuses)


def _practised(state: Search, operation: Operation, take: Take) -> Operation | None:
    def ask(case: Case) -> bool | None:
        response = _sent(state, operation, case, take).response
        if response is None or not (response.status in SUCCESS or response.status in REFUSALS):
            return None
        return response.status in SUCCESS

    things = state.things
    records = tuple(things.records.values())
    return practice.practised(aimed(things, operation), values_of(state, operation), ask, things.shown, records)


def find(state: Search, operations: tuple[Operation, ...], take: Take) -> None:
    """Look for a thing behind each path of `operations`: make it, else take the first of a list."""
    wanted = {path: item for operation in operations for path, item in prefixes(operation)}
    told = {name for name, _ in state.limits.values}.union(*(visit.values for visit in state.visits.values()))
    missing = [
        path for path in sorted(wanted, key=len) if wanted[path].name not in told and path not in state.things.origins
    ]
    for _ in range(ROUNDS):
        before = len(missing)
        missing = [path for path in missing if not _found(state, operations, path, take)]
        if not missing or len(missing) == before:
            return


def _found(state: Search, operations: tuple[Operation, ...], path: str, take: Take) -> bool:
    read = _read(operations, path)
    makers, listing = _sources(operations, path)
    return any(_made(state, maker, read, take) for maker in makers) or any(
        _listed(state, item, read, take) for item in listing
    )


def _sources(operations: tuple[Operation, ...], path: str) -> tuple[list[Operation], list[Operation]]:
    """The operations that make what is at `path`, and those that list it."""
    read = _read(operations, path)
    makers = [item for item in operations if item.method == "POST" and connecting.leads(item, read)]
    makers += [item for item in operations if item.method == "PUT" and item.path == path]
    return makers, [item for item in operations if item.method == "GET" and connecting.is_above(item, read)]


def _read(operations: tuple[Operation, ...], path: str) -> Operation:
    """The operation that reads what is at `path`; another one, as if it were there, where none does."""
    there = [item for item in operations if item.path == path]
    found = next((item for item in there if item.method == "GET"), next(iter(there), None))
    below = next(item for item in operations if item.path.startswith(path))
    parameters = tuple(item for at, item in prefixes(below) if path.startswith(at))
    return found or replace(below, path=path, operation_id="", parameters=parameters, pointer="")


def _made(state: Search, maker: Operation, read: Operation, take: Take) -> bool:
    for case in candidates(state, maker):
        exchange = _sent(state, maker, case, take)
        if _keep(state.things, Origin(maker=maker, case=case, read=read), exchange):
            return True
    return False


def candidates(state: Search, maker: Operation) -> list[Case]:
    """Conforming requests of `maker`, those first that say least."""
    steps = planning.made_for(state, aimed(state.things, maker)).steps
    return by_weight(tuple(step.case for step in steps[: 4 * TRIES] if step.case.valid))[:TRIES]


def _sent(state: Search, operation: Operation, case: Case, take: Take) -> Exchange:
    prepared = state.prepare(operation, case)
    exchange, judgement = asked(state, operation, prepared)
    take(operation, exchange, judgement)
    return exchange


def _keep(things: Things, origin: Origin, exchange: Exchange) -> bool:
    """Keep the thing that `exchange` has made; whether there is one."""
    if exchange.response is None or exchange.response.status not in SUCCESS:
        return False
    found: Mapping[str, Json] | None
    if origin.maker.method == "PUT":
        found = connecting.written_in(origin.maker, exchange.request.url)
    else:
        around = {item.name: next(iter(item.examples), ABSENT) for item in aimed(things, origin.maker).parameters}
        found = connecting.places(origin.read, origin.maker, (exchange,), around)
    path, item = list(prefixes(origin.read))[-1]
    value = ABSENT if found is None else found.get(item.name, ABSENT)
    if value is ABSENT:
        return False
    things.ids[path], things.origins[path] = value, origin
    return True


def _listed(state: Search, listing: Operation, read: Operation, take: Take) -> bool:
    """Take the first thing of a list whose id fits."""
    path, item = list(prefixes(read))[-1]
    for case in candidates(state, listing)[:1]:
        exchange = _sent(state, listing, case, take)
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


def heed(things: Things, operation: Operation, exchange: Exchange) -> list[Case]:
    """Learn from an answer whether `operation` uses up the things that it names: taken once, it is refused again.

    What was refused for that may be sent to another thing.
    """
    case, response = exchange.case, exchange.response
    if case is None or response is None or not _is_meant(operation, case):
        return []
    path = _made_at(things, operation)
    if path in things.fresh and exchange.request.url == _url(things, operation, case, things.fresh):
        if response.status in SUCCESS or response.status in SPENT:
            del things.fresh[path]
    elif exchange.request.url == _url(things, operation, case, {}):
        if response.status in SUCCESS:
            things.taken.add(operation.name)
        elif response.status in SPENT and operation.name in things.taken:
            things.spent.add(operation.name)
            return [case]
    return []


def renewed(state: Search, operation: Operation, case: Case, take: Take) -> Case:
    """`case`, to a thing that nobody has used yet where `operation` uses things up."""
    things = state.things
    path = _made_at(things, operation)
    if operation.name not in things.spent or not path or not _is_meant(operation, case):
        return case
    if case.request.url != _url(things, operation, case, {}):
        return case  # it is sent elsewhere on purpose
    count = things.renewals.get(operation.name, 0)
    if path not in things.fresh and count < RENEWALS:
        things.renewals[operation.name] = count + 1
        origin, before = things.origins[path], things.ids[path]
        if _keep(things, origin, _sent(state, origin.maker, origin.case, take)):
            things.fresh[path], things.ids[path] = things.ids[path], before
    return connecting.placed(operation, case, _around(things, operation, things.fresh)) or case


def apart(state: Search, operation: Operation, take: Take) -> Mapping[str, Json] | None:
    """Where `operation` finds a thing that was made for it alone; None where none can be made."""
    things, path = state.things, _made_at(state.things, operation)
    if not path or things.origins[path].maker.method != "POST":
        return None
    origin, before = things.origins[path], things.ids[path]
    if not _keep(things, origin, _sent(state, origin.maker, origin.case, take)):
        return None
    fresh, things.ids[path] = things.ids[path], before
    return _around(things, operation, {path: fresh})


def _is_meant(operation: Operation, case: Case) -> bool:
    """Whether `case` could use something up: it conforms, or would if its body did."""
    return operation.method != "GET" and (case.valid or case.part == "body")


def _made_at(things: Things, operation: Operation) -> str:
    """The path of the innermost thing that `operation` names and that was made; empty where none was."""
    return next((path for path, _ in reversed(list(prefixes(operation))) if path in things.origins), "")


def _url(things: Things, operation: Operation, case: Case, others: Mapping[str, Json]) -> str:
    """Where `case` goes if it is sent to the things that are there, `others` in their place."""
    there = connecting.placed(operation, case, _around(things, operation, others))
    return "" if there is None else there.request.url


def _around(things: Things, operation: Operation, others: Mapping[str, Json]) -> Mapping[str, Json]:
    known = {**things.ids, **others}
    return {item.name: known[path] for path, item in prefixes(operation) if path in known}
