"""Schemas as the simple shapes that models are made of: classes of properties, and types between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.contract import Contract, Operation
from accord.document import Json, unescape
from accord.findings import Unchecked
from accord.schemas import kinds
from accord.schemas.joining import all_of
from accord.schemas.keywords import assertions
from accord.source import class_name, function_name, identifier, literal
from accord.strategies.merging import Branch, branches

PRELUDE = ("Flag", "Instant", "Model", "Number", "Request", "Whole")
RESERVED = frozenset(
    {*PRELUDE, "Annotated", "Any", "BaseModel", "ConfigDict", "Field", "Iterator", "Literal", "PlainSerializer", "Self"}
    | {"PlainValidator", "RootModel", "Mapping", "None", "True", "False"}
)
"""Names that models.py uses itself."""

TYPES = frozenset(
    {"bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "object", "set", "str", "tuple", "type"}
    | {"get_args", "get_origin", "property", "re", "super"}
)
"""Names of types and functions, which a property of that name would hide."""

TAKEN = frozenset(
    {"copy", "dict", "json", "schema", "validate", "construct", "parse_obj", "parse_raw", "parse_file", "from_orm"}
    | {"schema_json", "update_forward_refs", "from_json", "has", "to_json", "surprises", "fields"}
)
"""Names that a model's own methods have."""

_DEEPEST = 12
_ANY: dict[str, Json] = {}


@dataclass(slots=True, kw_only=True)
class Modelled:
    """The classes of a contract: by class name a simple schema of its properties, and the class of each definition.

    `aliases` gives the Python name of each property that needs another one; `closed` the classes of requests that
    refuse undeclared properties; `inline` says what each class without a definition was made from, and
    `open` which are being made; `shared` holds the simple schema of definitions that are no class; `types` that of
    every media type and parameter, by its `pointer`.
    """

    contract: Contract
    classes: dict[str, dict[str, Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    inline: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    shared: dict[str, dict[str, Json]] = field(default_factory=dict)
    types: dict[str, dict[str, Json]] = field(default_factory=dict)
    ledger: list[Unchecked] = field(default_factory=list)


def model(contract: Contract) -> Modelled:
    """Every object of `contract` as a class: the definitions, and those that operations write in place.

    What cannot be one is `Any`.
    """
    made = Modelled(contract=contract)
    objects = {name: branch for name in sorted(contract.definitions) if (branch := _object(contract, name)) is not None}
    for name in objects:
        made.names[name] = class_name(name, RESERVED | set(made.names.values()))
    for name, branch in objects.items():
        description = contract.definitions[name].get("description", "")
        _fill(made, made.names[name], branch.keywords, description)
    for operation in sorted(contract.operations, key=lambda item: item.name):
        _operation(made, operation)
    return made


def _operation(made: Modelled, operation: Operation) -> None:
    owner = class_name(function_name(operation.operation_id or operation.name))
    for parameter in operation.parameters:
        made.types[parameter.pointer] = simple(made, own(parameter.schema), owner=owner + class_name(parameter.name))
    for media_type in operation.body.content if operation.body else ():
        made.types[media_type.pointer] = simple(made, own(media_type.schema), owner=f"{owner}Request")
    for response in operation.responses:
        for media_type in response.content:
            place = f"{owner}Response{response.status.title()}"
            made.types[media_type.pointer] = simple(made, own(media_type.schema), owner=place)


def own(schema: Json) -> Json:
    """`schema` without the definitions it carries along."""
    return {key: value for key, value in schema.items() if key != "$defs"} if isinstance(schema, Mapping) else schema


def _object(contract: Contract, name: str) -> Branch | None:
    """The one alternative of a definition that is an object with properties; None when it is something else."""
    schema = contract.definitions[name]
    if not isinstance(schema, Mapping):
        return None
    found = branches(schema, contract.definitions)
    if len(found) != 1 or found[0].keywords.get("type", ["object"]) != ["object"]:
        return None
    return found[0] if found[0].keywords.get("properties") and "enum" not in found[0].keywords else None


def _fill(made: Modelled, name: str, keywords: Mapping[str, Json], description: Json) -> None:
    made.classes[name] = {}  # holds the place
    required = set(keywords.get("required", ()))
    properties: dict[str, Json] = {}
    for key, schema in sorted(keywords["properties"].items(), key=lambda item: (item[0] not in required, item[0])):
        if schema is False or not _is_text(key):  # what no answer can hold, or no model declare; it is kept unread
            continue
        properties[key] = simple(made, schema, owner=name + class_name(key))
        alias = _field(made, key)
        if alias != key:
            made.aliases[key] = alias
    text = description if isinstance(description, str) else ""
    shape: dict[str, Json] = {
        "type": "object",
        "properties": properties,
        "required": sorted(required & properties.keys()),
    }
    made.classes[name] = {**shape, "description": text} if text else shape


def _field(made: Modelled, key: str) -> str:
    """The Python name of the property `key`; pydantic keeps `model_` to itself, and a class may not be hidden."""
    inner = {key, key.rstrip("_")} if key.startswith("model_") else set()
    return identifier(key, TAKEN | RESERVED | TYPES | inner | set(made.names.values()))


def simple(made: Modelled, schema: Json, *, owner: str, trail: tuple[str, ...] = ()) -> dict[str, Json]:
    """`schema` in the few words that models know; `owner` names a class that has to be made on the way."""
    if not isinstance(schema, Mapping) or len(trail) > _DEEPEST:
        return _ANY
    known = _referenced(made, schema, trail)
    if known is not None:
        return known
    if isinstance(schema.get("$ref"), str):
        trail = (*trail, unescape(schema["$ref"].removeprefix("#/$defs/")))
    parts = _parts(schema)
    if parts:
        found = [simple(made, part, owner=f"{owner}Option{index}", trail=trail) for index, part in enumerate(parts)]
        return _ANY if _ANY in found else _union(found)
    alternatives = [
        option for branch in branches(schema, made.contract.definitions) for option in _options(branch.keywords)
    ]
    options: list[dict[str, Json]] = []
    objects = sum(kind == "object" for kind, _ in alternatives)
    for index, (kind, keywords) in enumerate(alternatives):
        own = owner if objects <= 1 or kind != "object" else f"{owner}Option{index}"
        option = _option(made, schema, kind, keywords, own, trail)
        if option == _ANY:
            return _ANY
        options.append(option)
    return _union(options)


def _referenced(made: Modelled, schema: Mapping[str, Json], trail: tuple[str, ...]) -> dict[str, Json] | None:
    """What a schema that merely refers stands for: a class, or a definition made once, its classes named after it."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return None
    name = unescape(reference.removeprefix("#/$defs/"))
    is_all = not schema.keys() & {"type", "properties", "allOf", "anyOf", "oneOf"}
    if name in made.names and is_all:
        return {"$ref": f"#/$defs/{made.names[name]}"}
    if name in trail:
        return _ANY
    if not is_all or name not in made.contract.definitions:
        return None
    if name not in made.shared:
        schema = own(made.contract.definitions[name])
        made.shared[name] = simple(made, schema, owner=class_name(name, RESERVED), trail=(*trail, name))
    return made.shared[name]


def _parts(schema: Mapping[str, Json]) -> list[Json]:
    """The alternatives of a schema that says nothing else, where a definition is one of them."""
    told = {key: value for key, value in assertions(schema).items() if key != "$defs"}
    if told.keys() not in ({"anyOf"}, {"oneOf"}):
        return []
    parts: list[Json] = list(*told.values())
    return parts if any(isinstance(part, Mapping) and "$ref" in part for part in parts) else []


def _union(options: list[dict[str, Json]]) -> dict[str, Json]:
    flat = [inner for option in options for inner in option.get("anyOf", [option])]
    different = [option for index, option in enumerate(flat) if option not in flat[:index]]
    if not different:
        return _ANY
    return different[0] if len(different) == 1 else {"anyOf": different}


def _options(keywords: Mapping[str, Json]) -> list[tuple[str, Mapping[str, Json]]]:
    """Each JSON type that `keywords` let through, nothing where they let through all."""
    allowed = kinds.kinds({key: value for key, value in keywords.items() if key != "properties"}, {})
    if allowed == kinds.ALL:
        return [("object", keywords)] if "properties" in keywords else [("any", keywords)]
    if "enum" in keywords and allowed <= {"string", "null"}:
        return [("enum", keywords), *([("null", keywords)] if "null" in allowed else [])]
    order = ("string", "integer", "number", "boolean", "array", "object", "null")
    return [(kind, keywords) for kind in order if kind in allowed and not (kind == "integer" and "number" in allowed)]


def _option(
    made: Modelled,
    schema: Mapping[str, Json],
    kind: str,
    keywords: Mapping[str, Json],
    owner: str,
    trail: tuple[str, ...],
) -> dict[str, Json]:
    if kind in {"integer", "number", "boolean"}:
        return {"customTypePath": "prelude." + {"integer": "Whole", "number": "Number", "boolean": "Flag"}[kind]}
    if kind == "enum":
        members = [member for member in keywords["enum"] if isinstance(member, str) and _is_text(member)]
        return {"anyOf": [{"type": "string", "enum": members}, {"type": "string"}]} if members else {"type": "string"}
    if kind == "string":
        return {"customTypePath": "prelude.Instant"} if keywords.get("format") == "date-time" else {"type": "string"}
    if kind == "null":
        return {"type": "null"}
    if kind == "array":
        parts = [*keywords.get("prefixItems", ()), keywords.get("items", True)]
        items = parts[0] if len(parts) == 1 else True
        return {"type": "array", "items": simple(made, items, owner=f"{owner}Item", trail=trail)}
    return _nested(made, schema, keywords, owner, trail) if kind == "object" else _ANY


def _is_text(member: str) -> bool:
    """Whether UTF-8 can write it; pydantic takes no half of a surrogate pair, and the module would not import."""
    return not any("\ud800" <= char <= "\udfff" for char in member)


def _nested(
    made: Modelled, schema: Mapping[str, Json], keywords: Mapping[str, Json], owner: str, trail: tuple[str, ...]
) -> dict[str, Json]:
    """An object inside another: the class of the definition it is, a class of its own, or a mapping."""
    reference = schema.get("$ref")
    known = made.names.get(unescape(reference.removeprefix("#/$defs/"))) if isinstance(reference, str) else None
    if known is not None:
        return {"$ref": f"#/$defs/{known}"}
    if any(part is not False for part in keywords.get("properties", {}).values()):
        around = next((name for name in made.open if made.inline[name] == repr(keywords)), None)
        if around is not None:
            return {"$ref": f"#/$defs/{around}"}
        name = class_name(owner, RESERVED | set(made.names.values()))
        if made.inline.setdefault(name, repr(keywords)) != repr(keywords):
            name = class_name(f"{owner} {len(made.inline)}", RESERVED | set(made.names.values()))
            made.inline[name] = repr(keywords)
        if name not in made.classes:
            made.open.append(name)
            _fill(made, name, keywords, schema.get("description", ""))
            made.open.pop()
        return {"$ref": f"#/$defs/{name}"}
    rest = all_of(*keywords.get("patternProperties", {}).values(), keywords.get("additionalProperties", True))
    inner = simple(made, rest, owner=f"{owner}Value", trail=trail) if not keywords.get("patternProperties") else _ANY
    return {"type": "object", "additionalProperties": inner or True}


def annotation(shape: Mapping[str, Any], module: str = "models.") -> str:
    """The Python type of a simple schema, its names looked up in `module`."""
    if not shape:
        return "Any"
    if "$ref" in shape:
        return module + str(shape["$ref"]).removeprefix("#/$defs/")
    if "customTypePath" in shape:
        return module + str(shape["customTypePath"]).removeprefix("prelude.")
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(annotation(option, module) for option in shape["anyOf"]))
    if "enum" in shape:
        return f"Literal[{', '.join(map(literal, shape['enum']))}]"
    inner = shape.get("items", shape.get("additionalProperties", {}))
    held = annotation(inner, module) if isinstance(inner, Mapping) else "Any"
    plain = {"string": "str", "null": "None", "array": f"list[{held}]", "object": f"dict[str, {held}]"}
    return plain.get(shape.get("type", ""), "Any")
