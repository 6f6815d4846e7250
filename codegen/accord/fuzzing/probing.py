"""One operation asked what it takes: a request that is taken, what may be left out of it, added to it, or changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

from accord import synthesis
from accord.contract import MediaType, Operation, Parameter, Schema
from accord.document import Json
from accord.exchange import Case
from accord.findings import ABSENT
from accord.fuzzing import clues, records
from accord.fuzzing.complaints import complaints
from accord.fuzzing.filling import TRIES, Key, Slot, selected, sent_back
from accord.fuzzing.fitting import fitted, forms
from accord.fuzzing.hints import is_given
from accord.fuzzing.mending import Filled, Mending, names
from accord.fuzzing.varying import thinned, varied
from accord.schemas.kinds import ALL
from accord.strategies.drafts import Draft, case, key_of, reads_as, survives, written
from accord.validity import validation

MOST = 300
"""So many more look for what may be left out, added or changed in it."""

MENDS = 160
"""So many more follow what refusals complain of."""

VARIES = 120
"""So many more change what is refused without a word."""

STARTS, OTHERS = 2, 160
"""So many requests have one value in other forms or shapes, of those that were tried first."""

PAIRED = 6
PAIRS = 15
"""So many pairs are added of so many places whose values are refused alone."""

Ask = Callable[[Case], bool | None]
"""Send a case: whether it was taken, None where that says nothing of what it holds."""

Said = Callable[[], bytes]
"""What the last refusal said."""


@dataclass(slots=True, kw_only=True)
class Probe:
    """The search in one operation: what fills each slot in a request that was taken, and what was asked.

    `settled` is what refusals have nothing to say of; `added` is what each other slot is filled with, `around` what
    it needs beside it.
    """

    operation: Operation
    medium: MediaType | None
    slots: Mapping[Key, Slot]
    ask: Ask
    said: Said
    left: int = TRIES
    mends: int = MENDS
    varies: int = VARIES
    settled: dict[Key, Json] = field(default_factory=dict)
    base: Filled = field(default_factory=dict)
    added: dict[Key, Json] = field(default_factory=dict)
    around: dict[Key, Filled] = field(default_factory=dict)

    def taken(self, filled: Filled) -> bool | None:
        """Whether the service takes a request of what is `filled`; None where nothing is known."""
        self.left -= 1
        made = _case(self.operation, self.medium, filled)
        return None if made is None or self.left < 0 else self.ask(made)

    def mended(self, filled: Filled, kept: Iterable[Key] = ()) -> Filled | None:
        """What is taken of `filled`, which was refused just now, when it is changed as refusals say."""
        places = {key: slot.place for key, slot in self.slots.items()}
        required = frozenset(key for key, slot in self.slots.items() if slot.required)
        mending = Mending(places=places, required=required, kept=frozenset(kept))
        found = mending.followed(filled, self.said(), self._mending) if self.mends > 0 else None
        self.settled |= mending.settled
        return found

    def told(self) -> list[Json]:
        """The values that the last refusal speaks of."""
        known = names({key: slot.place for key, slot in self.slots.items()})
        return [value for item in complaints(self.said(), known) for value in clues.suggested(item, ALL)]

    def _mending(self, filled: Filled) -> tuple[bool | None, bytes]:
        self.mends -= 1
        made = _case(self.operation, self.medium, filled)
        taken = None if made is None or self.mends < 0 else self.ask(made)
        return taken, self.said() if taken is False else b""


def _case(operation: Operation, medium: MediaType | None, filled: Mapping[Key, Json]) -> Case | None:
    """A request of what is `filled`; None where it cannot be written, or does not conform."""
    values = {key: value for key, value in filled.items() if key[0] != "body"}
    for item in operation.parameters:
        if item.location in {"path", "cookie"} and (item.required or item.location == "path"):
            values[key_of(item)] = _known(item)
    draft = Draft(operation=operation, values=values)
    if medium is not None:
        body = {name: value for (location, name), value in filled.items() if location == "body"}
        if not validation.is_valid(medium.schema or {}, body) or reads_as(medium, body) != body:
            return None
        content_type, text = written(medium, body)
        draft = replace(draft, content_type=content_type, body=text)
    return None if ABSENT in values.values() else case(draft)


def _known(item: Parameter) -> Json:
    options = (*item.examples, synthesis.plausible(item.schema))
    return next((value for value in options if value is not ABSENT and survives(item, value)), ABSENT)


def is_begun(search: Probe, seen: list[Mapping[str, Json]]) -> bool:
    """Look for a request that is taken."""
    tried: list[Filled] = []
    for some in (*sent_back(search.slots, seen), *selected(search.slots)):
        filled = {key: search.settled.get(key, value) for key, value in some.items()}
        if search.left <= 0:
            break
        if filled in tried:
            continue
        tried.append(filled)
        taken = search.taken(filled)
        found = search.mended(filled) if taken is False else None
        if taken or found is not None:
            search.base = filled if found is None else found
            return True
    return _is_begun_otherwise(search, tried[:STARTS])


def _is_begun_otherwise(search: Probe, tried: list[Filled]) -> bool:
    """Look for a request that is taken with one value in another form or shape, where refusals say nothing."""
    search.left = OTHERS
    for filled in tried:
        for key, value in filled.items():
            place = search.slots[key].place
            for other in (
                (*varied(place, value), *thinned(place, value)) if isinstance(value, str | list | dict) else ()
            ):
                if search.left > 0 and search.taken({**filled, key: other}):
                    search.base = {**filled, key: other}
                    return True
    return False


def roles(search: Probe) -> tuple[set[Key], set[Key]]:
    """What may not be left out of a request that is taken, and what may not be added."""
    needed, refused = set(), set()
    for key, slot in search.slots.items():
        if key in search.base:
            rest = {other: value for other, value in search.base.items() if other != key}
            if slot.required or search.taken(rest) is False:
                needed.add(key)
        elif not _is_added(search, slot):
            refused.add(key)
    _pair(search, refused)
    for key, around in tuple(search.around.items()):
        for other in sorted(around.keys() & refused):
            refused.remove(other)
            search.added[other] = around[other]
            beside = {**around, key: search.added[key]}
            search.around[other] = {name: value for name, value in beside.items() if name != other}
    return needed, refused


def _pair(search: Probe, refused: set[Key]) -> None:
    """Add two together of those that are refused alone."""
    free = [key for key in search.slots if key in refused and search.slots[key].values and not is_given(key[1])]
    for one, other in islice(combinations(free[:PAIRED], 2), PAIRS):
        if {one, other} & search.added.keys():
            continue
        both = {key: search.slots[key].values[0] for key in (one, other)}
        if search.taken({**search.base, **both}):
            refused.remove(one)
            search.added[one] = both[one]
            search.around[one] = {other: both[other]}


def _is_added(search: Probe, slot: Slot) -> bool:
    """Whether something may be added in `slot`, with what it needs beside it."""
    key, beside = slot.key, _beside(search, slot.key)
    for at, value in enumerate(_tries(search, slot)):
        filled = {**search.base, **beside, key: value}
        taken = search.taken(filled)
        found = search.mended(filled, filled) if at == 0 and taken is False else None
        if taken is not False or found is not None:
            found = filled if found is None else found
            search.added[key] = found[key]
            search.around[key] = {
                other: item for other, item in found.items() if other != key and search.base.get(other, ABSENT) != item
            }
            return True
    return False


def _beside(search: Probe, key: Key) -> Filled:
    """What the contract wants beside a property, where it is not there."""
    schema = records.target(search.medium.schema or {}) if search.medium is not None and key[0] == "body" else {}
    wanted = [("body", name) for name in schema.get("dependentRequired", {}).get(key[1], ())]
    others = [other for other in wanted if other in search.slots and other not in search.base]
    return {other: search.slots[other].values[0] for other in others if search.slots[other].values}


def _tries(search: Probe, slot: Slot) -> Iterator[Json]:
    """What to add in `slot`: the likeliest values, then texts of other forms, then the likeliest in other shapes."""
    yield from slot.values[:3]
    if slot.key[0] == "body":
        yield from forms(slot.schema)
        known = (*slot.values[:3], *forms(slot.schema))
        for other in (item for value in slot.values[:1] for item in varied(slot.place, value) if item not in known):
            if search.varies <= 0:
                return
            search.varies -= 1
            yield other


def fitting(search: Probe, slot: Slot) -> Schema:
    """The schema of a slot without those of its values that are refused."""
    around = {**search.base, **search.around.get(slot.key, {})}
    place = replace(slot.place, ask=lambda value: search.taken({**around, slot.key: value}), told=search.told)
    found: Schema = fitted(place, search.base.get(slot.key, search.added.get(slot.key, ABSENT)))
    return found
