"""How Python calls an operation: the name of its method, its arguments, and the body it is given."""

from collections.abc import Mapping
from types import MappingProxyType

from accord.contract import Contract, MediaType, Operation, Parameter, is_json
from accord.source import function_name, identifier

TYPES = frozenset({"Any", "Literal", "Mapping", "bool", "bytes", "dict", "float", "int", "list", "models", "str"})
"""Names of types, which a method or an argument of that name would hide."""

RESERVED = TYPES | {"self", "body", "media_type", "result"}
TAKEN = TYPES | {"close", "session", "timeout", "base_url", "last_response", "servers", "schemes"}
"""Names that a client has already."""

UNWRITTEN = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that OpenAPI 3.1 section 4.8.12.2 leaves to others."""


def methods(contract: Contract) -> Mapping[str, str]:
    """The method of each operation, by the operation's name; where two would be one, both carry method and path."""
    wanted = {item.name: function_name(item.operation_id or item.name, TAKEN) for item in contract.operations}
    often = list(wanted.values())
    return MappingProxyType(
        {
            name: method if often.count(method) == 1 else identifier(f"{method} {name}")
            for name, method in wanted.items()
        }
    )


def arguments(operation: Operation) -> Mapping[str, Parameter]:
    """The parameters by the name of the argument that takes them, those of the path first, then the required ones."""
    found: dict[str, Parameter] = {}
    for parameter in sorted(operation.parameters, key=lambda item: (item.location != "path", not item.required)):
        if parameter.location == "header" and parameter.name.lower() in UNWRITTEN:
            continue
        name = identifier(parameter.name, RESERVED)
        found[identifier(f"{parameter.name}_{parameter.location}", RESERVED) if name in found else name] = parameter
    return MappingProxyType(found)


def body(operation: Operation) -> MediaType | None:
    """The media type of the request body that values are written for: JSON before forms; None where there is none."""
    content = operation.body.content if operation.body else ()
    known = sorted((item for item in content if item.schema is not None), key=lambda item: item.name)
    return next(
        (item for item in known if is_json(item.name)), next((item for item in known if "form" in item.name), None)
    )
