"""Is every value of this schema a value of that one? Proved, refuted by a value, or undecided, and never by a guess.

The inner schema belongs to who writes the value, the outer to who reads it. In a closed world the writer uses only
properties that its own schema declares; in an open one any name that it does not forbid.
"""

from collections.abc import Iterable, Mapping
from math import ceil, floor
from types import MappingProxyType
from typing import Any

from accord.document import Json
from accord.proof import canonical, words
from accord.proof.canonical import Scope, TooManyError
from accord.proof.languages import of_length, one_of, unmatched
from accord.proof.parting import freely, invents, may_use, partitions
from accord.proof.questions import Question, references, spelt
from accord.proof.words import Form
from accord.validity import validation

_MOST_SPLITS = 2
_MOST_TURNED = 2
_LONGEST = 100


def proves(asked: Question, outer: Json, inner: Json) -> bool:
    """Whether every value of `inner` is proved to be a value of `outer`; False says nothing more than *not proved*."""
    texts = (spelt(outer), spelt(inner))
    if texts[0] == texts[1] and references(texts[0]) <= asked.same:
        return True
    if texts in asked.goals:
        if texts in asked.under_way:
            asked.presumed.add(texts)
        return asked.goals[texts]
    start = len(asked.trail)
    asked.goals[texts] = True
    asked.under_way.add(texts)
    asked.trail.append(texts)
    holds = _holds(asked, outer, inner)
    asked.under_way.discard(texts)
    if not holds:
        if texts in asked.presumed:  # what was proved on the strength of it is open again
            for other in asked.trail[start:]:
                if asked.goals.get(other):
                    del asked.goals[other]
        asked.presumed.discard(texts)
        asked.goals[texts] = False
    return holds


def _holds(asked: Question, outer: Json, inner: Json) -> bool:
    if outer is True or outer == {} or inner is False:
        return True
    try:
        wide = canonical.forms(outer, asked.outer)
        narrow = canonical.forms(inner, asked.inner)
        return all(_covered(asked, (outer, inner), wide, form) for form in narrow)
    except TooManyError:
        return False


def _covered(asked: Question, pair: tuple[Json, Json], wide: tuple[Form, ...], form: Form, splits: int = 0) -> bool:
    values = words.values(form)
    if values is not None:
        outer, inner = (
            {**_mapping(side), "$defs": defs} for side, defs in zip(pair, (asked.outer, asked.inner), strict=True)
        )
        return all(validation.is_valid(outer, value) or not validation.is_valid(inner, value) for value in values)
    rivals = tuple(other for other in wide if other.kind == form.kind)
    if any(_fits(asked, other, form) for other in rivals):
        return True
    if len(rivals) < 2 or splits == _MOST_SPLITS:  # noqa: PLR2004  a choice
        return False
    scope = Scope(asked.inner)
    return any(
        all(canonical.is_empty(part, scope) or _covered(asked, pair, rivals, part, splits + 1) for part in parts)
        for parts in partitions(asked, rivals, form)
    )


def _mapping(schema: Json) -> Mapping[str, Json]:
    return schema if isinstance(schema, Mapping) else ({} if schema else {"not": {}})


def _fits(asked: Question, wide: Form, narrow: Form) -> bool:
    if "enum" in wide.words:
        return _is_listed(wide, narrow)
    if not _keeps_residue(asked, wide, narrow):
        return False
    if not all(_refuses(asked, refused, narrow) for refused in wide.words.get("refused", ())):
        return False
    return bool(_FITS[wide.kind](asked, wide, narrow))


def _keeps_residue(asked: Question, wide: Form, narrow: Form) -> bool:
    kept = {spelt(schema) for schema in narrow.words.get("residue", ())}
    texts = [spelt(schema) for schema in wide.words.get("residue", ())]
    return all(text in kept and references(text) <= asked.same for text in texts)


def _refuses(asked: Question, refused: Json, narrow: Form) -> bool:
    """Whether no value of `narrow` is one of `refused`, a schema of the outer side."""
    text = spelt(refused)
    if references(text) <= asked.same:
        if text in map(spelt, narrow.words.get("refused", ())):
            return True
        scope = Scope(asked.inner)
        both = [
            words.merge({**narrow.words, "residue": (), "kinds": frozenset({narrow.kind})}, part)
            for part in canonical.expand(refused, scope)
        ]
        if all(canonical.holds_nothing(part, scope) for part in both):
            return True
    turned, alike = _turned(asked), {"allOf": [{"type": narrow.kind}, refused]}
    return turned is not None and any(proves(turned, own, alike) for own in narrow.words.get("refused", ()))


def _turned(asked: Question) -> Question | None:
    """`asked` with its sides changed, as it is asked of what both refuse; None where that was done too often."""
    if asked.turned >= _MOST_TURNED:
        return None
    return Question(outer=asked.inner, inner=asked.outer, open_world=True, turned=asked.turned + 1, same=asked.same)


def _number(_asked: Question, wide: Form, narrow: Form) -> bool:
    step = narrow.words.get("multipleOf")
    for key, rounded, sign in (("low", ceil, 1), ("high", floor, -1)):
        if key in wide.words:
            bound, strict = narrow.words.get(key, (None, False))
            if bound is None:
                return False
            if step is not None:
                edge = step * rounded(bound / step)
                bound, strict = (edge + sign * step if strict and edge == bound else edge), False
            limit, exclusive = wide.words[key]
            if sign * bound < sign * limit or (bound == limit and exclusive and not strict):
                return False
    wanted = wide.words.get("multipleOf")
    return wanted is None or (step is not None and (step / wanted).denominator == 1)


def _string(_asked: Question, wide: Form, narrow: Form) -> bool:
    wanted = wide.words.get("pattern", frozenset()) - narrow.words.get("pattern", frozenset())
    least, most = wide.words.get("minLength", 0), wide.words.get("maxLength")
    if not _sized(wide, narrow, "Length"):
        if max(least, most or 0) > _LONGEST:
            return False
        wanted |= {of_length(least, most)}
    return wide.words.get("format", frozenset()) <= narrow.words.get("format", frozenset()) and all(
        _has(narrow, pattern) for pattern in wanted
    )


def _has(narrow: Form, pattern: str) -> bool:
    """Whether one of the patterns of `narrow` is proved to leave only texts that have `pattern`."""
    return any(unmatched(own, pattern) is False for own in narrow.words.get("pattern") or ("",))


def _is_listed(wide: Form, narrow: Form) -> bool:
    """Whether the patterns of `narrow` leave only texts that `wide` lists, which says nothing more."""
    plain = wide.kind == "string" and all(key in {"enum", "residue"} or not value for key, value in wide.words.items())
    return plain and not wide.words.get("residue") and _has(narrow, one_of(wide.words["enum"]))


def _sized(wide: Form, narrow: Form, what: str, least: int = 0, most: float = float("inf")) -> bool:
    low = max(narrow.words.get("min" + what, 0), least)
    high = min(narrow.words.get("max" + what, float("inf")), most)
    return bool(low >= wide.words.get("min" + what, 0) and high <= wide.words.get("max" + what, float("inf")))


def _array(asked: Question, wide: Form, narrow: Form) -> bool:
    longest = narrow.words.get("maxItems", float("inf"))
    unique = wide.words.get("uniqueItems") and not narrow.words.get("uniqueItems") and longest > 1
    if unique or not _sized(wide, narrow, "Items", _least_items(narrow)):
        return False
    last = max(words.prefix_length(wide), words.prefix_length(narrow))
    indices = [index for index in range(last + 1) if index < longest]
    if not all(proves(asked, words.item(wide, index), words.item(narrow, index)) for index in indices):
        return False
    places = [words.item(narrow, index) for index in indices]
    return all(_counts(asked, group, narrow, places) for group in wide.words.get("contains", ()))


def _least_items(form: Form) -> int:
    return max((group.get("minContains", 1) for group in form.words.get("contains", ())), default=0)


def _counts(asked: Question, group: Mapping[str, Json], narrow: Form, places: list[Json]) -> bool:
    """Whether every array of `narrow` has as many items of a kind as `group` wants."""
    wanted, least, most = group["contains"], group.get("minContains", 1), group.get("maxContains", float("inf"))
    own = narrow.words.get("contains", ())
    enough = least == 0 or any(
        part.get("minContains", 1) >= least and proves(asked, wanted, part["contains"]) for part in own
    )
    if not enough and not (
        narrow.words.get("minItems", 0) >= least and all(proves(asked, wanted, place) for place in places)
    ):
        return False
    if most == float("inf") or narrow.words.get("maxItems", most + 1) <= most:
        return True
    turned = _turned(asked)
    return turned is not None and any(
        part.get("maxContains", most + 1) <= most and proves(turned, part["contains"], wanted) for part in own
    )


def _object(asked: Question, wide: Form, narrow: Form) -> bool:
    required = narrow.words.get("required", frozenset())
    if not wide.words.get("required", frozenset()) <= required:
        return False
    full = narrow.words.get("maxProperties", float("inf")) <= len(required)
    declared = sorted(required) if full else words.names(narrow)
    rest = not full and invents(narrow, open_world=asked.open_world)
    most = float("inf") if rest else sum(_member(narrow, name, asked.inner) is not False for name in declared)
    if not _sized(wide, narrow, "Properties", len(required), most):
        return False
    if not all(
        proves(asked, _member(wide, name, asked.outer), _member(narrow, name, asked.inner)) for name in declared
    ):
        return False
    return not rest or _rest(asked, wide, narrow, declared)


def _member(form: Form, name: str, definitions: Mapping[str, Json]) -> Json:
    """What holds of the property `name`: nothing where its name is refused."""
    wanted = words.called(form)
    if wanted is not True and not validation.is_valid({**_mapping(wanted), "$defs": definitions}, name):
        return False
    return words.member(form, name)


def _rest(asked: Question, wide: Form, narrow: Form, declared: Iterable[str]) -> bool:
    """Whether properties under names of the writer's choice are read as well."""
    patterns = words.patterns(narrow), words.patterns(wide)
    free = freely(narrow, open_world=asked.open_world)
    rest = [words.other_members(narrow)] if free else []
    undeclared = (name for name in words.names(wide) if name not in declared)
    names = [name for name in undeclared if may_use(narrow, name, open_world=asked.open_world)]
    pairs = [(_member(wide, name, asked.outer), _member(narrow, name, asked.inner)) for name in names]
    pairs += [(words.other_members(wide), schema) for schema in rest]
    pairs += [(words.demanded(wide, pattern), schema) for pattern, schema in patterns[0].items()]
    for pattern, schema in patterns[1].items():
        if pattern not in patterns[0]:
            pairs += [(schema, part) for part in (*rest, *patterns[0].values())]
    name = {"type": "string", **({"allOf": [words.called(narrow)]} if words.called(narrow) is not True else {})}
    if not free:
        name["anyOf"] = [{"pattern": pattern} for pattern in patterns[0]]
    pairs += [(words.called(wide), name)]
    return all(proves(asked, outer, inner) for outer, inner in pairs)


def _same(_asked: Question, _wide: Form, _narrow: Form) -> bool:
    return True


_FITS: Mapping[str, Any] = MappingProxyType(
    {"null": _same, "boolean": _same, "number": _number, "string": _string, "array": _array, "object": _object}
)
