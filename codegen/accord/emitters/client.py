"""client.py: a typed client on requests, one method for each operation; needs nothing of accord."""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from importlib import resources

from accord import synthesis
from accord.contract import Contract, MediaType, Operation, Parameter, Response, SecurityScheme, is_json, variable
from accord.document import Json
from accord.emitters import Emitted, Emitter
from accord.findings import ABSENT
from accord.generating import calls, modelling
from accord.generating.modelling import Modelled
from accord.source import class_name, literal, prose

RUNTIME = ("placing.py", "calling.py")
LONGEST = 90


def _emit(contract: Contract, package: str) -> Emitted:
    made = modelling.model(contract)
    runtime, imports = _runtime()
    operations = sorted(contract.operations, key=lambda item: item.name)
    names = calls.methods(contract)
    errors = [text for operation in operations for text in _errors(made, operation, names[operation.name])]
    constants = [_call(made, operation, names[operation.name]) for operation in operations]
    title = prose(contract.title or package)
    head = f'"""Client of {title}: one method for each operation of its contract."""\n'
    methods = [_method(made, operation, names[operation.name]) for operation in operations]
    parts = [head, "from __future__ import annotations\n", imports, f"from {package} import models\n", runtime]
    text = "\n\n".join([*parts, *errors, *constants, _client(contract, title), *methods])
    return Emitted(text=text + "\n", count=len(operations))


def _runtime() -> tuple[str, str]:
    """The source that every client shares, and the imports it needs, sorted."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {"typing": {"Literal"}, "collections.abc": {"Mapping"}}
    bodies: list[str] = []
    for file in RUNTIME:
        text = resources.files("accord.generating").joinpath(file).read_text(encoding="utf-8")
        tree = ast.parse(text)
        for statement in tree.body[1:]:
            if isinstance(statement, ast.Import):
                plain |= {alias.name for alias in statement.names}
            elif isinstance(statement, ast.ImportFrom) and not str(statement.module).startswith("accord"):
                named.setdefault(str(statement.module), set()).update(alias.name for alias in statement.names)
        first = next(item for item in tree.body[1:] if not isinstance(item, ast.Import | ast.ImportFrom))
        lines = text.splitlines()[_start(first) - 1 :]
        bodies.append("\n".join(line.partition("  # noqa")[0] for line in lines))
    imports = [f"import {name}" for name in sorted(plain)]
    imports += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(named.items())]
    return "\n\n\n".join(bodies), "\n".join(imports) + "\n"


def _start(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


def _responses(operation: Operation) -> list[Response]:
    return sorted(operation.responses, key=lambda response: response.status)


def _content(operation: Operation) -> list[MediaType]:
    """The media types of the request body, JSON first."""
    content = operation.body.content if operation.body else ()
    return sorted(content, key=lambda item: (not is_json(item.name), item.name))


def _errors(made: Modelled, operation: Operation, name: str) -> Iterator[str]:
    for status, label, annotated, description in _failures(made, operation, name):
        said = prose(description) or "An error that the contract documents."
        number = status if status.isdigit() else "0"
        yield (
            f"class {label}(DocumentedError):\n"
            f'    """{prose(operation.name)} answered {status}: {said}"""\n\n'
            f"    status = {number}\n"
            f"    value: {annotated}\n"
        )


def _failures(made: Modelled, operation: Operation, name: str) -> Iterator[tuple[str, str, str, str]]:
    """Status, class name, type of the body and description of each documented error."""
    succeeds = any(response.status.startswith("2") for response in _responses(operation))
    for response in _responses(operation):
        status = response.status.lower().replace("x", "X")
        if status.startswith("2") or (status == "default" and not succeeds):
            continue
        known = status.isdigit() and int(status) in set(HTTPStatus)
        words = HTTPStatus(int(status)).phrase if known else f"status {status}"
        label = class_name(name) + "".join(word.title() for word in words.replace("-", " ").replace("'", "").split())
        yield status, label, _type(made, response.content), response.description


def _type(made: Modelled, content: tuple[MediaType, ...]) -> str:
    if not content:
        return "None"
    chosen = next((item for item in sorted(content, key=lambda item: item.name) if is_json(item.name)), None)
    return "bytes" if chosen is None else modelling.annotation(made.types.get(chosen.pointer, {}))


def _answers(made: Modelled, operation: Operation) -> dict[str, str]:
    return {
        response.status.lower().replace("x", "X"): _type(made, response.content) for response in _responses(operation)
    }


def _call(made: Modelled, operation: Operation, name: str) -> str:
    answers = ", ".join(f"{literal(status)}: {text}" for status, text in _answers(made, operation).items())
    errors = ", ".join(f"{literal(status)}: {label}" for status, label, *_ in _failures(made, operation, name))
    keys = tuple(tuple(scheme.name for scheme in group if _is_written(scheme)) for group in operation.security)
    return (
        f"_{name.upper()}_CALL = Call(method={literal(operation.method)}, path={literal(operation.path)}, "
        f"answers={{{answers}}}, errors={{{errors}}}, keys={literal(keys)})"
    )


def _client(contract: Contract, title: str) -> str:
    known: dict[str, SecurityScheme] = {}
    for operation in contract.operations:
        known |= {scheme.name: scheme for group in operation.security for scheme in group}
    schemes = ", ".join(f"{literal(name)}: {_key(known[name])}" for name in sorted(known) if _is_written(known[name]))
    return (
        f'class Client(BaseClient):\n    """{title}."""\n\n'
        f"    servers = {literal(contract.servers)}\n    schemes = {{{schemes}}}\n"
    )


def _is_written(scheme: SecurityScheme) -> bool:
    """Whether the scheme stands in the request; a certificate belongs to the session."""
    return scheme.type != "mutualTLS"


def _key(scheme: SecurityScheme) -> str:
    place, parameter, prefix = scheme.location, scheme.parameter, ""
    if scheme.type != "apiKey":
        place, parameter, prefix = "header", "Authorization", "Basic " if scheme.scheme == "basic" else "Bearer "
    said = {"name": scheme.name, "place": place, "parameter": parameter, "variable": variable(scheme), "prefix": prefix}
    return f"Key({', '.join(f'{key}={literal(value)}' for key, value in said.items() if value)})"


def _method(made: Modelled, operation: Operation, name: str) -> str:
    arguments = calls.arguments(operation)
    signature = [
        "self",
        *(f"{each}: {_given(made, item)}" for each, item in arguments.items() if item.location == "path"),
    ]
    content = _content(operation)
    if operation.body:
        kinds = " | ".join(dict.fromkeys(_written(made, item) for item in content)) or "Any"
        signature.append(f"body: {kinds}" + ("" if operation.body.required else " | None = None"))
    keyword = [
        f"{each}: {_given(made, item)}" + ("" if item.required else " | None = None")
        for each, item in arguments.items()
        if item.location != "path"
    ]
    if len(content) > 1:
        keyword.append(
            f"media_type: Literal[{', '.join(literal(item.name) for item in content)}] = {literal(content[0].name)}"
        )
    signature += ["*", *keyword] if keyword else []
    answers = [
        text for status, text in _answers(made, operation).items() if status not in dict(_statuses(made, operation))
    ]
    returned = " | ".join(dict.fromkeys(answers)) or "None"
    values = ", ".join(f"({_place(item)}, {each})" for each, item in arguments.items())
    written = ", body, " + ("media_type" if len(content) > 1 else literal(content[0].name)) if content else ""
    result = f"result: {returned} = self._call(_{name.upper()}_CALL, ({values}{',' if values else ''}){written})"
    head = f"    def {name}({', '.join(signature)}) -> {returned}:"
    return f"{head}\n{_documented(made, operation, name)}\n        {result}\n        return result\n"


def _statuses(made: Modelled, operation: Operation) -> Iterator[tuple[str, str]]:
    yield from ((status, label) for status, label, *_ in _failures(made, operation, "x"))


def _given(made: Modelled, parameter: Parameter) -> str:
    return modelling.annotation(made.types.get(parameter.pointer, {}))


def _written(made: Modelled, media_type: MediaType) -> str:
    if not is_json(media_type.name) and "form" not in media_type.name:
        return "bytes"
    text = modelling.annotation(made.types.get(media_type.pointer, {}))
    return f"{text} | Mapping[str, Any]" if text.startswith("models.") else text


def _place(item: Parameter) -> str:
    said = [item.name, item.location, item.style, item.explode, *([item.media_type] if item.media_type else [])]
    keys = ("name", "where", "style", "explode", "media_type")
    return f"Place({', '.join(f'{key}={literal(value)}' for key, value in zip(keys, said, strict=False))})"


def _documented(made: Modelled, operation: Operation, name: str) -> str:
    lines = [prose(operation.summary) or f"{prose(operation.name)}.", ""]
    if operation.description and operation.description != operation.summary:
        lines += [prose(operation.description), ""]
    lines += [f"`{prose(operation.name)}`", ""]
    told = {each: prose(item.description) for each, item in calls.arguments(operation).items() if item.description}
    if told:
        lines += ["Args:", *(f"    {each}: {text}" for each, text in told.items()), ""]
    raised = [
        f"    {label}: {status}, {prose(text) or 'documented'}"
        for status, label, _, text in _failures(made, operation, name)
    ]
    lines += ["Raises:", *raised, "    UnexpectedResponse: an answer that does not fit the contract", ""]
    lines += ["Example:", f"    client.{name}({_example(operation)})"]
    return "\n".join(f"        {line}".rstrip() for line in [f'"""{lines[0]}', *lines[1:], '"""'])


def _example(operation: Operation) -> str:
    parts: list[str] = []
    for each, item in calls.arguments(operation).items():
        if item.required:
            value = item.examples[0] if item.examples else synthesis.plausible(item.schema)
            shown = prose(literal(None if value is ABSENT else value))
            parts.append(shown if item.location == "path" else f"{each}={shown}")
    content = _content(operation)
    if content:
        value = synthesis.example(content[0])
        text = prose(literal(None if value is ABSENT else _short(value)))
        paths = sum(item.location == "path" for item in calls.arguments(operation).values())
        parts.insert(paths, text if len(text) <= LONGEST else "...")
    return ", ".join(parts)


def _short(value: Json) -> Json:
    """`value` with its keys in order, or where it is long with the first alone; what is made up comes last."""
    if not isinstance(value, dict):
        return value
    ordered = {key: value[key] for key in sorted(value, key=lambda key: (value[key] == "text", key))}
    return ordered if len(literal(ordered)) <= LONGEST else dict(list(ordered.items())[:1])


EMITTER = Emitter(file="client.py", version=2, emit=_emit)
