"""The schema of a place in a request without what a service refuses there, learned from one value that it takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accord import synthesis
from accord.document import Json
from accord.findings import ABSENT
from accord.fuzzing import hints
from accord.fuzzing.hints import Shown
from accord.fuzzing.narrowing import SPOKEN, edges, far, narrowed, sizes
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a request, and whether one is taken with a value there: None where that says nothing of the value."""

    name: str
    schema: Json
    definitions: Mapping[str, Json]
    shown: Shown
    ask: Callable[[Json], bool | None]
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
        or "string" not in _types(schema)
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
        if isinstance(value, dict) and rule.get("properties"):
            return _of_object(place, rule, value)
        if isinstance(value, list) and value and isinstance(rule.get("items"), Mapping):
            return _of_array(place, rule, value)
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
    return {**found, "maxProperties": most["maxItems"]} if most else found


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
    for other in (*candidates(place), *far(schema)):
        if identity(other) != identity(value):
            (taken if place.is_taken(other) else refused).append(other)
    if None in refused and "null" in _types(schema) and len(_types(schema)) > 1:
        schema = {**schema, "type": [name for name in _types(schema) if name != "null"]}
        refused = [other for other in refused if other is not None]
    for other, verdict in edges(schema, taken, refused, place.is_taken):
        (taken if verdict else refused).append(other)
    if isinstance(value, str) and any(isinstance(other, str) and other for other in refused):
        plain = "x" * len(value)
        if plain != value and "string" in _types(schema) and not place.is_taken(plain):
            return {**schema, **(_form(place, value) or {"enum": taken})}
    return narrowed(schema, taken, refused)


def _types(schema: Json) -> tuple[str, ...]:
    kind = schema.get("type", ()) if isinstance(schema, Mapping) else ()
    return (kind,) if isinstance(kind, str) else tuple(kind)


def _form(place: Place, value: str) -> Mapping[str, Json]:
    """The format or the shape of `value`, where other texts that have it are taken too."""
    for name, others in hints.FORMS.items():
        if validation.is_valid({"type": "string", "format": name}, value) and all(map(place.is_taken, others)):
            return {"format": name}
    if any(map(str.isalnum, value)) and all(place.is_taken(_turned(value, turn)) for turn in _TURNS):
        return {"pattern": _shape(value)}
    return {}


def _turned(value: str, turn: int) -> str:
    """A text of the same shape: each letter and digit is one that follows it."""
    for known, _ in _CLASSES:
        value = value.translate(str.maketrans(known, known[turn:] + known[:turn]))
    return value


def _shape(value: str) -> str:
    """A pattern of texts that have a letter where `value` has one, a digit where it has one, and what else it has."""
    found: list[list[str | int]] = []
    for char in value:
        piece = next((name for known, name in _CLASSES if char in known), f"\\{char}" if char in _SPECIAL else char)
        if found and found[-1][0] == piece:
            found[-1] = [piece, int(found[-1][1]) + 1]
        else:
            found.append([piece, 1])
    return "^" + "".join(f"{piece}{{{count}}}" if int(count) > 1 else str(piece) for piece, count in found) + "$"
