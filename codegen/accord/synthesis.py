"""One plausible value of a schema: the author's examples and defaults first, the plainest value elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

from accord.contract import MediaType, Schema
from accord.document import Json, unescape
from accord.findings import ABSENT
from accord.schemas import kinds
from accord.strategies import from_schema
from accord.validity import validation

_DEEPEST = 6
_MOST_SCHEMAS = 4096
_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "date-time": "2026-01-15T09:30:00Z",
        "date": "2026-01-15",
        "time": "09:30:00Z",
        "duration": "PT1M",
        "email": "someone@example.com",
        "idn-email": "someone@example.com",
        "hostname": "example.com",
        "idn-hostname": "example.com",
        "ipv4": "192.0.2.1",
        "ipv6": "2001:db8::1",
        "uri": "https://example.com/",
        "uri-reference": "/",
        "iri": "https://example.com/",
        "iri-reference": "/",
        "uuid": "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11",
        "uri-template": "/{id}",
        "json-pointer": "",
        "relative-json-pointer": "0",
        "regex": ".*",
        "byte": "",
    }
)


def example(media_type: MediaType) -> Json:
    """A conforming value of `media_type`: its own examples first; ABSENT when none can be found."""
    schema = media_type.schema
    for value in media_type.examples:
        if schema is None or validation.is_valid(schema, value):
            return value
    return {} if schema is None else plausible(schema)


_made: dict[int, tuple[Schema, Json]] = {}


def plausible(schema: Schema) -> Json:
    """A value that is valid under `schema`, every property that it speaks of present; ABSENT when none can be found.

    The value is kept by the schema's identity: never change it in place.
    """
    known = _made.get(id(schema))
    if known is None or known[0] is not schema:
        if len(_made) >= _MOST_SCHEMAS:
            _made.clear()
        known = _made[id(schema)] = (schema, _plausible(schema))
    return known[1]


def _plausible(schema: Schema) -> Json:
    definitions = schema.get("$defs", {})
    value = _value(schema, definitions, 0, ())
    if value is not ABSENT and validation.is_valid(schema, value):
        return value
    return _drawn(schema)


def _drawn(schema: Schema) -> Json:
    """The simplest value that a search finds, where composing one did not do."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import HypothesisException

    calm = settings(
        database=None,
        derandomize=True,
        deadline=None,
        max_examples=50,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    try:
        return find(from_schema(schema), lambda _value: True, settings=calm)
    except HypothesisException:
        return ABSENT


def _value(schema: Json, definitions: Mapping[str, Json], depth: int, trail: tuple[str, ...]) -> Json:
    if not isinstance(schema, Mapping):
        return None if schema else ABSENT
    own = {key: item for key, item in schema.items() if key != "$defs"}
    for value in _told(own):
        if validation.is_valid({**own, "$defs": definitions}, value):
            return value
    if isinstance(own.get("$ref"), str):
        name = unescape(own["$ref"].removeprefix("#/$defs/"))
        if trail.count(name) or depth > _DEEPEST:
            return ABSENT
        return _value(definitions[name], definitions, depth, (*trail, name))
    value = _composed(own, definitions, depth, trail)
    whole = {**own, "$defs": definitions}
    return value if value is ABSENT or validation.is_valid(whole, value) else _drawn(whole)


def _told(schema: Mapping[str, Json]) -> list[Json]:
    examples = schema.get("examples", [])
    default = [schema["default"]] if "default" in schema else []
    constant = [schema["const"]] if "const" in schema else []
    return [*examples, *default, *constant, *schema.get("enum", ())[:1]]


def _composed(schema: Mapping[str, Json], definitions: Mapping[str, Json], depth: int, trail: tuple[str, ...]) -> Json:
    for keyword in ("oneOf", "anyOf"):
        for part in schema.get(keyword, ()):
            rest = {key: item for key, item in schema.items() if key != keyword}
            value = _value({"allOf": [rest, part]} if rest else part, definitions, depth, trail)
            if value is not ABSENT and value is not None:
                return value
    if "allOf" in schema:
        parts = [_value(part, definitions, depth, trail) for part in schema["allOf"]]
        own = {key: item for key, item in schema.items() if key != "allOf"}
        parts += [_value(own, definitions, depth, trail)] if own.keys() & {"type", "properties"} else []
        return _together([part for part in parts if part is not ABSENT])
    allowed = kinds.kinds(schema, definitions)
    if allowed == kinds.ALL and "properties" not in schema:
        return {} if "required" in schema else None
    makers = {"object": _object, "array": _array}
    for kind in ("object", "array", "string", "integer", "number", "boolean", "null"):
        if kind in allowed:
            return makers[kind](schema, definitions, depth, trail) if kind in makers else _scalar(kind, schema)
    return ABSENT


def _together(values: list[Json]) -> Json:
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        return {name: item for value in objects for name, item in value.items()}
    told = [value for value in values if value is not None]
    return told[0] if told else (None if values else ABSENT)


def _object(schema: Mapping[str, Json], definitions: Mapping[str, Json], depth: int, trail: tuple[str, ...]) -> Json:
    required = schema.get("required", ())
    found = {}
    for name, part in schema.get("properties", {}).items():
        value = _value(part, definitions, depth + 1, trail)
        if value is not ABSENT:
            found[name] = value
    for name in required:
        if name not in found:
            found[name] = _value(schema.get("additionalProperties", True), definitions, depth + 1, trail)
    return ABSENT if any(found[name] is ABSENT for name in required) else found


def _array(schema: Mapping[str, Json], definitions: Mapping[str, Json], depth: int, trail: tuple[str, ...]) -> Json:
    found = [_value(part, definitions, depth + 1, trail) for part in schema.get("prefixItems", ())]
    item = _value(schema.get("items", True), definitions, depth + 1, trail)
    fewest = max(int(schema.get("minItems", 0)), 0 if item is ABSENT or "maxItems" in schema else 1)
    found += [item] * max(0, fewest - len(found))
    return ABSENT if any(value is ABSENT for value in found) else found


def _scalar(kind: str, schema: Mapping[str, Json]) -> Json:
    if kind == "null":
        return None
    if kind == "boolean":
        return True
    if kind == "string":
        text = _TEXTS.get(schema.get("format", ""), "text")
        shortest, longest = int(schema.get("minLength", 0)), int(schema.get("maxLength", len(text) + 1))
        return text.ljust(shortest, "x")[: max(shortest, longest)]
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
    step = schema.get("multipleOf", 1)
    return step if low <= step <= schema.get("maximum", step) else low
