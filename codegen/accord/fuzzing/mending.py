"""A request that is refused, changed where the refusal says that it is wrong, until one is taken."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from accord.document import Json
from accord.findings import ABSENT
from accord.fuzzing import clues, hints
from accord.fuzzing.complaints import Complaint, complaints
from accord.fuzzing.fitting import Place, candidates
from accord.schemas import kinds
from accord.validity.asserting import identity

STEPS = 40
"""So often one request is changed."""

TRIED = 24
"""So many values are tried in one place."""

Key = tuple[str, str]
Filled = Mapping[Key, Json]
Ask = Callable[[Filled], tuple[bool | None, bytes]]
"""Send what is filled in: whether it was taken, and what the answer said."""

_LOCATIONS = frozenset({"body", "query", "header", "headers"})
_ITEM, _ANY, _NAME = "0", "*", "?"
_DIGITS = 5
_OF_NAMES = re.compile(r"pattern|property ?names?|\bkeys?\b", re.IGNORECASE)
_NAMES = (
    "1",
    "a",
    "en",
    "abc",
    "ABC",
    "10",
    "A1",
    "2026-01-15",
    "2026",
    "default",
    "main",
    "de-DE",
    "EUR",
    "a.b",
    "x-a",
)
"""Names as maps often want them."""


@dataclass(frozen=True, slots=True)
class _At:
    """A place that is complained of, or one around it: its value, the steps left to go, and those gone."""

    place: Place
    value: Json
    steps: tuple[str, ...]
    trail: tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class Mending:
    """The places of a request by what they are called, and what was tried in each; those in `kept` stay filled.

    `settled` has what nothing was said of any more in the last request that was refused.
    """

    places: Mapping[Key, Place]
    required: frozenset[Key]
    kept: frozenset[Key] = frozenset()
    tried: dict[tuple[object, ...], set[Json]] = field(default_factory=dict)
    settled: dict[Key, Json] = field(default_factory=dict)

    def followed(self, filled: Filled, said: bytes, ask: Ask) -> Filled | None:
        """What is taken of `filled` when it is changed as refusals say, `said` being the first; None if nothing is."""
        known = names(self.places)
        seen = [filled]
        for _ in range(STEPS):
            changed = dict(filled)
            for complaint in complaints(said, known):
                self._heed(changed, complaint)
            if changed in seen or not self.kept <= changed.keys():
                break
            seen.append(changed)
            taken, said = ask(changed)
            if taken:
                return changed
            filled = changed
        blamed = {self._meant(complaint.steps)[0] for complaint in complaints(said, known)}
        self.settled = {key: value for key, value in filled.items() if blamed and key not in blamed}
        return None

    def _heed(self, filled: dict[Key, Json], complaint: Complaint) -> None:
        """Change `filled` where `complaint` is about a place of it."""
        key, inner = self._meant(complaint.steps)
        if key is None:
            return
        at = _At(self.places[key], filled.get(key, ABSENT), inner, (key,))
        changed = self._changed(at, complaint)
        if changed is not ABSENT:
            filled[key] = changed
        elif key not in self.required and key not in self.kept:
            filled.pop(key, None)

    def _meant(self, steps: Sequence[str]) -> tuple[Key | None, tuple[str, ...]]:
        """The place that `steps` lead to, and what is left of them there."""
        for at, step in enumerate(steps):
            before = steps[at - 1] if at and steps[at - 1] in _LOCATIONS else ""
            fits = [key for key in self.places if _is_called(key, step) and (not before or before.startswith(key[0]))]
            if fits:
                return fits[0], tuple(steps[at + 1 :])
        return None, ()

    def _changed(self, at: _At, complaint: Complaint) -> Json:
        """Another value for a place; ABSENT where nothing should be there, or nothing is left to try."""
        if isinstance(at.value, list) and at.value and at.steps:
            return self._of_list(at, complaint)
        if isinstance(at.value, dict) and at.steps:
            return self._of_object(at, complaint)
        return self._next(at, complaint)

    def _of_list(self, at: _At, complaint: Complaint) -> Json:
        """A list with another item, or without it."""
        step = at.steps[0]
        number, rest = (int(step), at.steps[1:]) if step.isdecimal() and len(step) < _DIGITS else (0, at.steps)
        part = below(at.place, _ITEM)
        if part is None or number >= len(at.value):
            return self._next(at, complaint)
        item = self._changed(_At(part, at.value[number], rest, (*at.trail, _ITEM)), complaint)
        return [*at.value[:number], *([] if item is ABSENT else [item]), *at.value[number + 1 :]]

    def _of_object(self, at: _At, complaint: Complaint) -> Json:
        """An object with another value of one name, without it, or with another name where any may stand."""
        step = at.steps[0]
        part = below(at.place, step)
        if part is None and step not in at.value:
            return self._next(at, complaint)
        found = at.value.get(step, ABSENT)
        trail = (*at.trail, step if part is not None else _ANY)
        if part is None and _OF_NAMES.search(complaint.text):
            item = ABSENT
        else:
            inner = part or replace(at.place, name=at.place.name.removesuffix("s"), schema={})
            item = self._changed(_At(inner, found, at.steps[1:], trail), complaint)
        rest = {name: value for name, value in at.value.items() if name != step}
        if item is not ABSENT:
            return {**rest, step: item}
        return rest if part is not None or complaint.wants_none else self._renamed(rest, found, at.trail)

    def _renamed(self, rest: Mapping[str, Json], value: Json, trail: tuple[object, ...]) -> Json:
        """A map that has `value` under a name which was not tried yet."""
        tried = self.tried.setdefault((*trail, _NAME), set())
        name = next((name for name in _NAMES if name not in tried and name not in rest), None)
        tried.add(name)
        return rest if name is None else {**rest, name: value}

    def _next(self, at: _At, complaint: Complaint) -> Json:
        if at.value is not ABSENT and complaint.wants_none:
            return ABSENT
        tried = self.tried.setdefault(at.trail, set())
        tried.add(identity(at.value))
        if len(tried) > TRIED:
            return ABSENT
        every = _options(at.place, complaint)
        return next((item for item in every if identity(item) not in tried and at.place.is_valid(item)), ABSENT)


def names(places: Mapping[Key, Place]) -> frozenset[str]:
    """The names of all places, and of those in them."""
    found = set()
    left = [(key[1], place, 0) for key, place in places.items()]
    for name, place, depth in left:
        found.add(name)
        rule = hints.followed(place.schema, place.definitions)
        if depth < hints.DEEPEST and len(left) < clues.MOST * 16:
            inner = kinds.properties(place.schema, place.definitions) if isinstance(place.schema, Mapping) else {}
            left += [(item, replace(place, name=item, schema=part), depth + 1) for item, part in inner.items()]
            if isinstance(rule.get("items"), Mapping):
                left.append((name, replace(place, schema=rule["items"]), depth + 1))
    return frozenset(found)


def below(place: Place, step: str) -> Place | None:
    """The place in `place` that `step` leads to, the name of a property or 0 for an item; None where none is known."""
    rule = hints.followed(place.schema, place.definitions)
    if step == _ITEM and isinstance(rule.get("items"), Mapping):
        return replace(place, name=place.name.removesuffix("s"), schema=rule["items"])
    part = kinds.properties(rule, place.definitions).get(step)
    return None if part is None else replace(place, name=step, schema=part)


def _is_called(key: Key, step: str) -> bool:
    return key[1] == step or (key[0] == "header" and key[1].lower() == step.lower())


def _options(place: Place, complaint: Complaint) -> Iterator[Json]:
    """Values for a place that is complained of: what the words suggest, what is likely, then what others often want."""
    allowed = kinds.kinds(place.schema, place.definitions)
    yield from clues.suggested(complaint, allowed)
    yield from islice(candidates(place), 2)
    if allowed == kinds.ALL:
        yield from (1, True, 0.5, [], {})
    if "string" in allowed:
        yield from (values[0] for values in hints.FORMS.values())
        yield from hints.CODES
    yield from candidates(place)
