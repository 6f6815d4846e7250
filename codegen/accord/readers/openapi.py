"""OpenAPI 3.0 and 3.1."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from accord.contract import (
    Body,
    Contract,
    Direction,
    Header,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
    SecurityScheme,
)
from accord.document import Document, Json, join, nearest
from accord.errors import AccordError, DocumentError
from accord.fetching import Library
from accord.findings import tally
from accord.readers import Reader
from accord.schemas import dialect, incoming
from accord.schemas.dialect import Lowering
from accord.schemas.incoming import METHODS, Place
from accord.schemas.navigation import Node, child, items, note, text, where

_LOCATIONS = ("path", "query", "header", "cookie")
_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_REPLACED_HEADERS = frozenset({"accept", "content-type", "authorization"})


def _recognises(document: Document) -> bool:
    return isinstance(document.data, dict) and bool({"openapi", "swagger"} & document.data.keys())


def _read(library: Library, wanted: frozenset[str] | None) -> Contract:
    document = library.root
    state = dialect.lowering(library, _version(document))
    root = Node(document, "", document.data)
    info = child(state, root, "info")
    if not info.data:
        note(state, root, "info", "is missing: title and version are not known")
    schemes = _schemes(state, root)
    operations = tuple(_operations(state, root, schemes, wanted))
    if wanted is None:
        _components(state, root)
    return Contract(
        document=document,
        title=text(info, "title"),
        version=text(info, "version"),
        servers=_servers(root),
        operations=tuple(operation for operation in operations if not operation.turned),
        called=tuple(operation for operation in operations if operation.turned),
        definitions=state.definitions,
        request_views=MappingProxyType(state.request_views),
        origins=MappingProxyType(state.origins),
        documents=MappingProxyType(library.documents),
        ledger=tally(state.ledger),
    )


def _version(document: Document) -> str:
    if "swagger" in document.data:
        problem = f"is Swagger {document.data['swagger']}, which accord does not read"
        raise DocumentError(document.uri, problem, remedy="convert it to OpenAPI 3.0 or 3.1 first")
    version = str(document.data["openapi"])
    if version.startswith(("3.0.", "3.1.")) or version in {"3.0", "3.1"}:
        return version[:3]
    remedy = "write it in OpenAPI 3.1" if version.startswith("3.") else "write `openapi: 3.1.0` or convert it"
    raise DocumentError(document.uri, f"is OpenAPI {json.dumps(version)}, which accord does not read", remedy=remedy)


def _operations(
    state: Lowering,
    root: Node,
    schemes: Mapping[str, SecurityScheme],
    wanted: frozenset[str] | None,
) -> Iterator[Operation]:
    known: set[str] = set()
    met: set[str] = set()
    paths = child(state, root, "paths")
    for path in paths.data:
        if path.startswith("x-"):
            continue
        item = child(state, paths, path)
        for method in (method for method in METHODS if method in item.data):
            node = child(state, item, method)
            names = {f"{method.upper()} {path}", path, text(node, "operationId")} - {""}
            known |= names
            if wanted is None or wanted & names:
                met |= names
                yield _operation(state, root, (path, method, item, node), schemes)
    if wanted is not None and wanted - met:
        for place in incoming.places(state, root):
            name = f"{place[1].upper()} {place[0]}"
            if name in wanted:
                met.add(name)
                yield _operation(state, root, place, schemes, turned=True)
    if wanted is not None and wanted - met:
        name = min(wanted - met)
        near = nearest(name, known)
        hint = f"did you mean `{near}`?" if near else f"it has {len(known)} others."
        raise AccordError(f"{root.document.uri}: no operation is named `{name}`; {hint}")


def _operation(
    state: Lowering, root: Node, place: Place, schemes: Mapping[str, SecurityScheme], *, turned: bool = False
) -> Operation:
    path, method, item, node = place
    sent = Direction.RESPONSE if turned else Direction.REQUEST
    tags = node.data.get("tags")
    return Operation(
        method=method.upper(),
        path=path,
        operation_id=text(node, "operationId"),
        summary=text(node, "summary") or text(item, "summary"),
        description=text(node, "description") or text(item, "description"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        deprecated=node.data.get("deprecated") is True,
        parameters=_parameters(state, item, node, sent),
        body=_body(state, node, sent),
        responses=tuple(_responses(state, node, sent.other)),
        security=_security(state, root, node, schemes),
        servers=_servers(node) or _servers(item) or _servers(root),
        extensions=MappingProxyType({key: value for key, value in node.data.items() if key.startswith("x-")}),
        pointer=where(state, node),
        turned=turned,
    )


def _parameters(state: Lowering, item: Node, node: Node, sent: Direction) -> tuple[Parameter, ...]:
    found: dict[tuple[str, str], Parameter] = {}
    for owner in (item, node):
        for entry in items(state, owner, "parameters"):
            name, location = text(entry, "name"), text(entry, "in")
            if not name or location not in _LOCATIONS:
                note(state, entry, "parameter", "has no `name` or no known `in`, and is not checked")
            elif location == "header" and name.lower() in _REPLACED_HEADERS:
                note(state, entry, "parameter", f"`{name}` is ignored by OpenAPI; the body and security say it")
            else:
                found[name, location] = _parameter(state, entry, (name, location), sent)
    return tuple(found.values())


def _parameter(state: Lowering, node: Node, key: tuple[str, str], sent: Direction) -> Parameter:
    name, location = key
    style = text(node, "style") or _STYLES[location]
    content = _content(state, node, sent)
    explode = node.data.get("explode")
    return Parameter(
        name=name,
        location=location,
        required=node.data.get("required") is True or location == "path",
        schema=(content[0].schema or {}) if content else _schema(state, node, sent) or {},
        style=style,
        explode=explode if isinstance(explode, bool) else style == "form",
        allow_reserved=node.data.get("allowReserved") is True,
        media_type=content[0].name if content else "",
        examples=_examples(state, node),
        description=text(node, "description"),
        deprecated=node.data.get("deprecated") is True,
        pointer=where(state, node),
    )


def _body(state: Lowering, node: Node, sent: Direction) -> Body | None:
    if "requestBody" not in node.data:
        return None
    body = child(state, node, "requestBody")
    content = _content(state, body, sent)
    if not content:
        note(state, body, "requestBody", "documents no media type, and is not checked")
        return None
    return Body(content=content, required=body.data.get("required") is True, pointer=where(state, body))


def _responses(state: Lowering, node: Node, sent: Direction) -> Iterator[Response]:
    responses = child(state, node, "responses")
    for status in (status for status in responses.data if not status.startswith("x-")):
        entry = child(state, responses, status)
        headers = child(state, entry, "headers")
        links = entry.data.get("links")
        yield Response(
            status=status if status == "default" else status.upper(),
            description=text(entry, "description"),
            content=_content(state, entry, sent),
            headers=tuple(
                _header(state, child(state, headers, name), name, sent)
                for name in headers.data
                if name.lower() != "content-type"
            ),
            links=MappingProxyType(links if isinstance(links, dict) else {}),
            pointer=where(state, entry),
        )


def _header(state: Lowering, node: Node, name: str, sent: Direction) -> Header:
    content = _content(state, node, sent)
    return Header(
        name=name,
        required=node.data.get("required") is True,
        schema=(content[0].schema or {}) if content else _schema(state, node, sent) or {},
        explode=node.data.get("explode") is True,
        media_type=content[0].name if content else "",
        pointer=where(state, node),
    )


def _content(state: Lowering, node: Node, direction: Direction) -> tuple[MediaType, ...]:
    content = child(state, node, "content")
    return tuple(_media_type(state, child(state, content, name), name, direction) for name in content.data)


def _media_type(state: Lowering, node: Node, name: str, direction: Direction) -> MediaType:
    encoding = node.data.get("encoding")
    return MediaType(
        name=name.strip().lower(),
        schema=_schema(state, node, direction),
        examples=_examples(state, node),
        encoding=MappingProxyType(encoding if isinstance(encoding, dict) else {}),
        pointer=where(state, node),
    )


def _examples(state: Lowering, node: Node) -> tuple[Json, ...]:
    single = (node.data["example"],) if "example" in node.data else ()
    named = child(state, node, "examples")
    several = (child(state, named, name).data for name in named.data)
    return single + tuple(entry["value"] for entry in several if "value" in entry)


def _schema(state: Lowering, node: Node, direction: Direction) -> Schema | None:
    if "schema" not in node.data:
        return None
    return dialect.lower(state, node.document, join(node.pointer, "schema"), direction)


def _components(state: Lowering, root: Node) -> None:
    schemas = child(state, child(state, root, "components"), "schemas")
    for name in schemas.data:
        dialect.define(state, schemas.document, join(schemas.pointer, name), Direction.RESPONSE)


def _schemes(state: Lowering, root: Node) -> Mapping[str, SecurityScheme]:
    schemes = child(state, child(state, root, "components"), "securitySchemes")
    found = {}
    for name in schemes.data:
        node = child(state, schemes, name)
        found[name] = SecurityScheme(
            name=name,
            type=text(node, "type"),
            location=text(node, "in"),
            parameter=text(node, "name"),
            scheme=text(node, "scheme").lower(),
            pointer=where(state, node),
        )
    return found


def _security(
    state: Lowering, root: Node, node: Node, schemes: Mapping[str, SecurityScheme]
) -> tuple[tuple[SecurityScheme, ...], ...]:
    owner = node if isinstance(node.data.get("security"), list) else root
    wanted = owner.data.get("security")
    found = []
    for entry in wanted if isinstance(wanted, list) else ():
        names = tuple(entry) if isinstance(entry, dict) else ()
        unknown = [name for name in names if name not in schemes]
        if unknown or not isinstance(entry, dict):
            reason = f"names `{unknown[0]}`, which no security scheme is" if unknown else "is no object"
            note(state, owner, "security", f"{reason}; it is not checked")
            continue
        found.append(tuple(schemes[name] for name in names))
    return tuple(found)


def _servers(node: Node) -> tuple[str, ...]:
    servers = node.data.get("servers")
    return tuple(_server(entry) for entry in servers if isinstance(entry, dict)) if isinstance(servers, list) else ()


def _server(entry: Mapping[str, Json]) -> str:
    url = str(entry.get("url", ""))
    variables = entry.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        if isinstance(variable, dict) and "default" in variable:
            url = url.replace("{" + name + "}", str(variable["default"]))
    return url


READER = Reader(recognises=_recognises, read=_read)
