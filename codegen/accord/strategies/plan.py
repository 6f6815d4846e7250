"""The plan: what an operation is asked before anything is left to chance, the most telling and cheapest first.

    made = plan(operation, values={"id": 17}, strength=2, declared=("GET", "POST"))
    made.factors       what is varied together: `Factor(part, pointer, partitions)`, partitions by name
    made.stages        how many requests each stage has: {"plain": 3, "security": 9, "pairs": 43, ...}
    made.steps         the requests themselves, in order: `Step(case, stage, row)`; nothing random, nothing is sent here
    made.combinations  how many pairs (triples) of partitions can be in one request, and stand in some row of `made`
    made.ruled_out     how many more the contract forbids; `made.untried` those that were given up
    coverage(made, steps)  `Reached`: of partitions and combinations those that `steps` had, and all there are

A step of the stages `plain` and `pairs` has a `row`: the number of the partition of each factor, -1 where the factor's
place is not in the request. Steps are a plain sequence: send a beginning of it where all of it is too much. The stages
are dealt out in turn, each in its own order, so that any beginning has some of every kind.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from accord import encoding, validation
from accord.contract import MediaType, Operation, Parameter, Schema, is_json
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.strategies import rows
from accord.strategies.cases import invalid_steps
from accord.strategies.drafts import UNWRITABLE, Draft, case, key_of, read_back, reads_as, written
from accord.strategies.merging import key_of as key_of_value
from accord.strategies.partitions import ABSENCE, Choice, Level, assembled, choice
from accord.strategies.rows import Row

PLAIN = "plain"
PAIRS = "pairs"
_REPAIRS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """What is varied: the part of the request (`body`, `media-type`, `query`, …), the place in it, its partitions."""

    part: str
    pointer: str
    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a plan, the stage that it belongs to, and the partition of each factor where it has a row."""

    case: Case
    stage: str
    row: Row = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one operation is asked; see the module."""

    operation: Operation
    strength: int
    factors: tuple[Factor, ...]
    steps: tuple[Step, ...]
    combinations: int = 0
    ruled_out: int = 0
    untried: int = 0

    @property
    def stages(self) -> Mapping[str, int]:
        """How many requests each stage has, in order of appearance."""
        return dict(Counter(step.stage for step in self.steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How many partitions and combinations of them requests had, of all that a plan knows."""

    partitions: int
    all_partitions: int
    combinations: int
    all_combinations: int


def plan(
    operation: Operation,
    *,
    values: Mapping[str, Json] | None = None,
    strength: int = 2,
    declared: Iterable[str] | None = None,
) -> Plan:
    """The plan of `operation`. `values` pins parameters and top-level body properties by name.

    `declared` are the methods of the same path, where known; without it no other method is tried. `strength` 3 covers
    triples. There are no steps where a required part cannot be written.
    """
    shape = _shape(operation, values or {})
    made = rows.arranged(shape.roots, strength, shape.conforms, shape.repaired)
    lines = [Step(case=shape.case(row), stage=PAIRS, row=row) for row in made.rows]
    first = [Step(case=step.case, stage=PLAIN, row=step.row) for step in lines[:1]]
    faulty = [Step(case=item, stage=item.part) for item in invalid_steps(operation, values or {}, declared)]
    covered = {item for row in made.rows for item in rows.held(row, strength)}
    return Plan(
        operation=operation,
        strength=strength,
        factors=tuple(shape.named(factor) for factor in made.factors),
        steps=(*first, *dealt([lines[1:], faulty])),
        combinations=len(covered),
        ruled_out=len(made.ruled_out),
        untried=len(made.untried),
    )


def coverage(made: Plan, steps: Iterable[Step]) -> Reached:
    """What of `made` the `steps` that were sent have covered."""
    seen: set[tuple[int, int]] = set()
    pairs: set[rows.Combination] = set()
    for step in steps:
        if step.row:
            seen.update(rows.present(step.row))
            pairs.update(rows.held(step.row, made.strength))
    return Reached(
        partitions=len(seen),
        all_partitions=sum(len(factor.partitions) for factor in made.factors),
        combinations=len(pairs),
        all_combinations=made.combinations + made.untried,
    )


def dealt(piles: Sequence[Sequence[Step]]) -> list[Step]:
    """The steps of all `piles`, each in its own order, mixed evenly: the same share of each at any time."""
    placed = [
        ((at + 1) / (len(pile) + 1), number, step) for number, pile in enumerate(piles) for at, step in enumerate(pile)
    ]
    return [step for _, _, step in sorted(placed, key=lambda item: item[:2])]


@dataclass(frozen=True, slots=True)
class _Shape:
    """An operation as choices: its parameters, and what its body may be."""

    operation: Operation
    parameters: tuple[tuple[Parameter, Choice], ...]
    content: Choice | None
    media: tuple[MediaType, ...]

    @property
    def roots(self) -> tuple[Choice, ...]:
        known = tuple(place for _, place in self.parameters)
        return known if self.content is None else (*known, self.content)

    def numbers(self, row: Row) -> dict[int, int]:
        return {id(factor.choice): number for factor, number in zip(rows.factors(self.roots), row, strict=True)}

    def body(self, row: Row) -> tuple[MediaType | None, Json]:
        if self.content is None:
            return None, ABSENT
        numbers = self.numbers(row)
        level = rows.level_of(self.content, numbers)
        if not level.members:
            return None, ABSENT
        return self.media[self.content.levels.index(level)], rows.value_of(level.members[0], numbers)

    def conforms(self, row: Row) -> bool:
        medium, value = self.body(row)
        if medium is None:
            return True
        if value is ABSENT or not validation.is_valid(medium.schema or {}, value):
            return False
        return is_json(medium.name) or reads_as(medium, value) == value

    def repaired(self, row: Row) -> Row:
        """`row` with the first partition of those factors that its body breaks the schema or the media type by."""
        medium, value = self.body(row)
        if medium is None:
            return row
        pointers = {item.pointer for item in validation.violations(medium.schema or {}, value)}
        if not is_json(medium.name) and isinstance(value, dict):
            pointers |= {f"/{name}" for name, part in value.items() if reads_as(medium, {name: part}) != {name: part}}
        factors = rows.factors(self.roots)
        return tuple(
            0 if number != rows.VOID and factor.choice.pointer and factor.choice.pointer in pointers else number
            for factor, number in zip(factors, row, strict=True)
        )

    def case(self, row: Row) -> Case:
        numbers = self.numbers(row)
        values = {key_of(item): rows.value_of(place, numbers) for item, place in self.parameters}
        medium, value = self.body(row)
        content_type, body = ("", b"") if medium is None else written(medium, value)
        draft = Draft(
            operation=self.operation,
            values={key: found for key, found in values.items() if found is not ABSENT},
            content_type=content_type,
            body=body,
        )
        return case(draft, valid=True)

    def named(self, factor: rows.Factor) -> Factor:
        part = next((item.location for item, place in self.parameters if _within(place, factor.choice)), "body")
        if factor.choice is self.content:
            part = "media-type"
        return Factor(
            part=part,
            pointer=factor.choice.pointer,
            partitions=tuple(level.name for level in factor.choice.levels),
        )


def _within(place: Choice, wanted: Choice) -> bool:
    return place is wanted or any(
        _within(part, wanted) for level in place.levels for part in (*level.members, *level.items)
    )


def _shape(operation: Operation, pinned: Mapping[str, Json]) -> _Shape:
    parameters = tuple((item, _parameter(item, pinned)) for item in operation.parameters)
    body = operation.body
    if body is None:
        return _Shape(operation, parameters, None, ())
    media = tuple(item for item in body.content if encoding.can_encode(item))
    known: dict[str, Choice] = {}
    levels = []
    for item in media:
        key = key_of_value(_own(item.schema or {}))
        if key not in known:
            known[key] = _body(item.schema or {}, pinned)
        levels.append(Level(name=item.name, members=(known[key],)))
    if not body.required:
        levels.append(Level(name="no body"))
    return _Shape(operation, parameters, Choice(name="content", levels=tuple(levels)), media)


def _own(schema: Schema) -> Json:
    return {key: value for key, value in schema.items() if key != "$defs"}


def _body(schema: Schema, pinned: Mapping[str, Json]) -> Choice:
    place = choice(_own(schema), schema.get("$defs", {}))
    levels = [replace(level, members=tuple(_pinned(part, pinned) for part in level.members)) for level in place.levels]
    return replace(place, levels=tuple(levels))


def _pinned(part: Choice, pinned: Mapping[str, Json]) -> Choice:
    if part.name not in pinned:
        return part
    return replace(part, levels=(Level(name="as set", value=pinned[part.name]),))


def _parameter(item: Parameter, pinned: Mapping[str, Json]) -> Choice:
    if item.name in pinned:
        levels: tuple[Level, ...] = (Level(name="as set", value=pinned[item.name]),)
    else:
        found = choice(_own(item.schema), item.schema.get("$defs", {}))
        levels = tuple(level for level in found.levels if _survives(item, assembled(level)))
    return Choice(name=item.name, pointer=f"/{item.name}", levels=levels if item.required else (*levels, ABSENCE))


def _survives(item: Parameter, value: Json) -> bool:
    read = read_back(item, value)
    return read is not UNWRITABLE and read == value and type(read) is type(value)
