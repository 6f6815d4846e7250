"""What a request needs beforehand: an operation that refuses all for the state of a thing gets one in another state."""

from collections.abc import Iterator

from accord.contract import Operation, is_json
from accord.document import Json
from accord.exchange import SUCCESS, Case, header
from accord.findings import ABSENT
from accord.fuzzing import connecting, making
from accord.fuzzing.asking import Search
from accord.fuzzing.connecting import Recipe, Things
from accord.fuzzing.making import Take
from accord.fuzzing.picking import told
from accord.messages import encoding
from accord.weighing import reducing

CONFLICT = 409
"""The status of a request that does not go with the state of a thing (RFC 9110 section 15.5.10)."""

ATTEMPTS = 3
"""So many conforming requests are sent to change the state of a thing, and so many again to see whether that helped."""

FILLS = frozenset({"POST", "PUT", "PATCH"})
"""Methods that change a state."""

RENEWALS = 120
"""So many things are prepared for one operation and its valid requests."""

RESERVE = 80
"""So many more are left for requests with a fault, which use one up where they are taken."""


def unblock(state: Search, operations: tuple[Operation, ...], take: Take) -> bool:
    """Find out what the operations need that answer conflicts; whether something was.

    What was refused for that is sent once more at the end of the plan.
    """
    found = False
    for operation in operations:
        if operation.name not in state.things.recipes and _is_blocked(state, operation):
            recipe = _recipe(state, operations, operation, take)
            if recipe is not None:
                state.things.recipes[operation.name] = recipe
                refused = (case for case, status in state.valid[operation.name].items() if status == CONFLICT)
                state.postponed.setdefault(operation.name, []).extend(refused)
                found = True
    return found


def _is_blocked(state: Search, operation: Operation) -> bool:
    """Whether more conflicts came of what conforms than successes."""
    statuses = list(state.valid.get(operation.name, {}).values())
    conflicts = statuses.count(CONFLICT)
    return conflicts > sum(status in SUCCESS for status in statuses)


def _recipe(state: Search, operations: tuple[Operation, ...], operation: Operation, take: Take) -> Recipe | None:
    cases = making.candidates(state, operation)[:ATTEMPTS]
    for path, name in _named(state.things, operation, cases):
        plain = Recipe(path=path, name=name, fills=())
        fills = (item for item in operations if item.name != operation.name and _changes(item, path))
        for recipe in (plain, *(_filled(state, plain, fill) for fill in fills)):
            if any(_is_taken(state, operation, recipe, case, take) for case in cases):
                return recipe
    return None


def _changes(operation: Operation, path: str) -> bool:
    return operation.method in FILLS and operation.path.startswith(f"{path}/")


def _filled(state: Search, recipe: Recipe, fill: Operation) -> Recipe:
    """`recipe` with the requests that `fill` may take first: the one that is taken ends it."""
    cases = making.candidates(state, fill)[:ATTEMPTS]
    return Recipe(path=recipe.path, name=recipe.name, fills=tuple((fill, case) for case in cases))


def _named(things: Things, operation: Operation, cases: list[Case]) -> Iterator[tuple[str, str]]:
    """Each thing that can be made anew and that `operation` names: its path, and the property that does in `cases`."""
    made = [path for path, origin in things.origins.items() if origin.maker.method == "POST"]
    for path, _ in reversed(list(making.prefixes(operation))):
        if path in made:
            yield path, ""
    said = [told(case) for case in cases]
    for path in made:
        name = path.rpartition("{")[2][:-1]
        if name in things.named and any(value.get(name) == things.ids[path] for value in said):
            yield path, name


def _is_taken(state: Search, operation: Operation, recipe: Recipe, case: Case, take: Take) -> bool:
    fresh = _made(state, recipe, take)
    return fresh is not ABSENT and making.succeeded(
        making.sent(state, operation, _sent_to(state.things, operation, case, recipe, fresh), take)
    )


def prepared(state: Search, operation: Operation, case: Case, take: Take) -> Case:
    """`case`, to a thing that is in the state that `operation` needs; as it is where nothing is needed or is done."""
    things = state.things
    recipe = things.recipes.get(operation.name)
    if recipe is None or not (case.valid or case.part == "body"):
        return case
    renewals = things.renewals.get(operation.name, 0)
    if case.valid and renewals >= RENEWALS:
        return case
    if operation.name not in things.ready:
        if renewals >= RENEWALS + RESERVE:
            return case
        things.renewals[operation.name] = renewals + 1
        fresh = _made(state, recipe, take)
        if fresh is ABSENT:
            return case
        things.ready[operation.name] = fresh
    return _sent_to(things, operation, case, recipe, things.ready[operation.name])


def _made(state: Search, recipe: Recipe, take: Take) -> Json:
    """A thing made and changed as `recipe` says; ABSENT where it was not."""
    fresh = another(state, recipe.path, take)
    if fresh is ABSENT or not recipe.fills:
        return fresh
    for fill, case in recipe.fills:
        there = connecting.placed(fill, case, making.around(state.things, fill, {recipe.path: fresh}))
        if there is not None and making.succeeded(making.sent(state, fill, there, take)):
            return fresh
    return ABSENT


def another(state: Search, path: str, take: Take) -> Json:
    """The id of one more thing like that at `path`, which stays the known one; ABSENT where none can be made."""
    things = state.things
    origin, before = things.origins[path], things.ids[path]
    case = prepared(state, origin.maker, origin.case, take)
    exchange = making.sent(state, origin.maker, case, take)
    things.ready.pop(origin.maker.name, None)
    if not making.keep(things, origin, exchange):
        return ABSENT
    fresh, things.ids[path] = things.ids[path], before
    return fresh


def _sent_to(things: Things, operation: Operation, case: Case, recipe: Recipe, fresh: Json) -> Case:
    """`case` to the thing with the id `fresh` in place of the known one, where it was sent to that."""
    if not recipe.name:
        here = connecting.placed(operation, case, making.around(things, operation, {}))
        there = connecting.placed(operation, case, making.around(things, operation, {recipe.path: fresh}))
        return case if here is None or there is None or here.request.url != case.request.url else there
    written = header(case.request.headers, "Content-Type") or ""
    value = told(case)
    if not is_json(written) or value.get(recipe.name, ABSENT) != things.ids[recipe.path]:
        return case
    return reducing.with_body(case, written, encoding.to_json({**value, recipe.name: fresh}))
