"""Filters: parameters that are named like a property of the items of a list, and values that mean themselves."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from accord.contract import Parameter, Schema
from accord.document import Json
from accord.findings import ABSENT
from accord.messages.encoding import to_text
from accord.schemas import shapes

_SHOWN = frozenset(
    {"version", "apiversion", "format", "lang", "language", "locale", "currency", "unit", "units", "timezone", "tz"}
    | {"fields", "view", "sort", "order"}
)
"""Names of what says how a thing is shown, not which."""

_INEXACT = re.compile(
    r"(?i)contain|partial|prefix|suffix|substring|search|insensitiv|least|most|min|max|after|before|since|until"
    r"|fuzz|like|exclud|\bnot\b|\bor\b|start|end|great|less|than|up to|sort|relevan|boost|prefer|default|from|include"
    r"|ignored|pattern|wildcard|regex|range|near"
)
_ASIDE = frozenset({"deleted", "archived", "hidden", "trashed", "expired", "disabled", "draft", "inactive"})
"""Flags of what is left out unless it is asked for: the others are then there too."""

_PLAIN = re.compile(r"(?i)(?!(?:all|any|none|null|me|self|default|undefined)$)[\w.:-]+")
"""Text that means itself, and neither everything nor nothing."""

_ID = re.compile(r"id|uuid|.*(_id|_uuid|[a-z0-9]I[dD]|[a-z0-9]U[uU][iI][dD])")
_OF_ANOTHER = re.compile(r".*[A-Za-z0-9]_?(?:Id|ID|id|Uuid|UUID|uuid)")
_SCALARS = frozenset({"string", "number", "boolean"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A parameter that wants items whose property of its name has its value: it is `certain` that no others are.

    `members` are the values that the property may have, where they are listed. `inside` is the name of the object in
    the query that the parameter is a property of, as in `filter[status]`.
    """

    parameter: Parameter
    certain: bool
    members: tuple[Json, ...] = ()
    inside: str = ""

    @property
    def name(self) -> str:
        """The property that it is about."""
        return self.parameter.name


OBJECTS = frozenset({"filter", "filters", "where"})
"""Names of an object in the query whose properties are filters."""


def wanted(asked: Filter, given: Mapping[str, Json]) -> Json:
    """The value that `given`, the values of a query by name, has for a filter; ABSENT where it has none."""
    if not asked.inside:
        return given.get(asked.name, ABSENT)
    inside = given.get(asked.inside)
    return inside.get(asked.name, ABSENT) if isinstance(inside, dict) else ABSENT


def asking(asked: Filter, value: Json) -> dict[str, Json]:
    """What a query has that wants `value` of a filter."""
    return {asked.inside: {asked.name: value}} if asked.inside else {asked.name: value}


def parts(parameter: Parameter) -> Iterator[Parameter]:
    """The properties of an object in the query that holds filters, each as a parameter."""
    if parameter.style != "deepObject" or letters(parameter.name) not in OBJECTS:
        return
    definitions = parameter.schema.get("$defs", {})
    found = shapes.branches(parameter.schema, definitions)
    for name in sorted(shapes.names(found)):
        for rule in spoken(shapes.children(found, name), definitions)[:1]:
            yield replace(parameter, name=name, style="form", schema={**rule, "$defs": definitions})


def names_another(name: str) -> bool:
    """Whether `name` tells of which thing it is the id, such as `orderId` but not `id`."""
    return _OF_ANOTHER.fullmatch(name) is not None


def letters(name: str) -> str:
    """`name` as names are compared: `page[size]`, `pageSize` and `page_size` are one."""
    return "".join(char for char in name.lower() if char.isalnum())


def spoken(rules: tuple[Json, ...], names: Mapping[str, Json]) -> tuple[Schema, ...]:
    """Every schema that speaks of what `rules` do."""
    return tuple(branch for rule in rules for branch in shapes.branches(rule, names))


def of_items(found: tuple[Schema, ...], names: Mapping[str, Json]) -> tuple[Schema, ...]:
    """Every schema that speaks of an item of the arrays that `found` speak of."""
    return spoken(shapes.items(found), names)


def filters(
    asked_for: Iterable[Parameter], items: tuple[Schema, ...], definitions: Mapping[str, Json]
) -> Iterator[Filter]:
    """Those of the parameters that are named like a property of `items`, and mean nothing but that it is equal."""
    pairs = (
        (part, whole) for item in asked_for for part, whole in ((item, ""), *((p, item.name) for p in parts(item)))
    )
    for item, inside in pairs:
        if letters(item.name) in _SHOWN or item.deprecated:
            continue
        rules = spoken(shapes.children(items, item.name), definitions)
        names = item.schema.get("$defs", {})
        asked = shapes.branches(item.schema, names)
        if shapes.types(asked) == {"array"}:
            asked = of_items(asked, names)
        told = " ".join([item.description, *(str(branch.get("description", "")) for branch in asked)])
        certain = _is_certain(item.name, asked, rules)
        if _are_alike(asked, rules) and not _INEXACT.search(told) and (certain or _is_integer(asked)):
            yield Filter(parameter=item, certain=certain, members=_members(rules), inside=inside)


def _are_alike(asked: tuple[Schema, ...], rules: tuple[Schema, ...]) -> bool:
    """Whether both are scalars of the same one type."""
    return len(shapes.types(asked)) == 1 and shapes.types(asked) == shapes.types(rules) <= _SCALARS


def _is_certain(name: str, asked: tuple[Schema, ...], rules: tuple[Schema, ...]) -> bool:
    """Whether values can only be meant as they are: members of a list, flags, ids."""
    listed = all(any("enum" in branch or "const" in branch for branch in part) for part in (asked, rules))
    flags = shapes.types(asked) == {"boolean"} and letters(name) not in _ASIDE
    return listed or flags or bool(_ID.fullmatch(name)) or "uuid" in shapes.formats(asked) & shapes.formats(rules)


def _members(rules: tuple[Schema, ...]) -> tuple[Json, ...]:
    listed = [branch.get("enum", [branch["const"]] if "const" in branch else []) for branch in rules]
    return tuple(value for part in listed for value in part)


def means_itself(asked: Filter, value: Json) -> bool:
    """Whether `value` can only ask for things that have it, not for everything, as an empty text or a zero may."""
    if isinstance(value, list):
        return bool(value) and all(means_itself(asked, part) for part in value)
    if asked.members:
        return value in asked.members
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    return isinstance(value, bool) or (isinstance(value, int) and value > 0)


def _is_integer(asked: tuple[Schema, ...]) -> bool:
    return any(branch.get("type") == "integer" for branch in asked)


_LEAST = ("min", "minimum", "gte", "atleast")
_MOST = ("max", "maximum", "lte", "atmost")


def bounds(
    asked_for: Iterable[Parameter], items: tuple[Schema, ...], definitions: Mapping[str, Json]
) -> Mapping[str, tuple[str, bool]]:
    """By parameter that bounds a number of the items, the property that is bounded, and whether from below."""
    kinds = {name: shapes.types(spoken(shapes.children(items, name), definitions)) for name in shapes.names(items)}
    own = {letters(name): name for name, found in kinds.items() if found and found <= {"integer", "number", "null"}}
    return {
        item.name: (own[left], least)
        for item in asked_for
        if item.location == "query" and own
        for words, least in ((_LEAST, True), (_MOST, False))
        for left in _without(letters(item.name), words)
        if left in own
    }


def _without(name: str, words: tuple[str, ...]) -> Iterator[str]:
    """What is left of `name` without one of the `words` at an end."""
    for word in words:
        if name.startswith(word):
            yield name.removeprefix(word)
        if name.endswith(word):
            yield name.removesuffix(word)


def is_beyond(value: Json, bound: Json, *, least: bool) -> bool:
    """Whether two numbers are there, and `value` lies beyond `bound`, which is the `least` or the most."""
    if any(isinstance(item, bool) or not isinstance(item, int | float) for item in (value, bound)):
        return False
    return bool(value < bound if least else value > bound)


def text_of(value: Json) -> str:
    """A scalar as it is compared with a parameter: whatever its letter case, and whether it is text or not."""
    return to_text(value).casefold()


def differs(wanted: Json, got: Json) -> bool:
    """Whether `got`, of an item, is none of what was `wanted`; null, and what has parts, says nothing."""
    if got is None or isinstance(got, list | dict):
        return False
    options = wanted if isinstance(wanted, list) else [wanted]
    return bool(options) and text_of(got) not in {text_of(option) for option in options}
