"""collect(): what the modules of a package declare, by name."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Declared(Generic[Kind]):
    """One declaration: the name users see (the file's, with hyphens), what its docstring says, and the constant."""

    name: str
    doc: str
    value: Kind


def collect(package: str, constant: str, kind: type[Kind]) -> Mapping[str, Declared[Kind]]:
    """The `constant` of every module in `package`, keyed by the module's name with hyphens, in alphabetical order.

    Raises TypeError at once when a module binds no such constant, or one of another kind: that is a bug of the module.
    """
    found: dict[str, Declared[Kind]] = {}
    path = importlib.import_module(package).__path__
    for info in sorted(pkgutil.iter_modules(path), key=lambda item: item.name):
        module = importlib.import_module(f"{package}.{info.name}")
        value = getattr(module, constant, None)
        if not isinstance(value, kind):
            raise TypeError(f"{module.__name__} declares nothing: bind `{constant} = {kind.__name__}(...)` in it.")
        name = info.name.replace("_", "-")
        found[name] = Declared(name, (module.__doc__ or "").strip(), value)
    return MappingProxyType(found)
