"""What a `not` says, said without one where that is exact: types, names, bounds, and compositions of these."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from accord.document import Json
from accord.schemas.keywords import TYPES, assertions

_MOST_KEYWORDS = 5
_SIMPLE = frozenset({"not", "type", "required", "anyOf", "allOf"})


def negated(schema: Json, *, apart: bool = False) -> Json | None:
    """A schema of exactly the values that `schema` refuses; None where no simpler one than its `not` is known.

    What takes several alternatives to say is said only where they are wanted `apart`.
    """
    if not isinstance(schema, Mapping):
        return schema is False
    told = assertions(schema)
    if not told:
        return False
    if len(told) > (_MOST_KEYWORDS if apart else 1) or not told.keys() <= (_OPPOSITES.keys() if apart else _SIMPLE):
        return None
    found = [_OPPOSITES[keyword](value) for keyword, value in told.items()]
    if any(part is None for part in found):
        return None
    return found[0] if len(found) == 1 else {"anyOf": found}


def _absent_one(names: list[str]) -> Json:
    """An object without one of `names`."""
    return {"type": "object", "anyOf": [{"properties": {name: False}} for name in names]} if names else False


def _broken_one(properties: Mapping[str, Json]) -> Json:
    """An object with one of `properties` that is not as it should be."""
    found = [
        {"type": "object", "required": [name], "properties": {name: {"not": part}}}
        for name, part in properties.items()
        if part is not True and not (isinstance(part, Mapping) and not assertions(part))
    ]
    return {"anyOf": found} if found else False


def _other_types(names: list[str]) -> Json | None:
    """The types beside `names`; None where numbers with a fraction would be all that is left of a type."""
    if "integer" in names and "number" not in names:
        return None
    left = [name for name in TYPES if name not in names and not (name == "integer" and "number" in names)]
    return {"type": left} if left else False


def _past(kind: str, keyword: str, shift: int = 0) -> Callable[[Json], Json]:
    """A value of `kind` that is past a bound, `keyword` being the bound on the other side of it."""
    return lambda bound: {"type": kind, keyword: bound + shift} if bound + shift >= 0 or not shift else False


_OPPOSITES: Mapping[str, Callable[[Json], Json | None]] = MappingProxyType(
    {
        "not": lambda value: value,
        "type": lambda value: _other_types([value] if isinstance(value, str) else value),
        "required": _absent_one,
        "properties": _broken_one,
        "anyOf": lambda value: {"allOf": [{"not": part} for part in value]},
        "allOf": lambda value: {"anyOf": [{"not": part} for part in value]},
        "minimum": _past("number", "exclusiveMaximum"),
        "maximum": _past("number", "exclusiveMinimum"),
        "exclusiveMinimum": _past("number", "maximum"),
        "exclusiveMaximum": _past("number", "minimum"),
        "minLength": _past("string", "maxLength", -1),
        "maxLength": _past("string", "minLength", 1),
        "minItems": _past("array", "maxItems", -1),
        "maxItems": _past("array", "minItems", 1),
        "minProperties": _past("object", "maxProperties", -1),
        "maxProperties": _past("object", "minProperties", 1),
    }
)
"""By keyword, what breaks it."""
