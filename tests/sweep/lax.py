"""A contract as vendors publish it: lax in everything that a strict one says."""

from typing import Any

BOUNDS = frozenset(
    {
        "additionalProperties",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "uniqueItems",
    }
)
NAMED = frozenset(
    {"properties", "schemas", "paths", "parameters", "responses", "headers", "content", "examples", "links"}
)
DATA = frozenset({"enum", "const", "default", "example", "examples"})


def lax(value: Any) -> Any:
    """`value`, an OpenAPI document, without required names, closed objects, formats, bounds, and failures."""
    if isinstance(value, list):
        return [lax(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, item in value.items():
        if key in BOUNDS or (key == "required" and isinstance(item, list)):
            continue
        if key in DATA:
            found[key] = item
        elif key == "responses" and all(str(status)[:1] in "12345d" for status in item):
            found[key] = {status: lax(told) for status, told in item.items() if str(status).startswith("2")}
        elif key in NAMED and isinstance(item, dict):
            found[key] = {name: lax(told) for name, told in item.items()}
        else:
            found[key] = lax(item)
    return found
