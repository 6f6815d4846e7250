"""Sequences about lists: one filled with things that differ, then a bound, another page, and what has a value alone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from accord import filters, histories, lists, ordering
from accord.contract import Operation
from accord.document import Json
from accord.exchange import Case, Exchange
from accord.filters import Filter
from accord.findings import ABSENT
from accord.fuzzing.connecting import Places, known, placed, value_of
from accord.fuzzing.picking import by_weight, fullest
from accord.fuzzing.stepping import Cases, Sequence, Step
from accord.lists import Meaning
from accord.messages import parameters
from accord.schemas import shapes
from accord.validity import validation

FILLED = 3
"""So many things are made for a list, as different as can be in what it may be asked for."""

ORDERS = 6
"""So many orders are asked for of what a contract names."""

_MANY = (50, 100)
"""Bounds that let all of a short list stand on one page, which then has no next one: the last that is taken."""

_SKIPS = {"offset": 1, "page": 2}
"""What surely is another page than the first, each of one item."""


def asked(chosen: tuple[Operation, ...], values: Places, cases: Cases) -> Iterator[Sequence]:
    """For each list that can be read: fill it, read it, and ask for less, for another page, and for some of it."""
    for read in chosen:
        meaning = lists.meaning(read, lists.answer_of(read))
        names = shapes.names(meaning.there.items) if meaning is not None else ()
        orders = list(ordering.offered(read.parameters, names))[:ORDERS]
        if meaning is None or not (meaning.limits or meaning.filters or meaning.skips or orders):
            continue
        fixed = {item.name: known(item, values) for item in read.parameters if item.location == "path"}
        plain = _plain(read, cases(read))
        if plain is None or ABSENT in fixed.values():
            continue
        maker = next((item for item in chosen if item.method == "POST" and item.path == read.path), None)
        asked_for = {item.name for item in meaning.filters} | {order.name for order, _ in orders}
        filled = tuple(_filled(maker, asked_for, cases(maker), fixed)) if maker is not None else ()
        here = placed(read, plain, fixed)
        if here is not None:
            queries = [query for _, query in orders]
            steps = (*filled, *_questions(read, here, meaning, len(filled), queries))
            yield Sequence(name=f"{read.name} as a list", steps=steps)


def _plain(read: Operation, found: tuple[Case, ...]) -> Case | None:
    """The barest case of `read`, without what its query need not say."""
    if not found:
        return None
    case = min(found, key=lambda item: (len(item.request.headers), len(item.request.url), item.request.url))
    wanted = {item.name for item in read.parameters if item.required}
    return asking(read, case, {name: item for name, item in _given(read, case).items() if name in wanted})


def _given(read: Operation, case: Case) -> dict[str, Json]:
    return lists.given(read, case.request.url)


def asking(read: Operation, case: Case, query: Mapping[str, Json]) -> Case:
    """`case` with nothing but `query` in its query."""
    alone = replace(read, parameters=tuple(item for item in read.parameters if item.location == "query"))
    written = parameters.encode_parameters(alone, {("query", name): item for name, item in query.items()}).query
    url = case.request.url.partition("?")[0] + (f"?{written}" if written else "")
    return replace(case, request=replace(case.request, url=url))


def _filled(maker: Operation, names: set[str], found: tuple[Case, ...], fixed: Places) -> Iterator[Step]:
    """Things made that differ in `names`, what the list may be asked for."""
    left, told = by_weight(found), set[tuple[str, str]]()

    def said(case: Case) -> set[tuple[str, str]]:
        value = value_of(case.request.body)
        return {(name, str(value[name])) for name in names & value.keys()} if isinstance(value, dict) else set()

    for _ in range(FILLED if left else 0):
        best = max((len(said(case) - told) for case in left), default=0)
        case = fullest([item for item in left if len(said(item) - told) == best] or by_weight(found))
        left = [item for item in left if item is not case]
        told |= said(case)
        yield Step(operation=maker, case=lambda _earlier, case=case: placed(maker, case, fixed))  # type: ignore[misc]


def _questions(
    read: Operation, plain: Case, meaning: Meaning, made: int, orders: list[Mapping[str, Json]]
) -> Iterator[Step]:
    """All of it; one item; another page before and after the first; for each filter what some have; each order."""
    fixed = _given(read, plain)

    def step(query: Mapping[str, Json]) -> Step:
        case = asking(read, plain, {**fixed, **query})
        return Step(operation=read, case=lambda _earlier: case)

    one = {name: 1 for name in sorted(meaning.limits)[:1] if _takes(read, name, 1)}
    yield step({})
    for item in read.parameters:
        if item.location == "query" and _takes(read, item.name, item.schema.get("default", ABSENT)):
            yield step({item.name: item.schema["default"]})
    if one:
        yield step(one)
        yield from [step({})] * (lists.ASKED - 1 if meaning.skips else 0)
    for name, kind in sorted(meaning.skips.items()):
        if kind != "cursor" and _takes(read, name, _SKIPS[kind]):
            yield from (step({**one, name: _SKIPS[kind]}), step(one), step({**one, name: _SKIPS[kind]}))
            yield from (step({key: 2, name: 1}) for key in one if kind == "offset" and _takes(read, key, 2))
        elif kind == "cursor" and lists.has_cursor(read):
            turned = _turned(read, plain, {**fixed, **one}, name)
            yield from (step(one), turned, step(one), turned)
            most = {key: value for key in one for value in _MANY if _takes(read, key, value)}
            yield from (step(most), step(most), _turned(read, plain, {**fixed, **most}, name))
    for name in () if "cursor" in meaning.skips.values() else sorted(meaning.limits)[:1]:
        yield from (step({name: most}) for most in _MANY[:1] if _takes(read, name, most))
    yield from (_seeking(read, plain, made, item) for item in meaning.filters)
    yield from (_seeking(read, plain, made, item, most=2) for item in meaning.filters if _is_list(item))
    yield from map(step, orders)


def _turned(read: Operation, plain: Case, query: Mapping[str, Json], name: str) -> Step:
    return Step(operation=read, case=lambda earlier: _next(read, plain, earlier, query, name))


def _seeking(read: Operation, plain: Case, made: int, item: Filter, most: int = 1) -> Step:
    return Step(operation=read, case=lambda earlier: _sought(read, plain, earlier[made:], item, most))


def _is_list(item: Filter) -> bool:
    """Whether several values can be asked for at once."""
    schema = item.parameter.schema
    return "array" in shapes.types(shapes.branches(schema, schema.get("$defs", {})))


def _takes(read: Operation, name: str, value: Json) -> bool:
    """Whether the parameter `name` may have `value`, which is there."""
    asked = (item for item in read.parameters if item.name == name)
    return value is not ABSENT and all(validation.is_valid(item.schema, value) for item in asked)


def _next(
    read: Operation, plain: Case, earlier: tuple[Exchange, ...], query: Mapping[str, Json], name: str
) -> Case | None:
    """The page that the answer to `query` names as the next one; that one again where it names none."""
    first = asking(read, plain, query)
    answers = [item for item in earlier if item.request.url == first.request.url and item.request.method == "GET"]
    cursor = lists.cursor_in(histories.value(answers[0])) if answers else ABSENT
    return first if cursor is ABSENT else asking(read, plain, {**query, name: cursor})


def _sought(read: Operation, plain: Case, earlier: tuple[Exchange, ...], asked_for: Filter, most: int) -> Case:
    """Items with a value that some have and others have not; where the list shows none, with any that is allowed.

    Of a list of values `most` are asked for, those that items have first; behind one that none has where all are alike.
    """
    items = (lists.items_of(read, earlier[0]) or []) if earlier else []
    name, parameter = asked_for.name, asked_for.parameter
    whole = next(
        item for item in read.parameters if item.name == (asked_for.inside or name) and item.location == "query"
    )
    seen = [item[name] for item in items if isinstance(item, dict) and isinstance(item.get(name), str | int)]
    split = [value for value in seen if any(filters.differs(value, other) for other in seen)]
    options = [
        *dict.fromkeys(sorted(split, key=lambda value: value is False)),
        *ordering.members(parameter)[::-1],
        *seen,
    ]
    absent = [value for value in ordering.members(parameter)[::-1] if value not in seen]
    several = list(dict.fromkeys([*absent[:1], *seen] if len(set(seen)) == 1 else options))[:most]
    for shape in (*([several] if most > 1 else ()), *(part for value in options for part in (value, [value]))):
        query = filters.asking(asked_for, shape)
        if validation.is_valid(whole.schema, next(iter(query.values()))):
            return asking(read, plain, {**_given(read, plain), **query})
    return plain
