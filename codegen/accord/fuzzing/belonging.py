"""Sequences about what belongs to whom: an item is made for one thing, and looked for below another."""

from collections.abc import Iterator
from dataclasses import dataclass

from accord import lists
from accord.contract import Operation
from accord.exchange import Case, Exchange
from accord.filters import names_another
from accord.findings import ABSENT
from accord.fuzzing.connecting import Places, known, leads, placed, places, value_of
from accord.fuzzing.picking import by_weight, fullest
from accord.fuzzing.stepping import Cases, Sequence, Step, unsure
from accord.fuzzing.things import read_at
from accord.schemas import shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owners:
    """Things with a list each, `read`: `owner` reads one, `maker` makes one, `adds` puts an item into its list.

    `item` reads one of the items, where that is below the list.
    """

    read: Operation
    owner: Operation
    maker: Operation
    adds: Operation
    item: Operation | None


def others(chosen: tuple[Operation, ...], values: Places, cases: Cases) -> Iterator[Sequence]:
    """For each list below a thing: make another such thing, make an item for the known one, read the other's list.

    Then the item is read as if it were the other's.
    """
    for read in chosen:
        fixed = {item.name: known(item, values) for item in read.parameters if item.location == "path"}
        found = _owners(read, chosen, cases)
        if found is not None and ABSENT not in fixed.values():
            yield Sequence(name=f"{read.name} of another", steps=tuple(_steps(found, fixed, cases)))


def _owners(read: Operation, chosen: tuple[Operation, ...], cases: Cases) -> _Owners | None:
    medium = lists.answer_of(read)
    there = lists.listing(medium) if medium is not None else None
    above = read.path.rpartition("}/")[0] + "}"
    if there is None or "}/" not in read.path or read.path.rstrip("/").endswith("}"):
        return None
    owner = read_at((*(item for item in chosen if item.method == "GET"), read), above)
    posts = [item for item in chosen if item.method == "POST"]
    maker = next((item for item in posts if leads(item, owner)), None)
    adds = next((item for item in posts if item.path == read.path), None)
    name, shown = above.rpartition("{")[2][:-1], shapes.names(there.items)
    naming = [(item, said) for item in posts if name in (said := _said(cases(item))) and names_another(name)]
    if adds is None and naming:
        adds, _ = max(naming, key=lambda pair: len(pair[1] & shown))
    if maker is None or adds is None:
        return None
    below = (item for item in chosen if item.method == "GET" and adds.path == read.path and leads(adds, item))
    return _Owners(read=read, owner=owner, maker=maker, adds=adds, item=next(below, None))


def _said(found: tuple[Case, ...]) -> frozenset[str]:
    """The names at the top of the bodies of `found`."""
    said = (value_of(case.request.body) for case in found)
    return frozenset(name for value in said if isinstance(value, dict) for name in value)


def _steps(found: _Owners, fixed: Places, cases: Cases) -> Iterator[Step]:
    def one(operation: Operation, there: Places) -> Case | None:
        valid = by_weight(cases(operation))
        pick = valid[0] if valid and operation.method == "GET" else fullest(valid) if valid else None
        return None if pick is None else placed(operation, pick, there)

    def other(earlier: tuple[Exchange, ...]) -> Case | None:
        there = places(found.owner, found.maker, earlier, fixed) if earlier else None
        return None if there is None else one(found.read, there)

    def strange(earlier: tuple[Exchange, ...]) -> Case | None:
        there = places(found.owner, found.maker, earlier, fixed) if earlier else None
        made = places(found.item, found.adds, earlier[1:], fixed) if found.item is not None and earlier[1:] else None
        if found.item is None or there is None or made is None:
            return None
        case = one(found.item, {**made, **there})
        return None if case is None else unsure(case, "the path goes to what is another's")

    yield Step(operation=found.maker, case=lambda _earlier: one(found.maker, fixed))
    yield Step(operation=found.adds, case=lambda _earlier: one(found.adds, fixed))
    yield Step(operation=found.read, case=other)
    if found.item is not None:
        yield Step(operation=found.item, case=strange, may_lack=True)
