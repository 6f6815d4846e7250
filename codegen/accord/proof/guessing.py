"""Random values of a schema, the same on each run: what a search for a witness tries where directed values fail."""

import random
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.findings import ABSENT
from accord.proof import sampling, words
from accord.proof.canonical import TooManyError, forms
from accord.proof.parting import invents, may_use
from accord.proof.questions import Question, spelt
from accord.proof.words import Form

_DEEPEST = 5
_MOST_ITEMS = 4
_MOST_KEPT = 24

Kept = dict[str, tuple[Form, ...]]


def guesses(asked: Question, outer: Json, inner: Json, count: int) -> Iterator[Json]:
    """`count` values that `inner` may have, each drawn anew from its alternatives; none is checked yet."""
    chance = random.Random(0)  # noqa: S311  the same on each run
    try:
        told = dict.fromkeys(name for form in forms(outer, asked.outer) for name in words.names(form))
    except TooManyError:
        told = {}
    names = tuple(told) if asked.open_world else ()
    guess = _Guess(chance, asked.inner, names, {}, open_world=asked.open_world)
    yield from (value for value in (guess.value(inner, _DEEPEST) for _ in range(count)) if value is not ABSENT)


class _Guess:
    """A drawing under way: the chance, the definitions, names that a writer may invent, and forms by text."""

    __slots__ = ("_chance", "_definitions", "_kept", "_names", "_open")

    def __init__(
        self,
        chance: random.Random,
        definitions: Mapping[str, Json],
        names: tuple[str, ...],
        kept: Kept,
        *,
        open_world: bool,
    ) -> None:
        self._chance, self._definitions, self._names, self._kept = chance, definitions, names, kept
        self._open = open_world

    def value(self, schema: Json, depth: int) -> Json:
        """One value; ABSENT where there is none, or none that is shallow enough."""
        found = self._forms(schema)
        if not found or depth == 0:
            return ABSENT
        form = self._chance.choice(found)
        draw = _DRAWS.get(form.kind)
        told = words.values(form)
        if told is not None or draw is None:
            return self._chance.choice(told) if told else ABSENT
        return draw(self, form, depth)

    def _forms(self, schema: Json) -> tuple[Form, ...]:
        key = spelt(schema)
        if key not in self._kept:
            try:
                self._kept[key] = forms(schema, self._definitions)
            except TooManyError:
                self._kept[key] = ()
        return self._kept[key]

    def scalar(self, form: Form, _depth: int) -> Json:
        """A number or a text."""
        some = list(islice(sampling.edges(form), _MOST_KEPT))
        return self._chance.choice(some) if some else ABSENT

    def items(self, form: Form, depth: int) -> Json:
        """A list; what is counted is put in."""
        least = form.words.get("minItems", 0)
        length = self._chance.randint(least, max(least, min(form.words.get("maxItems", _MOST_ITEMS), _MOST_ITEMS)))
        found = [self.value(words.item(form, index), depth - 1) for index in range(length)]
        for group in form.words.get("contains", ()):
            if found and self._chance.random() < 0.7:  # noqa: PLR2004  mostly
                found[self._chance.randrange(len(found))] = self.value(group["contains"], depth - 1)
        return ABSENT if ABSENT in found else found

    def members(self, form: Form, depth: int) -> Json:
        """An object with some of the properties that it may have."""
        required = form.words.get("required", frozenset())
        chosen = [name for name in words.names(form) if name in required or self._chance.random() < 0.5]  # noqa: PLR2004
        if invents(form, open_world=self._open):
            every = (*self._names, *sampling.invented(form))
            pool = [name for name in every if may_use(form, name, open_world=self._open)]
            chosen += self._chance.sample(pool, min(len(pool), self._chance.randint(0, 2)))
        found = {}
        for name in dict.fromkeys(chosen):
            value = self.value(words.member(form, name), depth - 1)
            if value is not ABSENT:
                found[name] = value
            elif name in required:
                return ABSENT
        return found


_DRAWS: Mapping[str, Callable[[_Guess, Form, int], Any]] = MappingProxyType(
    {"number": _Guess.scalar, "string": _Guess.scalar, "array": _Guess.items, "object": _Guess.members}
)
