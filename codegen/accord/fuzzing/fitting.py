"""The schema of a place in a request without what a service refuses there, learned from one value that it takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from accord import synthesis
from accord.document import Json
from accord.findings import ABSENT
from accord.fuzzing import hints
from accord.fuzzing.hints import Shown
from accord.fuzzing.narrowing import SPOKEN, edges, far, grain, kinds_of, most_of, narrowed, sizes
from accord.strategies import merging
from accord.strategies.partitions import assembled, choice
from accord.validity import validation
from accord.validity.asserting import identity

_CLASSES: tuple[tuple[str, str], ...] = (
    ("0123456789", "[0-9]"),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "[A-Z]"),
    ("abcdefghijklmnopqrstuvwxyz", "[a-z]"),
)
_SPECIAL = r"\^$.|?*+()[]{}/"
_TURNS = (1, 3)

_OPTIONS = ("oneOf", "anyOf")

LONG = 300
"""A name of so many characters is longer than most services take."""

FEW = 4
"""So many values are tried for one that is not empty."""

TOLD = 12
"""So many values are tried of those that refusals in one place speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a request, and whether one is taken with a value there: None where that says nothing of the value.

    `told` gives the values that the last refusal speaks of.
    """

    name: str
    schema: Json
    definitions: Mapping[str, Json]
    shown: Shown
    ask: Callable[[Json], bool | None]
    told: Callable[[], Iterable[Json]] = tuple
    depth: int = 0

    def is_taken(self, value: Json) -> bool:
        """Whether `value` is not refused here."""
        return self.ask(value) is not False

    def is_valid(self, value: Json) -> bool:
        """Whether the contract allows `value` here."""
        whole = self.schema if not isinstance(self.schema, Mapping) else {**self.schema, "$defs": self.definitions}
        return validation.is_valid(whole, value)

    def below(self, name: str, schema: Json, ask: Callable[[Json], bool | None]) -> "Place":
        """A place in this one."""
        return replace(self, name=name, schema=schema, ask=ask, depth=self.depth + 1)


def candidates(place: Place) -> Iterator[Json]:
    """Values of a place, the most plausible first."""
    part, definitions = place.schema, place.definitions
    whole = {**(part if isinstance(part, Mapping) else {}), "$defs": definitions}
    levels = [value for level in choice(part, definitions).levels if (value := assembled(level)) is not ABSENT]
    plain = synthesis.plausible(whole)
    told = bool(levels) and isinstance(part, Mapping) and not {"enum", "examples", "example", "const"}.isdisjoint(part)
    first = levels[:1] if told else [*hints.likely(part, definitions, place.name, place.shown), plain]
    if isinstance(plain, int) and not isinstance(plain, bool) and not told:
        first = [*first[:-1], hints.ROUND, plain]
    yielded = set()
    for value in (*first, *sorted(levels, key=lambda value: not value)):
        if value is not ABSENT and identity(value) not in yielded and validation.is_valid(whole, value):
            yielded.add(identity(value))
            yield value


def forms(schema: Json) -> tuple[Json, ...]:
    """Texts of the formats that are often meant where the contract says nothing of any."""
    texts = (values[0] for values in hints.FORMS.values())
    if (
        not isinstance(schema, Mapping)
        or "string" not in kinds_of(schema)
        or not (SPOKEN | {"maxLength"}).isdisjoint(schema)
    ):
        return ()
    return tuple(value for value in texts if validation.is_valid(schema, value))


def fitted(place: Place, value: Json) -> Json:
    """The schema of `place` as far as its values are taken, `value` being one that is."""
    rule = hints.followed(place.schema, place.definitions)
    if place.depth < hints.DEEPEST:
        keyword = next((name for name in _OPTIONS if rule.get(name)), "")
        if keyword:
            return _of_options(place, rule, keyword, value)
        if isinstance(value, dict) and "allOf" in rule:
            whole = merging.branches(rule, place.definitions)
            rule = whole[0].keywords if len(whole) == 1 else rule
        if isinstance(value, dict) and rule.get("properties"):
            return _of_object(place, rule, value)
        if isinstance(value, list) and isinstance(rule.get("items"), Mapping):
            some = value or next(
                (item for item in islice(candidates(place), FEW) if item and place.is_taken(item)), value
            )
            if some:
                return _of_array(place, rule, some)
        if isinstance(value, dict) and isinstance(rule.get("additionalProperties"), Mapping):
            return _of_map(place, rule, value)
    return _of_one(place, value)


def _of_map(place: Place, rule: Mapping[str, Json], value: Mapping[str, Json]) -> Json:
    """As many names as are taken, each with what one of them has."""
    found = _of_one(place, value)
    others = [value, *(item for item in tuple(candidates(place))[:3] if isinstance(item, dict))]
    held = next((part for item in others for part in item.values()), ABSENT)
    if held is ABSENT or not isinstance(found, Mapping) or not {"maxProperties", "enum"}.isdisjoint({*rule, *found}):
        return found
    most = sizes(lambda count: place.is_taken({f"x{at}": held for at in range(count)}))
    found = {**found, "maxProperties": most["maxItems"]} if most else found
    name = next((key for item in others for key in item if key), "")
    if rule.get("propertyNames") or not name or place.is_taken({name[0] * LONG: held}):
        return found
    longest = most_of(len(name), LONG, lambda size: place.is_taken({name[0] * size: held}))
    return {**found, "propertyNames": {"maxLength": longest}}


def _of_options(place: Place, rule: Mapping[str, Json], keyword: str, value: Json) -> Json:
    found = []
    for option in rule[keyword]:
        inner = place.below(place.name, option, place.ask)
        whole = {**(option if isinstance(option, Mapping) else {}), "$defs": place.definitions}
        known = (value,) if validation.is_valid(whole, value) else tuple(candidates(inner))[:3]
        here = next((item for item in known if item is value or place.is_taken(item)), ABSENT)
        if here is not ABSENT:
            found.append(fitted(inner, here))
    return {**rule, keyword: found} if found else place.schema


def _of_object(place: Place, rule: Mapping[str, Json], value: Mapping[str, Json]) -> Json:
    parts: dict[str, Json] = {}
    needed = set(rule.get("required", ()))
    for name, part in rule["properties"].items():
        if part is False:
            parts[name] = part
            continue
        inner = place.below(name, part, _asking(place, value, name))
        rest = {key: item for key, item in value.items() if key != name}
        here = value.get(name, ABSENT)
        if here is ABSENT:
            here = next((item for item in tuple(candidates(inner))[:3] if inner.is_taken(item)), ABSENT)
        elif place.ask(rest) is False:
            needed.add(name)
        parts[name] = False if here is ABSENT else fitted(inner, here)
    return {**rule, "properties": parts, **({"required": sorted(needed)} if needed else {})}


def _asking(place: Place, value: Mapping[str, Json], name: str) -> Callable[[Json], bool | None]:
    return lambda item: place.ask({**value, name: item})


def _of_array(place: Place, rule: Mapping[str, Json], value: Sequence[Json]) -> Json:
    first = value[0]
    inner = place.below(place.name.removesuffix("s"), rule["items"], lambda item: place.ask([item, *value[1:]]))
    item = fitted(inner, first)

    def several(count: int) -> list[Json]:
        members = _asserted(item).get("enum", ())
        if first in members and count <= len(members):
            return list(members[:count])
        counted = [f"{first}{at}" for at in range(count)] if isinstance(first, str) else []
        if counted and validation.is_valid({"$defs": place.definitions, **_asserted(item)}, counted[0]):
            return counted
        return [first] * count

    least = {"minItems": 1} if "minItems" not in rule and not place.is_taken([]) else {}
    most = {} if "maxItems" in rule else sizes(lambda count: place.is_taken(several(count)))
    unique = "uniqueItems" not in rule and place.ask([first, first]) is False and most.get("maxItems", 2) > 1
    return {**rule, "items": item, **least, **most, **({"uniqueItems": True} if unique else {})}


def _asserted(schema: Json) -> Mapping[str, Json]:
    return schema if isinstance(schema, Mapping) else {}


def _of_one(place: Place, value: Json) -> Json:
    """What has no parts that are known."""
    schema = place.schema
    taken: list[Json] = [value]
    refused: list[Json] = []
    told: dict[Json, Json] = {}
    for other in (*candidates(place), *far(schema)):
        if identity(other) != identity(value):
            verdict = place.is_taken(other)
            (taken if verdict else refused).append(other)
            told |= {} if verdict else {identity(item): item for item in place.told()}
    known = {identity(item) for item in (*taken, *refused)}
    for other in [item for key, item in told.items() if key not in known and place.is_valid(item)][:TOLD]:
        (taken if place.is_taken(other) else refused).append(other)
    if None in refused and "null" in kinds_of(schema) and len(kinds_of(schema)) > 1:
        schema = {**schema, "type": [name for name in kinds_of(schema) if name != "null"]}
        refused = [other for other in refused if other is not None]
    for other, verdict in edges(schema, taken, refused, place.is_taken):
        (taken if verdict else refused).append(other)
    if isinstance(value, str) and any(isinstance(other, str) and other for other in refused):
        plain = "x" * len(value)
        if plain != value and "string" in kinds_of(schema) and not place.is_taken(plain):
            return {**schema, **(_form(place, value) or {"enum": taken})}
    found = narrowed(schema, taken, refused)
    if not isinstance(found, Mapping):
        return found
    return found if "enum" in found else {**found, **grain(schema, taken, place.is_taken)}


def _form(place: Place, value: str) -> Mapping[str, Json]:
    """The format or the shape of `value`, where other texts that have it are taken too."""
    for name, others in hints.FORMS.items():
        if validation.is_valid({"type": "string", "format": name}, value) and all(map(place.is_taken, others)):
            return {"format": name}
    for kept in ("", "".join(known for known, _ in _CLASSES[1:])):
        free = [char for char in value if char.isalnum() and char not in kept]
        if free and all(place.is_taken(_turned(value, turn, kept)) for turn in _TURNS):
            return {"pattern": _shape(value, kept)}
    return {}


def _turned(value: str, turn: int, kept: str) -> str:
    """A text of the same shape: each letter and digit that is not `kept` is one that follows it."""
    for known, _ in _CLASSES:
        if known not in kept:
            value = value.translate(str.maketrans(known, known[turn:] + known[:turn]))
    return value


def _shape(value: str, kept: str) -> str:
    """A pattern of texts that have a letter where `value` has one, a digit where it has one, and what else it has."""
    found: list[list[str | int]] = []
    classes = [(known, name) for known, name in _CLASSES if known not in kept]
    for char in value:
        piece = next((name for known, name in classes if char in known), f"\\{char}" if char in _SPECIAL else char)
        if found and found[-1][0] == piece:
            found[-1] = [piece, int(found[-1][1]) + 1]
        else:
            found.append([piece, 1])
    return "^" + "".join(f"{piece}{{{count}}}" if int(count) > 1 else str(piece) for piece, count in found) + "$"
