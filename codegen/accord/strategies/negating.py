"""What a `not` says, said without one where that is exact: types, names, and compositions of these."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from accord.document import Json
from accord.keywords import TYPES, assertions


def negated(schema: Json) -> Json | None:
    """A schema of exactly the values that `schema` refuses; None where no simpler one than its `not` is known."""
    if not isinstance(schema, Mapping):
        return schema is False
    told = assertions(schema)
    if not told:
        return False
    if len(told) > 1:
        return None
    keyword, value = next(iter(told.items()))
    return _OPPOSITES[keyword](value) if keyword in _OPPOSITES else None


def _absent_one(names: list[str]) -> Json:
    """An object without one of `names`."""
    return {"type": "object", "anyOf": [{"properties": {name: False}} for name in names]} if names else False


def _other_types(names: list[str]) -> Json | None:
    """The types beside `names`; None where numbers with a fraction would be all that is left of a type."""
    if "integer" in names and "number" not in names:
        return None
    left = [name for name in TYPES if name not in names and not (name == "integer" and "number" in names)]
    return {"type": left} if left else False


_OPPOSITES: Mapping[str, Callable[[Json], Json | None]] = MappingProxyType(
    {
        "not": lambda value: value,
        "type": lambda value: _other_types([value] if isinstance(value, str) else value),
        "required": _absent_one,
        "anyOf": lambda value: {"allOf": [{"not": part} for part in value]},
        "allOf": lambda value: {"anyOf": [{"not": part} for part in value]},
    }
)
