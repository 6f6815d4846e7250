"""Which operation a method and a path belong to."""

import functools
import re
from dataclasses import dataclass
from urllib.parse import quote

from accord.contract import Contract, Operation

_PLACE = re.compile(r"\{[^{}]+\}")
_LITERAL = "/:@!$&'()*+,;=~%"
_MOST_CONTRACTS = 16

Found = tuple[tuple[Operation, dict[str, str]], ...]


def match_path(template: str, path: str) -> dict[str, str] | None:
    """The raw texts in the places of `template` when `path` fits it, by parameter name; None when it does not."""
    match = _pattern(template).fullmatch(path if path.isascii() else quote(path, safe=_LITERAL))
    if match is None:
        return None
    return dict(zip((place[1:-1] for place in _PLACE.findall(template)), match.groups(), strict=True))


@functools.lru_cache(maxsize=8192)
def _pattern(template: str) -> re.Pattern[str]:
    parts = (quote(part, safe=_LITERAL) for part in _PLACE.split(template))
    return re.compile("([^/]+)".join(map(re.escape, parts)))


@dataclass(frozen=True, slots=True)
class _Group:
    """The operations whose path templates differ in nothing but the names of their places."""

    template: str
    operations: tuple[Operation, ...]


_indexes: dict[int, tuple[Contract, dict[int, tuple[_Group, ...]]]] = {}


def _groups(contract: Contract, slashes: int) -> tuple[_Group, ...]:
    """The groups whose templates have so many slashes, the one to try first in front."""
    known = _indexes.get(id(contract))
    if known is None or known[0] is not contract:
        if len(_indexes) >= _MOST_CONTRACTS:
            _indexes.clear()
        known = _indexes[id(contract)] = (contract, _index(contract))
    return known[1].get(slashes, ())


def _index(contract: Contract) -> dict[int, tuple[_Group, ...]]:
    shapes: dict[str, list[Operation]] = {}
    for operation in contract.operations:
        shapes.setdefault(_PLACE.sub("{}", operation.path), []).append(operation)
    ordered = sorted(shapes, key=lambda shape: (shape.count("{}"), -len(shape.replace("{}", ""))))
    found: dict[int, tuple[_Group, ...]] = {}
    for shape in ordered:
        group = _Group(shapes[shape][0].path, tuple(shapes[shape]))
        found[shape.count("/")] = (*found.get(shape.count("/"), ()), group)
    return found


def operations_at(contract: Contract, path: str) -> Found:
    """The operations whose path template `path` fits best, each with the texts in its places.

    A template without parameters comes before one with them (OpenAPI 3.1 section 4.8.8), then the one with more literal
    text; templates that differ in the names of their places alone are one.
    """
    for group in _groups(contract, path.count("/")):
        if match_path(group.template, path) is not None:
            return tuple((item, match_path(item.path, path) or {}) for item in group.operations)
    return ()


def operation_for(contract: Contract, method: str, path: str) -> Operation | None:
    """The operation that `method` on `path` (without query) calls; None when there is none."""
    return next((item for item, _ in operations_at(contract, path) if item.method == method.upper()), None)
