"""Ways to take a form apart, so that another alternative may cover each part; which names its writers may use."""

from collections.abc import Iterator, Mapping
from typing import Any

from accord.document import Json
from accord.proof import canonical, words
from accord.proof.questions import Question, asserted
from accord.proof.words import Form
from accord.schemas.joining import matches

_MOST_PARTS = 8
_MOST_CUTS = 8


def partitions(asked: Question, wide: tuple[Form, ...], form: Form) -> Iterator[list[Form]]:
    """Ways to take `form` apart where the alternatives `wide` differ: by its sizes, and by what a property is."""
    if form.kind == "object":
        yield from _by_property(asked, wide, form)
    yield from _by_bound(wide, form)


def _by_property(asked: Question, wide: tuple[Form, ...], form: Form) -> Iterator[list[Form]]:
    """By whether a property is there, and by what it can be."""
    required = form.words.get("required", frozenset())
    own = frozenset(words.names(form))
    for name in dict.fromkeys(name for other in wide for name in words.names(other)):
        part = words.member(form, name)
        if part is False or not (name in own or may_use(form, name, open_world=asked.open_world)):
            continue
        absent = [] if name in required else [_with(form, {"objects": ({"properties": {name: False}},)})]
        told = any(name in other.words.get("required", ()) or words.member(other, name) is False for other in wide)
        if absent and told:
            yield [*absent, _holding(form, name, {})]
        kinds = canonical.forms(part, asked.inner)
        values = [value for kind in kinds for value in words.values(kind) or ()]
        if 1 < len(values) <= _MOST_PARTS and all(words.values(kind) is not None for kind in kinds):
            yield [*absent, *(_holding(form, name, {"const": value}) for value in values)]
        elif len({kind.kind for kind in kinds}) > 1:
            yield [*absent, *(_holding(form, name, {"type": kind}) for kind in dict.fromkeys(k.kind for k in kinds))]


def _holding(form: Form, name: str, schema: Json) -> Form:
    """`form` with the property `name`, and `schema` held of it."""
    return _with(form, {"required": frozenset({name}), "objects": ({"properties": {name: schema}},)})


def _by_bound(wide: tuple[Form, ...], form: Form) -> Iterator[list[Form]]:
    """By where an alternative begins or ends."""
    cuts: dict[Any, list[Form]] = {}
    for other in wide:
        if form.kind == "number":
            for key in ("low", "high"):
                if key in other.words:
                    edge, beyond = other.words[key]
                    below = beyond if key == "low" else not beyond
                    cuts[edge, below] = [_with(form, {"high": (edge, not below)}), _with(form, {"low": (edge, below)})]
        elif sized := words.SIZED.get(form.kind):
            ends = {other.words.get("min" + sized, 0) - 1, other.words.get("max" + sized, -1)}
            for end in ends - {-1}:
                cuts[end] = [_with(form, {"max" + sized: end}), _with(form, {"min" + sized: end + 1})]
    yield from list(cuts.values())[:_MOST_CUTS]


def _with(form: Form, more: words.Words) -> Form:
    return Form(form.kind, words.merge(dict(form.words), more))


def invents(form: Form, *, open_world: bool) -> bool:
    """Whether a writer of `form` may use names that it does not list: of a map, of a pattern, any in an open world."""
    return bool(words.patterns(form)) or freely(form, open_world=open_world)


def freely(form: Form, *, open_world: bool) -> bool:
    """Whether those names may be any: it is a map, or the world is open."""
    rest = words.other_members(form)
    return rest is not False and (open_world or (isinstance(rest, Mapping) and bool(asserted(rest))))


def may_use(form: Form, name: str, *, open_world: bool) -> bool:
    """Whether a writer of `form` may use `name`, which it does not list."""
    return freely(form, open_world=open_world) or _matched(form, name)


def _matched(form: Form, name: str) -> bool:
    return any(matches(pattern, name) for pattern in words.patterns(form))
