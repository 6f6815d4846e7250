"""A second judge of validity, jsonschema-rs: each witness has to convince it as well as the authority.

It abstains from a schema that it cannot read, such as one with a pattern that it cannot compile; the authority alone
decides then.
"""

from collections.abc import Mapping

from accord.document import Json
from accord.proof.questions import asserted, references, spelt
from accord.schemas import formats

_FORMATS = {name: formats.TEXT[name] for name in ("byte",)}
_LIMITS = {"int32": 31, "int64": 63}


def agrees(schema: Json, value: Json, definitions: Mapping[str, Json], *, valid: bool) -> bool:
    """Whether this judge too finds `value` valid, or invalid, as `valid` says; one that abstains agrees."""
    import jsonschema_rs

    reached = _reached(schema, definitions)
    whole = {
        "allOf": [_spelt_out(asserted(schema))],
        "$defs": {name: _spelt_out(part) for name, part in reached.items()},
    }
    try:
        judge = jsonschema_rs.Draft202012Validator(whole, validate_formats=True, formats=_FORMATS)
        return judge.is_valid(value) is valid
    except (ValueError, jsonschema_rs.ValidationError):
        return True


def _reached(schema: Json, definitions: Mapping[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    stack = list(references(spelt(schema)))
    while stack:
        name = stack.pop()
        if name not in found:
            found[name] = asserted(definitions[name])
            stack.extend(references(spelt(definitions[name])))
    return found


def _spelt_out(schema: Json) -> Json:
    """`schema` with the formats of whole numbers, which this judge does not assert, as bounds."""
    if isinstance(schema, list):
        return [_spelt_out(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    limit = _LIMITS.get(schema.get("format", "")) if isinstance(schema.get("format", ""), str) else None
    bounds = {"allOf": [*schema.get("allOf", []), {"minimum": -(2**limit), "maximum": 2**limit - 1}]} if limit else {}
    kept = {**schema, **bounds}
    return {key: value if key in {"enum", "const"} else _spelt_out(value) for key, value in kept.items()}
