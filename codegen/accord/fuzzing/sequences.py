"""Sequences of requests that belong together: one asked again, and the life of a thing that operations make."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from accord import lists
from accord.contract import Operation, is_json, media_type_for
from accord.document import Json
from accord.exchange import Case, Exchange, header
from accord.findings import ABSENT
from accord.fuzzing.conditions import conditioned, is_conditional
from accord.fuzzing.connecting import Places, elsewhere, is_above, known, leads, value_of
from accord.fuzzing.picking import (
    Pick,
    all_unlike,
    barest,
    by_weight,
    emptiest,
    fullest,
    headed,
    other_than,
    told,
    unlike,
    wordiest,
)
from accord.fuzzing.stepping import LATE, SOON, Cases, Life, Sequence, Step
from accord.messages import encoding
from accord.validity import validation
from accord.weighing import reducing

LIVES = 3
"""So many things are made, each with another body, where an operation makes them."""

ACTS = 8
"""So many operations below the path of a thing are done to it."""

ALONE = 12
"""So many properties of a thing are changed one after the other."""

BESIDE = 3
"""So many of them are done to a second thing, the first of which is looked at."""

_ACTS = frozenset({"POST", "PUT", "PATCH"})


def again(operation: Operation, cases: Cases) -> Iterator[Sequence]:
    """The plainest request thrice, the fullest, the plainest twice, the fullest, and the barest object after full ones.

    Nothing but what is stored may leave a trace: the next request would show it, and the one after that no more. Nor
    may a header that one request has and the plainest has not, which follows after another value of it as well.
    """
    valid = by_weight(cases(operation))
    if not valid:
        return
    plain, full = valid[0], fullest(valid)
    bare = next((case for case in valid if isinstance(value_of(case.request.body), dict)), plain)
    makes = operation.method == "POST" and not operation.path.rstrip("/").endswith("}")
    between = () if bare == full or (bare == plain and not makes) else (bare,)
    others = [other for other in all_unlike(full, valid) if between or other != full]
    order = [plain] * 3 if plain == full else [plain, plain, plain, full, plain, plain, full]
    for other in others:
        order += [other, *between, full, *between]
    for name in (item.name for item in operation.parameters if item.location == "header" and not item.required):
        order += headed(name, plain, full, valid)
    steps = tuple(Step(operation=operation, case=lambda _earlier, case=case: case) for case in order)  # type: ignore[misc]
    yield Sequence(name=f"{operation.name} again", steps=steps)


def lives(chosen: tuple[Operation, ...], values: Places, cases: Cases) -> Iterator[Sequence]:
    """Make, read, change, read, delete, read: for each path that can be read, as far as operations connect.

    The one that makes is a POST to the path above, or one whose answer has a link here; without one, what is there is
    changed in place. Once all of it is written and then as little as may be, once what lies below the path is
    done to it, and once there are two. `values` are known values of path parameters.
    """
    yield from _comings(chosen, values, cases)
    for read in chosen:
        if read.method != "GET":
            continue
        writers = {item.method: item for item in chosen if item.path == read.path}
        acts = [item for item in chosen if item.method in _ACTS and is_below(item, read)][:ACTS]
        maker = next((item for item in chosen if item.method == "POST" and leads(item, read)), None)
        if maker is None and not writers.keys() & {"PUT", "PATCH"} and not acts:
            continue
        fixed = {item.name: known(item, values) for item in read.parameters if item.location == "path"}
        if any(value is ABSENT for value in fixed.values()):
            continue
        listed = (item for item in chosen if item.method == "GET" and is_above(item, read))
        life = Life(read=read, maker=maker, fixed=fixed, cases=cases, lists=tuple(listed))
        yield from _of(life, writers, acts)
        filled = [(item, inside) for item in acts for inside in _lists(item, chosen)]
        if filled:
            steps = tuple(_filled_life(life, filled))
            yield Sequence(name=f"{read.path} filled life", steps=steps)


def _comings(chosen: tuple[Operation, ...], values: Places, cases: Cases) -> Iterator[Sequence]:
    """Put, taken away and put again: what is never read at its own path, beside reads of the thing that has it."""
    for put in chosen:
        there = {item.method: item for item in chosen if item.path == put.path}
        fixed = {item.name: known(item, values) for item in put.parameters if item.location == "path"}
        if put.method != "PUT" or "GET" in there or "DELETE" not in there or ABSENT in fixed.values():
            continue
        life = Life(read=put, maker=None, fixed=fixed, cases=cases)
        above = [item for item in chosen if item.method == "GET" and put.path.startswith(f"{item.path.rstrip('/')}/")]
        looks = [life.step(item, lambda found: found[0]) for item in above if item.path.rstrip("/").endswith("}")][:1]
        change, remove = life.step(put, fullest), life.step(there["DELETE"], lambda found: found[0])
        steps = (change, *looks, remove, *looks, change, *looks, remove, *looks)
        yield Sequence(name=f"{put.path} comings", steps=steps)


def _of(life: Life, writers: Mapping[str, Operation], acts: list[Operation]) -> Iterator[Sequence]:
    """The sequences about one thing that is read, with what writes it and what acts on it."""
    path = life.read.path
    if life.maker is not None or writers.keys() & {"PUT", "PATCH"}:
        for number in range(LIVES if life.maker is not None else 1):
            steps = tuple(_full_life(life, writers, number))
            yield Sequence(name=f"{path} life {number + 1}", steps=steps, due=LATE if number else 0)
    if writers.keys() & {"PUT", "PATCH"}:
        yield Sequence(name=f"{path} sparse life", steps=tuple(_sparse_life(life, writers)), due=SOON)
    for change in [item for item in writers.values() if item.method != "DELETE" and is_conditional(item)][:1]:
        removes = writers.get("DELETE")
        removes = removes if removes is not None and is_conditional(removes) else None
        steps = tuple(_conditional_life(life, change, removes))
        yield Sequence(name=f"{path} conditional life", steps=steps, due=SOON)
    alone = _alone(life, writers["PATCH"]) if "PATCH" in writers and life.maker is not None else []
    if alone:
        steps = tuple(_altered_life(life, writers["PATCH"], alone))
        yield Sequence(name=f"{path} altered life", steps=steps)
    if acts:
        yield Sequence(name=f"{path} active life", steps=tuple(_active_life(life, acts)), due=0)
    if life.maker is not None or "PUT" in writers:
        yield Sequence(name=f"{path} two lives", steps=tuple(_two_lives(life, writers, acts)))


def is_below(operation: Operation, read: Operation) -> bool:
    """Whether `operation` acts on what `read` reads: its path goes on where that of `read` ends, with no more ids."""
    rest = operation.path.removeprefix(read.path.rstrip("/") + "/").rstrip("/")
    return bool(rest) and rest != operation.path.rstrip("/") and "{" not in rest and "{" in read.path


def _full_life(life: Life, writers: Mapping[str, Operation], number: int) -> Iterator[Step]:
    def turned(turn: int) -> Pick:
        return lambda found: found[-1 - turn % len(found)]

    if life.maker is not None:
        yield life.step(life.maker, turned(number))
    if life.maker is not None or "PUT" not in writers:
        yield life.led() if number == 1 else life.looked()
    again = 1 if life.maker is not None else 2  # what cannot be made anew is changed a second time
    for turn, method in enumerate(("PUT", "PATCH") * again, start=number + 1):
        if method in writers:
            yield from (life.step(writers[method], turned(turn)), life.looked())
    if "DELETE" in writers:
        yield from (life.step(writers["DELETE"], turned(0)), life.looked())
        yield from (life.step(item, lambda found: found[0]) for item in life.lists[:1])


def _sparse_life(life: Life, writers: Mapping[str, Operation]) -> Iterator[Step]:
    """All there is to say, then one thing of it, then as little as may be said."""
    if life.maker is not None:
        yield from (life.step(life.maker, fullest), life.looked())
    whole = writers.get("PUT") or (writers["PATCH"] if life.maker is None else None)
    if whole is not None:
        yield from (life.step(whole, lambda found: unlike(fullest(found), found)), life.looked())
    if "PATCH" in writers:
        yield life.step(writers["PATCH"], emptiest)
    for method in ("PATCH", "PUT"):
        if method in writers:
            yield from (life.step(writers[method], barest), life.looked())


def _conditional_life(life: Life, change: Operation, removes: Operation | None) -> Iterator[Step]:
    """It is changed under the tag that it has, and once more under that, no longer its tag; then removed so."""
    if life.maker is not None:
        yield life.step(life.maker, fullest)
    yield from (life.looked(), life.step(change, fullest), life.looked())

    def late(step: Step, earlier: tuple[Exchange, ...]) -> Case | None:
        reads = [item for item in earlier if item.request.method == "GET"]
        case = step.case(earlier)
        return conditioned(step.operation, case, tuple(reads[:1])) if case is not None else None

    last = [life.step(change, lambda found: found[-1])]
    if removes is not None:
        last.append(life.step(removes, lambda found: found[0]))
    yield from (Step(operation=step.operation, case=functools.partial(late, step)) for step in last)


def _alone(life: Life, change: Operation) -> list[Case]:
    """Requests that change one property each, those first whose values may be any."""
    found: dict[str, Case] = {}
    for case in reversed(by_weight(life.cases(change))):
        kind = header(case.request.headers, "Content-Type") or ""
        medium = media_type_for(change.body.content, kind) if change.body is not None else None
        for name, value in told(case).items() if medium is not None and is_json(medium.name) else ():
            body = {name: value}
            if name not in found and medium is not None and validation.is_valid(medium.schema or {}, body):
                found[name] = reducing.with_body(case, kind, encoding.to_json(body))
    return sorted(found.values(), key=lambda case: _is_choice(next(iter(told(case).values()))))[:ALONE]


def _is_choice(value: Json) -> bool:
    return value is None or isinstance(value, bool) or (isinstance(value, str) and value.isidentifier())


def _altered_life(life: Life, change: Operation, alone: list[Case]) -> Iterator[Step]:
    """Of two things that differ the second is changed in one property after the other; then the first is read."""
    second = replace(life, at=1)
    if life.maker is not None:
        yield life.step(life.maker, fullest)
        yield life.step(life.maker, lambda found: unlike(fullest(found), found))
    yield from (life.looked(), second.looked())
    yield from (second.step(change, lambda _found, case=case: case) for case in alone)  # type: ignore[misc]
    yield life.looked()


def _active_life(life: Life, acts: list[Operation]) -> Iterator[Step]:
    """Each thing that can be done to it, with a look at it before and after."""
    if life.maker is not None:
        yield life.step(life.maker, fullest)
    yield life.looked()
    for operation in acts:
        yield from (life.step(operation, fullest), life.looked())


def _lists(act: Operation, chosen: tuple[Operation, ...]) -> Iterator[Operation]:
    """The operation that lists what `act` adds to a thing."""
    here = (item for item in chosen if item.path == act.path and act.method == "POST")
    yield from (item for item in here if lists.answer_of(item) is not None)


def _filled_life(life: Life, filled: list[tuple[Operation, Operation]]) -> Iterator[Step]:
    """Something is added to each list that it has; the list and it are read before and after."""
    if life.maker is not None:
        yield life.step(life.maker, fullest)
    for add, inside in filled:
        look = (life.step(inside, lambda found: found[0]), life.looked())
        yield from (*look, life.step(add, fullest), *look)


def _two_lives(life: Life, writers: Mapping[str, Operation], acts: list[Operation]) -> Iterator[Step]:
    """Two things that differ; whatever is done to the second leaves the first as it is."""
    maker = life.maker
    second = replace(life, at=1) if maker is not None else replace(life, fixed=elsewhere(life.read, life.fixed))
    if second.fixed == life.fixed and maker is None:
        return
    make = maker or writers["PUT"]
    yield life.step(make, wordiest)
    if maker is None:
        if "DELETE" in writers:
            yield second.step(writers["DELETE"], barest)
        yield second.looked()
    yield (life if maker is not None else second).step(make, lambda found: unlike(wordiest(found), found))
    yield life.looked()
    for operation in acts[:BESIDE]:
        yield from (second.step(operation, fullest), life.looked())
    for method in ("PUT", "PATCH", "DELETE"):
        if method in writers and writers[method] is not make:
            said = told(wordiest(by_weight(life.cases(make)))) if life.cases(make) else {}
            yield from (second.step(writers[method], other_than(said, most=method == "PUT")), life.looked())
