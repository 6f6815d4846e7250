"""An operation as choices: its parameters and its body, put together to drafts of requests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from accord.contract import MediaType, Operation, Parameter, Schema, is_json
from accord.document import Json
from accord.findings import ABSENT
from accord.messages import encoding
from accord.strategies import rows
from accord.strategies.arranging import Setting
from accord.strategies.drafts import Draft, key_of, pin, reads_as, suited, survives, written
from accord.strategies.merging import key_of as spelling
from accord.strategies.partitions import ABSENCE, DEEPEST, Choice, Level, assembled, choice
from accord.strategies.recursion import recursive
from accord.strategies.rows import Row
from accord.validity import validation

_MOST_BODIES = 4096
_MOST_PLACES = 150

Overrides = Mapping[int, Json]
"""Values for choices, by their identity, in place of their partitions."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An operation as choices; `content` chooses among `media`, each of which has the choice of its value inside.

    `pinned` are values that parameters and properties of that name have in every request.
    """

    operation: Operation
    parameters: tuple[tuple[Parameter, Choice], ...]
    content: Choice | None
    media: tuple[MediaType, ...]
    factors: tuple[rows.Factor, ...]
    pinned: Mapping[str, Json] = field(default_factory=dict)
    _bodies: dict[Row, tuple[MediaType | None, Json]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def roots(self) -> tuple[Choice, ...]:
        """The choices that no other is around."""
        known = tuple(place for _, place in self.parameters)
        return known if self.content is None else (*known, self.content)

    @property
    def writable(self) -> bool:
        """Whether a request can be written at all: every part that must be there has a value."""
        return all(place.levels for place in self.roots)

    def bare(self) -> Row | None:
        """The row of the barest request, in which all is left out that may be; None where that does not conform."""
        found = rows.settled(self.factors, [len(factor.choice.levels) - 1 for factor in self.factors])
        return found if self.factors and self.conforms(found) else None

    def body(self, row: Row, overrides: Overrides | None = None) -> tuple[MediaType | None, Json]:
        """The media type of the body that `row` says, and its value; None and ABSENT where there is no body."""
        if self.content is None:
            return None, ABSENT
        if overrides is None and row in self._bodies:
            return self._bodies[row]
        numbers = self._numbers(row)
        at = max(numbers.get(id(self.content), 0), 0)
        inside = self.content.levels[at].members
        found = (self.media[at], rows.value_of(inside[0], numbers, overrides)) if inside else (None, ABSENT)
        if overrides is None and len(self._bodies) < _MOST_BODIES:
            self._bodies[row] = found
        return found

    def conforms(self, row: Row, overrides: Overrides | None = None) -> bool:
        """Whether the body of `row` is valid, and can be written in its media type, as its parameters can in theirs."""
        if not self._carries(row, overrides):
            return False
        medium, value = self.body(row, overrides)
        if medium is None:
            return True
        if value is ABSENT or not validation.is_valid(medium.schema or {}, value):
            return False
        return is_json(medium.name) or reads_as(medium, value) == value

    def _carries(self, row: Row, overrides: Overrides | None) -> bool:
        """Whether parameters that are put together of parts can be written; of others each value is known to be."""
        nested = [(item, place) for item, place in self.parameters if _has_parts(place)]
        numbers = self._numbers(row) if nested else {}
        values = ((item, rows.value_of(place, numbers, overrides)) for item, place in nested)
        return all(value is ABSENT or survives(item, value) for item, value in values)

    def repaired(self, row: Row) -> Row:
        """`row` with the first partition of those factors that its body breaks the schema or the media type by."""
        medium, value = self.body(row)
        if medium is None:
            return row
        pointers = {item.pointer for item in validation.violations(medium.schema or {}, value)}
        if not is_json(medium.name) and isinstance(value, dict):
            pointers |= {f"/{name}" for name, part in value.items() if reads_as(medium, {name: part}) != {name: part}}
        return tuple(
            _plainer(factor, number) if factor.choice.pointer and factor.choice.pointer in pointers else number
            for factor, number in zip(self.factors, row, strict=True)
        )

    def settings(self, strength: int) -> Iterator[Setting]:
        """The media types and the branches of the body in them: all combinations meet in the first media type.

        In the others one less meets beside them, so that each place is still seen in each.
        """
        at = {id(factor.choice): number for number, factor in enumerate(self.factors)}
        if self.content is None:
            yield Setting({}, strength)
            return
        for number, level in enumerate(self.content.levels):
            fixed = {at[id(self.content)]: number} if id(self.content) in at else {}
            roots = [part for part in level.members if id(part) in at]
            branches = [n for part in roots for n, found in enumerate(part.levels) if found.members]
            width = strength if not number else max(strength - 1, 1)
            for branch in branches:
                yield Setting({**fixed, at[id(roots[0])]: branch}, width)
            if not branches:
                yield Setting(fixed, width)

    def draft(self, row: Row, overrides: Overrides | None = None) -> Draft:
        """The request that `row` says, with the right credentials."""
        numbers = self._numbers(row)
        values = {key_of(item): rows.value_of(place, numbers, overrides) for item, place in self.parameters}
        medium, value = self.body(row, overrides)
        content_type, body = ("", b"") if medium is None else written(medium, value)
        return Draft(
            operation=self.operation,
            values={key: found for key, found in values.items() if found is not ABSENT},
            content_type=content_type,
            body=body,
        )

    def part_of(self, factor: rows.Factor) -> str:
        """Where in a request `factor` is: `body`, `media-type`, or the location of a parameter."""
        if factor.choice is self.content:
            return "media-type"
        found = (item.location for item, place in self.parameters if _within(place, factor.choice))
        return next(found, "body")

    def _numbers(self, row: Row) -> dict[int, int]:
        return {id(factor.choice): number for factor, number in zip(self.factors, row, strict=True)}


def parts(operation: Operation, pinned: Mapping[str, Json]) -> Parts:
    """`operation` as choices; `pinned` gives parameters and top-level properties of the body by name."""
    parameters = tuple((item, _parameter(item, pinned)) for item in operation.parameters)
    content, media = _content(operation, pinned)
    roots = [place for _, place in parameters] + ([] if content is None else [content])
    return Parts(operation, parameters, content, media, rows.factors(roots), pinned)


def _content(operation: Operation, pinned: Mapping[str, Json]) -> tuple[Choice | None, tuple[MediaType, ...]]:
    body = operation.body
    if body is None:
        return None, ()
    known: dict[str, Choice] = {}
    levels, media = [], []
    for item in body.content:
        if not encoding.can_encode(item):
            continue
        key = spelling(_own(item.schema or {}))
        if key not in known:
            known[key] = _body(item.schema or {}, pinned)
        if known[key].levels:
            levels.append(Level(name=item.name, members=(known[key],)))
            media.append(item)
    if not body.required:
        levels.append(Level(name="no body"))
    return Choice(name="content", levels=tuple(levels)), tuple(media)


def _own(schema: Schema) -> Json:
    return {key: value for key, value in schema.items() if key != "$defs"}


def _body(schema: Schema, pinned: Mapping[str, Json]) -> Choice:
    place = _bounded(_own(schema), schema.get("$defs", {}))
    if not pinned:
        return place
    pinned = suited(schema, pinned)
    levels = [
        replace(
            level,
            value=pin(pinned, level.value),
            members=tuple(_pinned(part, pinned) for part in level.members),
        )
        for level in place.levels
    ]
    return replace(place, levels=tuple(levels))


def _bounded(schema: Json, definitions: Mapping[str, Json]) -> Choice:
    """The choice of `schema`, as deep as its places are not too many where it leads back to itself on many ways."""
    if not recursive(definitions):
        return choice(schema, definitions)
    found = choice(schema, definitions, deepest=1)
    for deepest in range(2, DEEPEST + 1):
        deeper = choice(schema, definitions, deepest=deepest)
        if sum(1 for _ in inner(deeper)) > _MOST_PLACES:
            break
        found = deeper
    return found


def _pinned(part: Choice, pinned: Mapping[str, Json]) -> Choice:
    if part.name not in pinned:
        return _with_pinned_items(part, pinned)
    return replace(part, levels=(Level(name="as set", value=pinned[part.name]),), schema=False)


def _with_pinned_items(part: Choice, pinned: Mapping[str, Json]) -> Choice:
    """`part` with the objects in its arrays pinned as well: what a list names is what a single thing names."""
    if not any(level.items for level in part.levels):
        return part
    known: dict[int, Choice] = {}

    def item(inner: Choice) -> Choice:
        if id(inner) not in known:
            levels = tuple(
                replace(
                    level,
                    value=pin(pinned, level.value),
                    members=tuple(_pinned(member, pinned) for member in level.members),
                )
                for level in inner.levels
            )
            known[id(inner)] = replace(inner, levels=levels)
        return known[id(inner)]

    levels = tuple(replace(level, items=tuple(map(item, level.items))) for level in part.levels)
    return replace(part, levels=levels)


def _parameter(item: Parameter, pinned: Mapping[str, Json]) -> Choice:
    definitions = item.schema.get("$defs", {})
    if item.name in pinned:
        fixed = (Level(name="as set", value=pinned[item.name]),)
        return Choice(name=item.name, pointer=f"/{item.name}", levels=fixed, schema=False)
    found = choice({**_own(item.schema), **_told(item)}, definitions, pointer=f"/{item.name}")
    levels = tuple(level for level in found.levels if survives(item, assembled(level)))
    if item.location == "path" and item.examples:
        levels = levels[:1]  # what else is asked of the operation is asked of a thing that exists
    return replace(found, name=item.name, levels=levels if item.required else (*levels, ABSENCE))


def _told(item: Parameter) -> Mapping[str, Json]:
    return {"examples": list(item.examples)} if item.examples else {}


def inner(place: Choice) -> Iterator[Choice]:
    """`place` and every choice inside it, once."""
    seen: set[int] = set()
    waiting = [place]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            waiting += [part for level in here.levels for part in (*level.members, *level.items)]


def _has_parts(place: Choice) -> bool:
    return any(level.members or level.items for level in place.levels)


def _plainer(factor: rows.Factor, number: int) -> int:
    """The first partition, or none at all where it is the first already."""
    return number if number == rows.VOID else 0 if number else rows.absent(factor.choice)


def _within(place: Choice, wanted: Choice) -> bool:
    return any(found is wanted for found in inner(place))
