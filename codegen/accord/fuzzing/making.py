"""Things as they are made: the path up to the id of each, the request that makes one, what its answer says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from accord.checks import Judgement
from accord.contract import Operation, Parameter
from accord.document import Json
from accord.exchange import SUCCESS, Case, Exchange
from accord.findings import ABSENT
from accord.fuzzing import connecting, planning
from accord.fuzzing.asking import Search, asked
from accord.fuzzing.connecting import Origin, Things
from accord.fuzzing.picking import by_weight
from accord.validity import validation

TRIES = 12
"""So many conforming requests are sent to make a thing, the lightest first."""

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
    forms = {item.name: things.forms[path] for path, item in prefixes(operation) if path in things.forms}
    forms = forms if operation.name in things.practised else {}
    operation = things.practised.get(operation.name, operation)
    known = dict(there(things, operation))
    if not known:
        return operation

    def told(item: Parameter) -> Parameter:
        form = forms.get(item.name, item.schema)
        fits = validation.is_valid(form, known[item.name])
        return replace(item, examples=(known[item.name],), schema=form if fits else item.schema)

    changed = tuple(
        told(item) if item.location == "path" and item.name in known else item for item in operation.parameters
    )
    return replace(operation, parameters=changed)


def there(things: Things, operation: Operation) -> Iterator[tuple[str, Json]]:
    """What is there for the path of `operation`: at that path, else under a name that tells of what it is the id."""
    for path, item in prefixes(operation):
        if path in things.ids:
            yield item.name, things.ids[path]
        elif connecting.fits(item, things.named.get(item.name, ABSENT)):
            yield item.name, things.named[item.name]


def candidates(state: Search, maker: Operation) -> list[Case]:
    """Conforming requests of `maker`, those first that say least."""
    steps = planning.made_for(state, aimed(state.things, maker)).steps
    return by_weight(tuple(step.case for step in steps[: 4 * TRIES] if step.case.valid))[:TRIES]


def sent(state: Search, operation: Operation, case: Case, take: Take) -> Exchange:
    """Send `case` for the sake of others; `take` gets what it is answered."""
    prepared = state.prepare(operation, case)
    exchange, judgement = asked(state, operation, prepared)
    take(operation, exchange, judgement)
    return exchange


def keep(things: Things, origin: Origin, exchange: Exchange) -> bool:
    """Keep the thing that `exchange` has made; whether there is one."""
    if not succeeded(exchange):
        return False
    found: Mapping[str, Json] | None
    if origin.maker.method == "PUT":
        found = connecting.written_in(origin.maker, exchange.request.url)
    else:
        fixed = {item.name: next(iter(item.examples), ABSENT) for item in aimed(things, origin.maker).parameters}
        found = connecting.places(origin.read, origin.maker, (exchange,), fixed)
    path, item = list(prefixes(origin.read))[-1]
    value = ABSENT if found is None else found.get(item.name, ABSENT)
    if value is ABSENT:
        return False
    things.ids[path], things.origins[path] = value, origin
    return True


def around(things: Things, operation: Operation, others: Mapping[str, Json]) -> Mapping[str, Json]:
    """What is there for the path of `operation`, `others` in their place."""
    known = {**things.ids, **others}
    return {
        **dict(there(things, operation)),
        **{item.name: known[path] for path, item in prefixes(operation) if path in known},
    }


def succeeded(exchange: Exchange) -> bool:
    """Whether an answer of success came."""
    return exchange.response is not None and exchange.response.status in SUCCESS
