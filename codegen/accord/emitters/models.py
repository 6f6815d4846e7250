"""models.py: pydantic models of every object the contract names, tolerant of what a service may really send."""

import ast
import re
from typing import Any

from accord.contract import Contract
from accord.emitters import Emitted, Emitter
from accord.findings import Unchecked
from accord.generating import modelling
from accord.generating.modelling import Modelled
from accord.source import prose

_PRELUDE = '''
def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("is no whole number")


def _number(value: object) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise ValueError("is no number")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("is neither true nor false")


def _instant(value: object) -> datetime | str:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("is no text")
    if not _RFC_3339.fullmatch(value):
        return value
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return value


def _instant_as_text(value: datetime | str) -> str:
    return value if isinstance(value, str) else value.isoformat().replace("+00:00", "Z")


_RFC_3339 = re.compile(
    r"\\d{4}-\\d\\d-\\d\\d[Tt](?:[01]\\d|2[0-3]):\\d\\d:\\d\\d(\\.\\d{1,6})?([Zz]|[+-]\\d\\d:\\d\\d)", re.ASCII
)

Whole = Annotated[int, PlainValidator(_whole)]
"""A JSON integer: 12 and 12.0, never true or "12"."""

Number = Annotated[int | float, PlainValidator(_number)]
"""A JSON number, whole ones kept whole."""

Flag = Annotated[bool, PlainValidator(_flag)]
"""true or false, nothing that is merely like them."""

Instant = Annotated[datetime | str, PlainValidator(_instant), PlainSerializer(_instant_as_text)]
"""An RFC 3339 date-time; kept as text where it cannot be read."""


class Model(BaseModel):
    """What was read, kept whole: undeclared properties stay, an absent property is told from null."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, protected_namespaces=())

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read a JSON object: by the names of the contract alone, whatever Python calls its properties."""
        return cls.model_validate(value, by_alias=True, by_name=False)

    def to_json(self) -> dict[str, Any]:
        """The JSON object this was read from."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def has(self, name: str) -> bool:
        """Whether the property `name`, as the contract spells it, is there; null counts as there."""
        return name in self.to_json()

    def surprises(self) -> dict[str, Any]:
        """What the contract does not foresee, by JSON Pointer.

        Undeclared properties, unknown members of enumerations, and date-times that cannot be read.
        """
        return dict(_surprises(self, ""))


class Request(Model):
    """What a client writes: undeclared properties are refused."""

    model_config = ConfigDict(extra="forbid")


def _surprises(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _surprises(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _surprises(item, f"{pointer}/{_escape(name)}")
    elif isinstance(value, Model):
        for name, item in (value.model_extra or {}).items():
            yield f"{pointer}/{_escape(name)}", item
        for field, info in type(value).model_fields.items():
            held = getattr(value, field)
            where = f"{pointer}/{_escape(info.alias or field)}"
            if isinstance(held, str) and not _foreseen(info.annotation, held, info.metadata):
                yield where, held
            else:
                yield from _surprises(held, where)


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _foreseen(annotation: Any, held: str, metadata: Any) -> bool:
    """Whether a text is a member of the enumeration, or a readable date-time, where one is promised."""
    parts = [annotation, *get_args(annotation)]
    members = [member for part in parts if get_origin(part) is Literal for member in get_args(part)]
    instant = datetime in parts or any(datetime in get_args(get_args(part)[0]) for part in parts if _is_annotated(part))
    return held in members if members else not instant


def _is_annotated(part: Any) -> bool:
    return get_origin(part) is Annotated
'''

_IMPORTS = """
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator
"""

BATCH = 150
"""How many classes datamodel-code-generator is given at a time: what it takes grows with the square."""

_CALLED = frozenset({"ConfigDict", "Field"})
_MARK = "Referred__"
"""Stands before a class that another refers to, which the generator would otherwise rename."""

_HELD = (ast.AnnAssign, ast.Assign, ast.Pass)


def _emit(contract: Contract, _package: str) -> Emitted:
    made = modelling.model(contract)
    _close(made, contract)
    body, lost = _classes(made)
    title = prose(contract.title or "the contract")
    head = f'"""Models of {title}: tolerant readers; whether an answer keeps the contract is not theirs to say."""\n'
    names = sorted([*modelling.PRELUDE, *made.classes])
    listed = f"__all__ = {names!r}\n"
    anything = "".join(f"{name} = Any  # cannot be written\n" for name in sorted(lost))
    text = f"{head}\n{_IMPORTS}\n{listed}\n{_PRELUDE}\n{anything}\n{body}"
    return Emitted(text=text, ledger=(*made.ledger, *_named(made, lost)), count=len(made.classes) - len(lost))


def _close(made: Modelled, contract: Contract) -> None:
    """Note the classes that only requests use and that refuse undeclared properties."""
    answered: set[str] = set()
    for operation in contract.operations:
        for response in operation.responses:
            for media_type in response.content:
                _reach(made, made.types.get(media_type.pointer, {}), answered)
    bodies = [operation.body for operation in contract.operations if operation.body]
    for name in {_name(media_type.schema) for body in bodies for media_type in body.content}:
        known = made.names.get(name)
        if known and known not in answered and contract.definitions[name].get("additionalProperties") is False:
            made.closed.add(known)


def _reach(made: Modelled, shape: Any, found: set[str]) -> None:
    """Add every class that a value of `shape` can hold."""
    if isinstance(shape, list):
        for item in shape:
            _reach(made, item, found)
    elif isinstance(shape, dict):
        name = shape["$ref"].removeprefix("#/$defs/") if isinstance(shape.get("$ref"), str) else ""
        if name and name not in found:
            found.add(name)
            _reach(made, made.classes.get(name, {}), found)
        _reach(made, list(shape.values()), found)


def _name(schema: Any) -> str:
    return schema["$ref"].removeprefix("#/$defs/") if schema and "$ref" in schema else ""


def _classes(made: Modelled) -> tuple[str, dict[str, str]]:
    """The source of all classes; those that datamodel-code-generator cannot write are left out, with the reason."""
    lost: dict[str, str] = {}
    texts: list[str] = []
    names = sorted(made.classes)
    waiting = [names[start : start + BATCH] for start in range(0, len(names), BATCH)][::-1]
    while waiting:
        batch = waiting.pop()
        try:
            texts.append(_written(made, batch))
        except Exception as error:  # noqa: BLE001  the generator raises whatever its parsers raise; halves are tried
            if len(batch) == 1:
                lost[batch[0]] = str(error).splitlines()[0] if str(error) else type(error).__name__
            else:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
    return "\n\n\n".join(texts), lost


def _written(made: Modelled, names: list[str]) -> str:
    from datamodel_code_generator import InputFileType, LiteralType, PythonVersion, generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter

    config = GenerateConfig(
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        disable_timestamp=True,
        custom_file_header="#",
        formatters=[Formatter.BUILTIN],
        enum_field_as_literal=LiteralType.All,
        use_standard_collections=True,
        use_union_operator=True,
        use_schema_description=True,
        skip_root_model=True,
        keep_model_order=True,
        base_class="prelude.Model",
        base_class_map=dict.fromkeys(sorted(made.closed.intersection(names)), "prelude.Request"),
        aliases=dict(sorted(made.aliases.items())),
    )
    shapes = {name: _alone(made.classes[name]) for name in names}
    result = generate({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": shapes}, config=config)
    return _trimmed(str(result), set(names))


def _trimmed(text: str, wanted: set[str]) -> str:
    """The classes alone, without imports; raises ValueError when a class is missing or holds more than properties."""
    text = re.sub(r"\n    model_config = ConfigDict\(\n        arbitrary_types_allowed=True,\n    \)", "", text)
    lines = text.splitlines()
    classes = [statement for statement in ast.parse(text).body if isinstance(statement, ast.ClassDef)]
    seen = {each.name for each in classes}
    if seen != wanted:
        raise ValueError(f"classes are missing or new: {', '.join(sorted(seen ^ wanted)[:5])}")
    for each in classes:
        _inspect(each)
    source = "\n\n\n".join("\n".join(lines[each.lineno - 1 : each.end_lineno]) for each in classes)
    source = re.sub(rf"\b{_MARK}(?=\w)", "", source)
    ast.parse(source)
    return source


def _inspect(written: ast.ClassDef) -> None:
    """Raise ValueError where a class does anything but declare properties."""
    for statement in written.body:
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_text and not isinstance(statement, _HELD):
            raise ValueError(f"{written.name} holds a {type(statement).__name__}")
    for inner in ast.walk(written):
        if isinstance(inner, ast.Call) and not (isinstance(inner.func, ast.Name) and inner.func.id in _CALLED):
            raise ValueError(f"{written.name} calls {ast.unparse(inner.func)}")


def _alone(shape: Any) -> Any:
    """`shape` with the classes it refers to as names, so that each class is written whatever becomes of the others."""
    if isinstance(shape, dict):
        if isinstance(shape.get("$ref"), str):
            return {"customTypePath": f"prelude.{_MARK}" + shape["$ref"].removeprefix("#/$defs/")}
        return {
            key: prose(value) if key == "description" and isinstance(value, str) else _alone(value)
            for key, value in shape.items()
        }
    return [_alone(item) for item in shape] if isinstance(shape, list) else shape


def _named(made: Modelled, lost: dict[str, str]) -> tuple[Unchecked, ...]:
    origins = {made.names[name]: made.contract.origins[name] for name in made.names}
    return tuple(
        Unchecked(
            what=f"model {name}",
            reason=f"cannot be written: {reason}"
            + (f" ({origins[name].uri}#{origins[name].pointer})" if name in origins else ""),
        )
        for name, reason in lost.items()
    )


EMITTER = Emitter(file="models.py", version=2, emit=_emit)
