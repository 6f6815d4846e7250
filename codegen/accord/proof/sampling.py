"""Values of a schema that lie at its edges, the simplest first: what a search for a witness tries."""

import functools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice
from math import ceil, floor
from typing import Any

from accord.document import Json
from accord.findings import ABSENT
from accord.proof import canonical, words
from accord.proof.canonical import TooManyError
from accord.proof.containment import proves
from accord.proof.exemplars import NUMBERS, SHAPED, TEXTS
from accord.proof.languages import unmatched
from accord.proof.parting import freely, invents, may_use
from accord.proof.questions import Question, spelt
from accord.proof.words import Form
from accord.validity import validation

_LONGEST = 20_000
_MOST_ITEMS = 2_000
_MOST_NAMES = 40
Trail = tuple[str, ...]


def simplest(schema: Json, definitions: Mapping[str, Json], trail: Trail = ()) -> Json:
    """The simplest value of `schema` that can be composed; ABSENT when none can."""
    key = spelt(schema)
    if key in trail:
        return ABSENT
    whole = {**(schema if isinstance(schema, Mapping) else {}), "$defs": definitions}
    for form in _forms(schema, definitions):
        value = _compose(form, definitions, (*trail, key))
        if value is not ABSENT and validation.is_valid(whole, value):
            return value
    return ABSENT


def _forms(schema: Json, definitions: Mapping[str, Json]) -> tuple[Form, ...]:
    try:
        return canonical.forms(schema, definitions)
    except TooManyError:
        return ()


def _compose(form: Form, definitions: Mapping[str, Json], trail: Trail) -> Json:
    told = words.values(form)
    if told:
        return min(told, key=lambda value: len(spelt(value)))
    if form.kind == "number":
        return next(iter(_numbers(form, ())), ABSENT)
    if form.kind == "string":
        held = [{key: value} for key in ("pattern", "format") for value in form.words.get(key, ())]
        return next((text for text in _texts(form, ()) if validation.is_valid({"allOf": held}, text)), ABSENT)
    if form.kind == "array":
        return _list(form, definitions, trail, form.words.get("minItems", 0))
    return _object(form, definitions, trail, form.words.get("required", frozenset()))


def _list(form: Form, definitions: Mapping[str, Json], trail: Trail, length: int) -> Json:
    if length > _MOST_ITEMS:
        return ABSENT
    last = words.prefix_length(form)
    heads = [simplest(words.item(form, index), definitions, trail) for index in range(min(length, last + 1))]
    found = heads + heads[-1:] * (length - len(heads))
    if form.words.get("uniqueItems") and length > 1:
        some = list(candidates(None, {}, words.item(form, last), definitions, trail))
        distinct = {spelt(value): value for value in some}
        found = list(distinct.values())[:length]
    return ABSENT if ABSENT in found or len(found) < length else found


def _object(form: Form, definitions: Mapping[str, Json], trail: Trail, wanted: Any) -> Json:
    found: dict[str, Json] = {}
    least = form.words.get("minProperties", 0)
    for name in sorted(words.names(form), key=lambda name: name not in wanted):
        if name in wanted or len(found) < least:
            value = simplest(words.member(form, name), definitions, trail)
            if value is not ABSENT:
                found[name] = value
            elif name in wanted:
                return ABSENT
    if len(found) < least and freely(form, open_world=False):
        value = simplest(words.other_members(form), definitions, trail)
        found |= {f"x{index}": value for index in range(least - len(found)) if value is not ABSENT}
    return found


def _numbers(form: Form, others: tuple[Form, ...]) -> Iterator[Json]:
    step = form.words.get("multipleOf")
    edges = list(NUMBERS)
    for known in (form, *others):
        for key in ("low", "high"):
            if key in known.words:
                edge = known.words[key][0]
                edges += [edge, edge + 1, edge - 1, edge + Fraction(1, 2), edge - Fraction(1, 2)]
        if "multipleOf" in known.words:
            edges += [known.words["multipleOf"], known.words["multipleOf"] / 2]
    for edge in edges:
        near = (step * floor(edge / step), step * ceil(edge / step)) if step else (edge,)
        yield from (words.plain(value) for value in near if _within(form, value))


def edges(form: Form) -> Iterator[Json]:
    """Numbers or texts at the edges of `form`."""
    return _numbers(form, ()) if form.kind == "number" else _texts(form, ())


def invented(form: Form) -> tuple[str, ...]:
    """Names that a writer of `form` may choose: one that matches each of its patterns, and some others."""
    matched = (name for pattern in words.patterns(form) for name in _matching(pattern)[:2])
    return tuple(dict.fromkeys((*matched, "x", "y")))


def _within(form: Form, value: Fraction) -> bool:
    low, high = form.words.get("low"), form.words.get("high")
    if low and (value < low[0] or (low[1] and value == low[0])):
        return False
    return not (high and (value > high[0] or (high[1] and value == high[0])))


def _texts(form: Form, others: tuple[Form, ...]) -> Iterator[str]:
    least, most = form.words.get("minLength", 0), form.words.get("maxLength", _LONGEST)
    lengths = {least, most if most < _LONGEST else least}
    for other in others:
        lengths |= {other.words.get("minLength", 1) - 1, other.words.get("maxLength", -2) + 1}
    for text in _told_apart(form, others):
        if least <= len(text) <= most:
            yield text
    for name in sorted(form.words.get("format", ())):
        yield from (text for text in SHAPED.get(name, ()) if least <= len(text) <= most)
    for pattern in sorted(form.words.get("pattern", ())):
        yield from (text for text in _matching(pattern) if least <= len(text) <= most)
    yield from (text for text in TEXTS if least <= len(text) <= most)
    yield from ("a" * length for length in sorted(lengths) if least <= length <= min(most, _LONGEST))


def _told_apart(form: Form, others: tuple[Form, ...]) -> Iterator[str]:
    """Texts that have a pattern of `form` and none that another wants."""
    for wanted in (pattern for other in others for pattern in sorted(other.words.get("pattern", ()))):
        for own in sorted(form.words.get("pattern", ())) or ("",):
            text = unmatched(own, wanted)
            if isinstance(text, str):
                yield text


@functools.lru_cache(maxsize=1024)
def _matching(pattern: str) -> tuple[str, ...]:
    return tuple(sorted(drawn({"type": "string", "pattern": pattern}), key=lambda text: (len(text), text)))


def drawn(schema: Json, count: int = 40) -> list[Json]:
    """Up to `count` values of `schema` as a search draws them, the same on each run; for what is not composed."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import HypothesisException

    from accord.strategies import from_schema

    found: list[Json] = []
    calm = settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )

    def keep(value: Json) -> None:
        found.append(value)

    try:
        calm(given(from_schema(schema))(keep))()
    except HypothesisException:
        return found
    return found


def candidates(
    asked: Question | None, outer: Json, inner: Json, definitions: Mapping[str, Json], trail: Trail = ()
) -> Iterator[Json]:
    """Values that `inner` may have and `outer` may refuse, what the proof failed on first; none is checked yet."""
    key = spelt(inner) + spelt(outer)
    if key in trail:
        return
    trail = (*trail, key)
    wide = _forms(outer, asked.outer) if asked else ()
    for form in _forms(inner, definitions):
        others = tuple(other for other in wide if other.kind == form.kind)
        told = words.values(form)
        if told is not None:
            yield from told
        elif form.kind == "number":
            yield from _numbers(form, others)
        elif form.kind == "string":
            yield from _texts(form, others)
        elif form.kind == "array":
            yield from _lists(asked, others, form, definitions, trail)
        else:
            yield from _objects(asked, others, form, definitions, trail)


def _lists(
    asked: Question | None, others: tuple[Form, ...], form: Form, definitions: Mapping[str, Json], trail: Trail
) -> Iterator[Json]:
    least = form.words.get("minItems", 0)
    lengths = {least, least + 1, 2, form.words.get("maxItems", least)}
    for other in others:
        lengths |= {other.words.get("minItems", 1) - 1, other.words.get("maxItems", -2) + 1}
    for length in sorted(lengths):
        if least <= length <= form.words.get("maxItems", length):
            value = _list(form, definitions, trail, length)
            if value is not ABSENT:
                yield value
    for index in range(words.prefix_length(form) + 1):
        base = _list(form, definitions, trail, max(least, index + 1))
        outer = _either(words.item(other, index) for other in others)
        if asked is None or not proves(asked, outer, words.item(form, index)):
            for value in candidates(asked, outer, words.item(form, index), definitions, trail):
                yield [*(base[:index] if base is not ABSENT else []), value, *(base[index + 1 :] if base else [])]


def _either(schemas: Iterator[Json]) -> Json:
    found = list(schemas)
    return found[0] if len(found) == 1 else {"anyOf": found} if found else True


def _objects(
    asked: Question | None, others: tuple[Form, ...], form: Form, definitions: Mapping[str, Json], trail: Trail
) -> Iterator[Json]:
    required = form.words.get("required", frozenset())
    base = _object(form, definitions, trail, required)
    if base is ABSENT:
        return
    yield base
    declared = words.names(form)
    for name in declared:
        part = words.member(form, name)
        outer = _either(words.member(other, name) for other in others)
        if part is not False and (asked is None or not proves(asked, outer, part)):
            yield from ({**base, name: value} for value in candidates(asked, outer, part, definitions, trail))
    full = _object(
        form,
        definitions,
        trail,
        frozenset(name for name in declared if name in required or _can(form, name, definitions, trail)),
    )
    if full is not ABSENT:
        yield full
        for name in full.keys() - required:
            yield {key: value for key, value in full.items() if key != name}
            yield {**base, name: full[name]}
    wide = asked is not None and asked.open_world
    if invents(form, open_world=wide):
        listed = dict.fromkeys((*invented(form), *_named_otherwise(asked, others, form, definitions)))
        for name in (name for name in listed if name not in declared and may_use(form, name, open_world=wide)):
            outer = _either(words.member(other, name) for other in others)
            part = words.member(form, name)
            yield from ({**base, name: value} for value in candidates(asked, outer, part, definitions, trail))
        yield from _crowds(form, others, base, definitions, trail) if freely(form, open_world=wide) else ()


def _named_otherwise(
    asked: Question | None, others: tuple[Form, ...], form: Form, definitions: Mapping[str, Json]
) -> Iterator[str]:
    """Names that others speak of, and such as they refuse."""
    yield from (name for other in others for name in words.names(other))
    for wanted in map(words.called, others):
        if wanted is not True:
            called = {"allOf": [{"type": "string"}, words.called(form)]}
            yield from sorted(islice(candidates(asked, wanted, called, definitions), _MOST_NAMES), key=len)


def _crowds(
    form: Form, others: tuple[Form, ...], base: Mapping[str, Json], definitions: Mapping[str, Json], trail: Trail
) -> Iterator[Json]:
    """Objects with one property more than others may have, under invented names."""
    most = {other.words["maxProperties"] for other in others if "maxProperties" in other.words}
    value = simplest(words.other_members(form), definitions, trail)
    for count in sorted(most):
        more = range(count + 1 - len(base))
        if value is not ABSENT and count < _MOST_ITEMS:
            yield {**base, **{f"x{index}": value for index in more}}


def _can(form: Form, name: str, definitions: Mapping[str, Json], trail: Trail) -> bool:
    return simplest(words.member(form, name), definitions, trail) is not ABSENT
