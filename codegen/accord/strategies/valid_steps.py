"""The conforming requests of a plan: the plainest, all pairs of partitions, hostile values, other spellings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

from accord.contract import Operation, Parameter, SecurityScheme, essence, is_json
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.messages.encoding import MULTIPART
from accord.network.credentials import credentials
from accord.strategies import framing, hostile
from accord.strategies.arranging import Arrangement
from accord.strategies.drafts import Draft, Meant, case, survives, written
from accord.strategies.fault import whole
from accord.strategies.keys import needless_keys, strangers_keys
from accord.strategies.nesting import nested
from accord.strategies.partitions import ABSENCE, Choice, assembled, choice
from accord.strategies.parts import Parts, inner
from accord.strategies.rows import VOID, Row, present, settled
from accord.validity import validation

Stage = tuple[str, int, list[Case]]
"""A kind of request, how many of its cases are telling enough to come early, and all of them."""

_EARLY_ODD = 16
_ALONE = 4
_CROWD = 32
"""Lists and objects up to so long can stand beside each other."""
_TOGETHER = 8
_MOST_NESTS = 4
_MOST_ALONE = 24


def plain(known: Parts, made: Arrangement) -> Iterator[tuple[Case, Row]]:
    """The plainest request, the barest, and the author's examples of the body."""
    for row in made.rows[:1]:
        yield case(known.draft(row)), row
    bare = known.bare()
    if bare is not None:
        yield case(known.draft(bare)), bare
    for row in made.rows[:1]:
        for medium in known.media:
            for value in medium.examples:
                if validation.is_valid(medium.schema or {}, value):
                    content_type, body = written(medium, value)
                    yield case(replace(known.draft(row), content_type=content_type, body=body)), ()


def pairs(known: Parts, made: Arrangement) -> tuple[int, list[tuple[Case, Row]]]:
    """A request for each row but the first, which is the plainest; how many of them have every partition between them.

    These come first, those before others that have more partitions which none before them had.
    """
    seen = {item for row in made.rows[:1] for item in present(row)}
    waiting = {row: set(present(row)) - seen for row in made.rows[1:]}
    first: list[Row] = []
    while waiting:
        best = max(waiting, key=lambda row: len(waiting[row]))
        new = waiting[best]
        if not new:
            break
        first.append(best)
        del waiting[best]
        waiting = {row: left - new for row, left in waiting.items()}
    return len(first), [(case(known.draft(row)), row) for row in (*first, *_alone(known), *waiting)]


def _alone(known: Parts) -> Iterator[Row]:
    """The barest request with one thing more, each in turn, and what that is inside of."""
    for at in range(min(len(known.factors), _MOST_ALONE)):
        numbers = [len(factor.choice.levels) - 1 for factor in known.factors]
        numbers[at], here = 0, known.factors[at]
        while here.parent != VOID:
            numbers[here.parent], here = min(here.when), known.factors[here.parent]
        row = settled(known.factors, numbers)
        if known.conforms(row):
            yield row


def odd(known: Parts, made: Arrangement) -> Iterator[Stage]:
    """Hostile values, in many places at once; the same request in other bytes; keys that nobody asked for."""
    if not made.rows:
        return
    first = made.rows[0]
    found = list(_hostile(known, made))
    yield "hostile", _EARLY_ODD, found
    strange = [
        case
        for item, place in known.parameters
        if item.location == "path"
        for case in _nowhere(known, first, item, place)
    ]
    yield "nowhere", _EARLY_ODD, strange
    respelt = list(_respelt(known, first))
    yield "spelling", 1, respelt
    keys = [
        case(replace(known.draft(first), given=given), _needless(known.operation, told))
        for told, given in needless_keys(known.operation)
    ]
    ways = [*_other_ways(known, first), *_accepting(known, first), *keys]
    yield "ways", len(ways), ways


def with_keys_of_others(draft: Draft, schemes: Iterable[SecurityScheme]) -> Iterator[Stage]:
    """`draft` with a wrong key as other operations want one, where its own wants none."""
    keys = strangers_keys(draft.operation, schemes)
    yield "ways", 0, [case(replace(draft, given=given), _needless(draft.operation, told)) for told, given in keys]


def _needless(operation: Operation, told: str) -> Meant:
    """What a case is with a key that nobody needs; about keys where nobody wants one at all."""
    return Meant(valid=True, part="" if operation.security else "security", description=told)


def _other_ways(known: Parts, row: Row) -> Iterator[Case]:
    """The plainest request with the keys of each other alternative of its security."""
    draft = known.draft(row)
    ways = [way for way in draft.operation.security if way]
    for way in ways[1:]:
        names = " and ".join(f"`{scheme.name}`" for scheme in way)
        given = credentials(replace(draft.operation, security=(way,)))
        yield case(replace(draft, given=given), Meant(valid=True, description=f"the way in is {names}"))


def wanted_media(operation: Operation) -> tuple[str, ...]:
    """The media types that an answer of success may have, where there are several and `Accept` is not spoken of."""
    told = [answer for answer in operation.responses if answer.status[:1] == "2"]
    names = dict.fromkeys(medium.name for answer in told for medium in answer.content if "*" not in medium.name)
    declared = {item.name.lower() for item in operation.parameters if item.location == "header"}
    return tuple(names) if len(names) > 1 and "accept" not in declared else ()


def _accepting(known: Parts, row: Row) -> Iterator[Case]:
    """The plainest request for each of the media types that an answer may have."""
    for name in wanted_media(known.operation):
        made = case(known.draft(row), Meant(valid=True, description=f"an answer is wanted in `{name}`"))
        yield replace(made, request=replace(made.request, headers=(*made.request.headers, ("Accept", name))))


def _hostile(known: Parts, made: Arrangement) -> Iterator[Case]:
    """A request for each oddity, every place with another one; then those too large to stand beside each other."""
    paths = {id(place) for item, place in known.parameters if item.location == "path"}
    found = [(place, *odd_values(known, place)) for place in places(known) if id(place) not in paths]
    turns = max((len(small) for _, small, _ in found), default=0)
    for turn in range(turns):
        overrides = {
            id(place): small[_turned(turn, at) % len(small)] for at, (place, small, _) in enumerate(found) if small
        }
        row = _whole(known, made.rows[turn % len(made.rows)])
        yield from _overridden(known, [row, made.rows[0]], overrides)
    yield from _large(known, made.rows, [(place, large) for place, _, large in found if large])
    yield from _elsewhere(known, made, [(place, small) for place, small, _ in found if small])
    yield from _unlike_plain(known, made.rows[0])


def _large(known: Parts, rows: Sequence[Row], found: Sequence[tuple[Choice, list[Json]]]) -> Iterator[Case]:
    """Values too large to stand beside all others: alone in the first places, a few together in those after them."""
    crowd = [item for item in found[_ALONE:] if _is_in(known, item[0], rows[0])]
    groups = [[item] for item in found if not any(item is other for other in crowd)]
    groups += [crowd[at : at + _ALONE] for at in range(0, len(crowd), _ALONE)]
    for group in groups:
        tried = _rows_with(known, rows, group[0][0])
        for turn in range(max(len(large) for _, large in group)):
            overrides = {id(place): large[(turn + at) % len(large)] for at, (place, large) in enumerate(group)}
            yield from _overridden(known, tried, overrides)


def _rows_with(known: Parts, rows: Sequence[Row], place: Choice) -> list[Row]:
    """The plainest row, where `place` can be in it, and the first in which it is."""
    plain = [row for row in rows[:1] if _is_in(known, place, row)]
    return [*plain, *[row for row in rows if _is_in(known, place, row, absent=False)][:1]]


def _turned(turn: int, at: int) -> int:
    """Which value place number `at` has in a turn: the most telling ones of each come first, in different turns."""
    return turn - turn % _TOGETHER + (turn + at * 3) % _TOGETHER


def _nowhere(known: Parts, row: Row, item: Parameter, place: Choice) -> Iterator[Case]:
    """Every other value of a path parameter, alone: a thing that nobody made hides what else is asked."""
    if place.schema is False:
        return
    small, large = odd_values(known, place)
    levels = choice(place.schema, item.schema.get("$defs", {})).levels
    plain = [value for level in levels if survives(item, value := assembled(level))]
    for value in [*plain, *small, *large]:
        yield from _overridden(known, [row], {id(place): value})


def _elsewhere(known: Parts, made: Arrangement, found: Sequence[tuple[Choice, list[Json]]]) -> Iterator[Case]:
    """Every oddity once in each of the other media types, all places of a request with another one."""
    most = max((len(small) for _, small in found), default=0)
    for medium in known.media[1:]:
        rows = [row for row in made.rows if known.body(row)[0] is medium]
        held = [(place, small) for place, small in found if rows and _is_in(known, place, rows[0])]
        for turn in range(-(-most // len(held)) if held else 0):
            overrides = {
                id(place): small[(turn * len(held) + at) % len(small)] for at, (place, small) in enumerate(held)
            }
            yield from _overridden(known, rows[:1], overrides)


def _is_in(known: Parts, place: Choice, row: Row, *, absent: bool = True) -> bool:
    """Whether a request of `row` can have `place`; where it may not be `absent`, whether it has."""
    chosen = zip(known.factors, row, strict=True)
    number = next((number for factor, number in chosen if factor.choice is place), VOID)
    return number != VOID and (absent or place.levels[number] is not ABSENCE)


def _overridden(known: Parts, tried: Sequence[Row], overrides: Mapping[int, Json]) -> Iterator[Case]:
    """The first of `tried` that conforms with `overrides`; where none does, one request for each that may be."""
    for row in tried:
        if known.conforms(row, overrides):
            yield case(known.draft(row, overrides))
            return
    if len(overrides) > 1:
        for place, value in overrides.items():
            yield from _overridden(known, tried[-1:], {place: value})


def _whole(known: Parts, row: Row) -> Row:
    """`row` with every place there that others are inside of, so that what is put in place of them is seen."""
    parents = {factor.parent: min(factor.when) for factor in known.factors if factor.parent != VOID}
    return settled(known.factors, [parents.get(at, number) for at, number in enumerate(row)])


def places(known: Parts) -> Iterator[Choice]:
    """The places whose values are no objects of chosen parts, once."""
    for root in known.roots:
        for place in inner(root):
            if place.schema is not False and not any(level.members for level in place.levels):
                yield place


def odd_values(known: Parts, place: Choice) -> tuple[list[Json], list[Json]]:
    """The hostile values of `place`: those that can stand beside others, and those that are too large."""
    parameter = next((item for item, found in known.parameters if found is place), None)
    definitions = _definitions(known, place)
    values = [value for _, value in hostile.oddities(place.schema, definitions)]
    values += _crowded(place, whole(place.schema, definitions))
    if parameter is not None:
        values = [value for value in values if survives(parameter, value)]
    small = [value for value in values if not _is_large(value)]
    return small, [value for value in values if _is_large(value)]


def _crowded(place: Choice, asked: Json) -> Iterator[Json]:
    """Lists and maps of `place` with very many of what they hold in one of its partitions, as far as `asked` allows."""
    held = [assembled(level) for level in place.levels]
    items = max((value for value in held if isinstance(value, list)), key=len, default=[])
    named = max((value for value in held if isinstance(value, dict)), key=len, default={})
    many = list(islice(cycle(items), hostile.MANY))
    more = {f"n{at}": value for at, value in enumerate(islice(cycle(named.values()), hostile.MANY))}
    yield from (value for value in (many, more) if value and validation.is_valid(asked, value))


def _definitions(known: Parts, place: Choice) -> Mapping[str, Json]:
    """What the references of `place` lead to: it stands in a parameter, or in the body."""
    inside = [item.schema for item, root in known.parameters if any(found is place for found in inner(root))]
    schemas = inside[:1] or [medium.schema or {} for medium in known.media]
    return {name: part for schema in reversed(schemas) for name, part in schema.get("$defs", {}).items()}


def _is_large(value: Json) -> bool:
    return (isinstance(value, str) and len(value) > hostile.SMALL) or (
        isinstance(value, dict | list) and len(value) > _CROWD
    )


def _unlike_plain(known: Parts, row: Row) -> Iterator[Case]:
    """The plainest request with names that nobody declared, where anybody may add some, and with deep values."""
    medium, value = known.body(row)
    if medium is None or not is_json(medium.name) or value is ABSENT:
        return
    schema = medium.schema or {}
    own, definitions = {key: part for key, part in schema.items() if key != "$defs"}, schema.get("$defs", {})
    deep = islice(nested(own, definitions, value), _MOST_NESTS)
    for other in (*(more for _, more in hostile.invited(own, definitions, value)), *deep):
        content_type, body = written(medium, other)
        yield case(replace(known.draft(row), content_type=content_type, body=body))


def _respelt(known: Parts, row: Row) -> Iterator[Case]:
    """The plainest request in other bytes that say the same."""
    medium, value = known.body(row)
    if medium is None:
        return
    draft = known.draft(row)
    if essence(medium.name) == MULTIPART and isinstance(value, dict):
        for name, content_type, body in framing.files_of_bytes(medium, value):
            meant = Meant(valid=True, description=f"`/{name}` holds every byte that there is")
            yield case(replace(draft, content_type=content_type, body=body), meant)
    if not is_json(medium.name):
        return
    for told, body in framing.respelt(value):
        yield case(replace(draft, body=body), Meant(valid=True, description=f"the body is written {told}"))
    for name in (f"{medium.name}; charset=utf-8", f'{medium.name.upper()};charset="UTF-8"'):
        yield case(replace(draft, content_type=name), Meant(valid=True, description=f"the media type is `{name}`"))
